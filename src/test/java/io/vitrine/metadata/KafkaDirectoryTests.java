package io.vitrine.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.record.RecordBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A directory that Apache Kafka 4.4.0 has written: formatted, started, a topic `alpha` of two partitions created
/// with `retention.ms=777000`, stopped in an orderly way.
class KafkaDirectoryTests {
    private static final Path WRITTEN_BY_KAFKA = Path.of("src/test/resources/metadata/written-by-kafka-4.4.0");
    private static final String BOOTSTRAP = "00000000000000000000-0000000000.checkpoint";

    @TempDir
    Path logDir;

    private Path log;

    @BeforeEach
    void copyTheDirectory() throws IOException {
        try (var files = Files.walk(WRITTEN_BY_KAFKA)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                var copy = logDir.resolve(WRITTEN_BY_KAFKA.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
        log = logDir.resolve("__cluster_metadata-0");
    }

    @Test
    void itsTopicsConfigsAndFeaturesAreRead() throws Exception {
        try (var metadata = open()) {
            var topic = metadata.image().findTopic("alpha").orElseThrow();
            assertThat(topic.configs()).containsExactly(Map.entry("retention.ms", "777000"));
            assertThat(topic.partitions()).hasSize(2).allSatisfy(partition -> {
                assertThat(partition.leader()).isEqualTo(TopicPartitionState.NO_LEADER);
                assertThat(partition.inSyncReplicas()).isEmpty();
            });
            assertThat(metadata.image().features())
                    .containsEntry("metadata.version", (short) 33)
                    .containsEntry("kraft.version", (short) 1);
        }
    }

    @Test
    void leaderlessPartitionsOfThisNodeAreClaimedOnce() throws Exception {
        int epochBefore;
        try (var metadata = open()) {
            epochBefore = partition(metadata).leaderEpoch();
            assertThat(metadata.placement().claimLeaderless()).isEqualTo(2);
            assertThat(metadata.placement().claimLeaderless()).isZero();
        }

        try (var metadata = open()) {
            assertThat(metadata.placement().claimLeaderless()).isZero();
            assertThat(partition(metadata).leader()).isEqualTo(1);
            assertThat(partition(metadata).inSyncReplicas()).containsExactly(1);
            assertThat(partition(metadata).leaderEpoch()).isEqualTo(epochBefore + 1);
        }
    }

    @Test
    void producerIdsGoOnWithTheEpochOfTheRegisteredBroker() throws Exception {
        try (var metadata = open()) {
            metadata.allocateProducerIds();
            var decoded = decodeAll(metadata);
            assertThat(decoded.getLast().type()).isEqualTo("ProducerIdsRecord");
            assertThat(decoded.getLast().json())
                    .isEqualTo("{\"brokerId\":1,\"brokerEpoch\":15,\"nextProducerId\":1000}");
        }
    }

    @Test
    void everyRecordCanBeShown() throws Exception {
        try (var metadata = open()) {
            assertThat(decodeAll(metadata))
                    .extracting(DecodedMetadataRecord::type)
                    .contains(
                            "LeaderChange",
                            "BeginTransactionRecord",
                            "RegisterControllerRecord",
                            "RegisterBrokerRecord",
                            "TopicRecord",
                            "PartitionChangeRecord",
                            "NoOpRecord");
        }
    }

    @Test
    void aFormattedDirectoryThatWasNeverStartedKeepsItsFeatures() throws Exception {
        Files.delete(log.resolve(LogBytes.SEGMENT));

        try (var metadata = open()) {
            assertThat(metadata.image().features())
                    .containsEntry("metadata.version", (short) 33)
                    .hasSize(7);
            assertThat(metadata.logEndOffset()).isZero();
            metadata.createTopic("beta", 1, Map.of());
            assertThat(decodeAll(metadata))
                    .extracting(DecodedMetadataRecord::type)
                    .startsWith("FeatureLevelRecord")
                    .endsWith("TopicRecord", "PartitionRecord");
        }
    }

    @Test
    void theNewestCheckpointReplacesTheRecordsBeforeItsOffset() throws Exception {
        var snapshot = LogBytes.from(0)
                .epoch(1)
                .controlBatch(3)
                .batch(LogBytes.feature("metadata.version", 20), LogBytes.topic("kept", LogBytes.TOPIC_ID))
                .batch(LogBytes.partition(LogBytes.TOPIC_ID, 0))
                .controlBatch(4);
        Files.write(log.resolve("00000000000000000010-0000000001.checkpoint"), new byte[] {1});
        Files.write(log.resolve("00000000000000000100-0000000001.checkpoint"), snapshot.toByteArray());
        Files.write(log.resolve("00000000000000000200-0000000001.checkpoint.part"), new byte[] {1});
        Files.delete(log.resolve(LogBytes.SEGMENT));

        try (var metadata = open()) {
            assertThat(metadata.image().topics()).extracting(Topic::name).containsExactly("kept");
            assertThat(metadata.logEndOffset()).isEqualTo(100);
            metadata.createTopic("after", 1, Map.of());
        }

        assertThat(log.resolve("%020d.log".formatted(100))).isNotEmptyFile();
        try (var metadata = open()) {
            assertThat(metadata.image().topics()).extracting(Topic::name).containsExactly("after", "kept");
            assertThat(metadata.logStartOffset()).isEqualTo(100);
            assertThat(metadata.logEndOffset()).isEqualTo(102);
        }
    }

    @Test
    void recordsBehindTheCheckpointAreReplayedOnTopOfIt() throws Exception {
        var segment = LogBytes.fixture();
        var snapshot = LogBytes.from(0)
                .controlBatch(3)
                .batch(LogBytes.feature("metadata.version", 20))
                .controlBatch(4);
        Files.write(log.resolve(LogBytes.SEGMENT), segment.toByteArray());
        Files.write(log.resolve("00000000000000000002-0000000001.checkpoint"), snapshot.toByteArray());

        try (var metadata = open()) {
            assertThat(metadata.image().topics()).extracting(Topic::name).containsExactly("mango");
        }
    }

    @Test
    void aCheckpointThatIsCutAnywhereIsRefused() throws Exception {
        var bytes = Files.readAllBytes(log.resolve(BOOTSTRAP));
        for (int length = 0; length < bytes.length; length++) {
            Files.write(log.resolve(BOOTSTRAP), Arrays.copyOf(bytes, length));

            assertThatThrownBy(this::open)
                    .isInstanceOf(MetadataException.class)
                    .hasMessageContaining(BOOTSTRAP + ", byte ");
        }
    }

    @Test
    void aCheckpointBeyondTheEndOfTheLogIsRefused() throws Exception {
        Files.copy(log.resolve(BOOTSTRAP), log.resolve("00000000000000000100-0000000001.checkpoint"));

        assertThatThrownBy(this::open)
                .isInstanceOf(MetadataException.class)
                .hasMessageContaining("before the checkpoint at 100");
    }

    private MetadataService open() throws IOException, MetadataException {
        return MetadataService.open(MetadataSettings.of(1, logDir));
    }

    private static TopicPartitionState partition(MetadataService metadata) {
        return metadata.image().findTopic("alpha").orElseThrow().partitions().getFirst();
    }

    private static List<DecodedMetadataRecord> decodeAll(MetadataService metadata) throws Exception {
        var decoder = new MetadataRecordDecoder();
        var decoded = new ArrayList<DecodedMetadataRecord>();
        for (var batch : batches(metadata)) {
            if (batch.attributes().isControl()) {
                decoded.add(decodeFirst(decoder, batch));
            } else {
                MetadataBatchRecords.forEach(batch, Path.of("log"), 0, (_, value, place) -> {
                    try {
                        decoded.add(decoder.decode(value));
                    } catch (IOException e) {
                        throw place.damaged(e.toString());
                    }
                });
            }
        }
        return decoded;
    }

    private static List<RecordBatch> batches(MetadataService metadata) throws IOException {
        var batches = new ArrayList<RecordBatch>();
        for (long next = 0;
                next < metadata.logEndOffset();
                next = batches.getLast().nextOffset()) {
            metadata.readLog(next, Integer.MAX_VALUE).batches().forEach(batches::add);
        }
        return batches;
    }

    // A control record is small: each length before its key and value takes one byte.
    private static DecodedMetadataRecord decodeFirst(MetadataRecordDecoder decoder, RecordBatch batch)
            throws IOException {
        var record = batch.recordBytes();
        int keyAt = 5;
        int valueAt = keyAt + 4 + 1;
        return decoder.decodeControl(record.slice(keyAt, 4), record.slice(valueAt, record.get(valueAt - 1) / 2));
    }
}
