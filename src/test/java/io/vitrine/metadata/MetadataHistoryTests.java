package io.vitrine.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.metadata.MetadataChange.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.metadata.ConfigRecord;
import org.apache.kafka.common.metadata.RemoveTopicRecord;
import org.apache.kafka.common.metadata.UserScramCredentialRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetadataHistoryTests {
    @TempDir
    Path logDir;

    @Test
    void theImageAtEachOffsetIsWhatTheBrokerHadThen() throws Exception {
        try (var metadata = open(-1)) {
            for (int i = 0; i < 6; i++) {
                metadata.createTopic("topic-" + i, 2, Map.of("retention.ms", "100" + i));
                if (i % 2 == 1) {
                    metadata.upkeep().writeCheckpoint();
                }
                long offset = metadata.logEndOffset();
                var now = metadata.image();

                var past = metadata.history().at(offset).orElseThrow();

                assertThat(past.cluster().topics()).containsExactlyElementsOf(now.topics());
                assertThat(past.cluster().features()).isEqualTo(now.features());
                assertThat(past.appliedOffset()).isEqualTo(offset);
            }
            long first = metadata.history().firstOffset();
            for (long offset = first; offset <= metadata.logEndOffset(); offset++) {
                var past = metadata.history().at(offset).orElseThrow();
                assertThat(past.appliedOffset()).isLessThanOrEqualTo(offset);
                assertThat(past.cluster().topics())
                        .as("offset %d", offset)
                        .allSatisfy(topic -> assertThat(topic.partitions()).hasSize(2));
            }
        }
    }

    @Test
    void whatIsBeforeTheOldestCheckpointCanNotBeTold() throws Exception {
        try (var metadata = open(0)) {
            metadata.createTopic("first", 1, Map.of());
            metadata.upkeep().writeCheckpoint();
            metadata.createTopic("second", 1, Map.of());
            long kept = metadata.upkeep().writeCheckpoint().orElseThrow().endOffset();
            metadata.createTopic("third", 1, Map.of());
            metadata.upkeep().runOnce();

            assertThat(metadata.history().firstOffset()).isEqualTo(kept);
            assertThat(metadata.history().at(kept - 1)).isEmpty();
            assertThat(metadata.history().at(metadata.logEndOffset() + 1)).isEmpty();
            assertThat(metadata.history().at(kept).orElseThrow().cluster().topics())
                    .extracting(Topic::name)
                    .containsExactly("first", "second");
        }
    }

    @Test
    void theDifferenceNamesWhatCameWentAndChanged() throws Exception {
        var log = LogBytes.fixture();
        log.batch(
                LogBytes.record(config(ConfigTarget.TOPIC, "mango", "retention.ms", "1"), 0),
                LogBytes.record(config(ConfigTarget.BROKER, "", "log.retention.ms", "2"), 0),
                LogBytes.feature("metadata.version", 21));
        log.batch(LogBytes.record(new RemoveTopicRecord().setTopicId(LogBytes.TOPIC_ID), 0));
        log.writeTo(logDir);

        try (var metadata = open(-1)) {
            var before = metadata.history().at(5).orElseThrow();
            var changed = metadata.history().at(8).orElseThrow();
            var after = metadata.history().at(9).orElseThrow();

            assertThat(MetadataDiff.between(before, changed))
                    .containsExactly(
                            new MetadataChange(Kind.CONFIG, "TOPIC mango", "retention.ms", null, "1"),
                            new MetadataChange(Kind.CONFIG, "BROKER ", "log.retention.ms", null, "2"),
                            new MetadataChange(Kind.FEATURE, "", "metadata.version", (short) 20, (short) 21));
            assertThat(MetadataDiff.between(changed, after)).singleElement().satisfies(change -> {
                assertThat(change.kind()).isEqualTo(Kind.TOPIC);
                assertThat(change.subject()).isEqualTo("mango");
                assertThat(change.after()).isNull();
            });
            assertThat(MetadataDiff.between(after, after)).isEmpty();
        }
    }

    @Test
    void nobodyCanLogInWithWhatIsShown() throws Exception {
        var secret = new UserScramCredentialRecord()
                .setName("alice")
                .setMechanism((byte) 1)
                .setSalt(new byte[] {1})
                .setStoredKey(new byte[] {2})
                .setServerKey(new byte[] {3})
                .setIterations(4096);
        LogBytes.fixture()
                .batch(
                        LogBytes.record(secret, 0),
                        LogBytes.record(
                                config(ConfigTarget.BROKER, "1", "listener.name.x.ssl.keystore.password", "pw"), 0))
                .writeTo(logDir);

        try (var metadata = open(-1)) {
            var past = metadata.history().at(metadata.logEndOffset()).orElseThrow();

            assertThat(past.configs())
                    .containsEntry("BROKER 1", Map.of("listener.name.x.ssl.keystore.password", "(hidden)"));
            assertThat(past.totals().scramUsers()).isEqualTo(1);
        }
    }

    private enum ConfigTarget {
        TOPIC(2),
        BROKER(4);

        private final byte type;

        ConfigTarget(int type) {
            this.type = (byte) type;
        }
    }

    private static ConfigRecord config(ConfigTarget target, String resource, String name, String value) {
        return new ConfigRecord()
                .setResourceType(target.type)
                .setResourceName(resource)
                .setName(name)
                .setValue(value);
    }

    private MetadataService open(long retentionBytes) throws IOException, MetadataException {
        var log = new MetadataLogSettings(Long.MAX_VALUE, 0, Long.MAX_VALUE, Long.MAX_VALUE, retentionBytes, -1);
        return MetadataService.open(new MetadataSettings(1, List.of(logDir), logDir, log));
    }
}
