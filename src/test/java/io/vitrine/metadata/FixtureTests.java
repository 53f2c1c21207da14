package io.vitrine.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The directory that course stages prepare: a bare log that begins at offset 1, an id in padded base64.
class FixtureTests {
    /// The first batch as the course prints it, at base offset 1.
    private static final String FIRST_BATCH = "0000000000000001" + "0000004f" + "00000001" + "02" + "b069457c" + "0000"
            + "00000000" + "00000191e05af818" + "00000191e05af818" + "ffffffffffffffff" + "ffff" + "ffffffff"
            + "00000001" + "3a000000012e010c00116d657461646174612e76657273696f6e00140000";

    @TempDir
    Path logDir;

    @Test
    void theBytesOfThisTestAreThoseOfTheCourse() {
        var bytes =
                LogBytes.from(1).batch(LogBytes.feature("metadata.version", 20)).toByteArray();

        assertThat(HexFormat.of().formatHex(bytes)).isEqualTo(FIRST_BATCH);
    }

    @Test
    void readsTopicsPartitionsAndFeatures() throws Exception {
        LogBytes.fixture().writeTo(logDir);

        try (var metadata = MetadataService.open(MetadataSettings.of(1, logDir))) {
            var image = metadata.image();
            assertThat(image.clusterId()).isEqualTo(LogBytes.CLUSTER_ID);
            assertThat(image.endOffset()).isEqualTo(5);
            assertThat(image.controllerEpoch()).isEqualTo(1);
            assertThat(image.features()).containsExactly(entry("metadata.version", (short) 20));
            var expected = List.of(partition(0), partition(1));
            assertThat(image.topics()).containsExactly(new Topic("mango", LogBytes.TOPIC_ID, expected, Map.of()));
            assertThat(image.findTopic("mango")).isEqualTo(image.findTopic(LogBytes.TOPIC_ID));
            assertThat(metadata.description().findDirectoryId(logDir)).contains(LogBytes.DIRECTORY_ID);
        }
    }

    @Test
    void leavesEveryByteAsItIs() throws Exception {
        LogBytes.fixture().writeTo(logDir);
        Files.writeString(logDir.resolve(".kafka_cleanshutdown"), "{\"version\":0,\"brokerEpoch\":10}");
        var before = contents(logDir);

        try (var metadata = MetadataService.open(MetadataSettings.of(1, logDir))) {
            assertThat(metadata.placement().claimLeaderless()).isZero();
        }

        assertThat(contents(logDir)).isEqualTo(before);
    }

    @Test
    void withoutAMetadataLogThereAreNoTopicsAndNothingIsCreated() throws Exception {
        LogBytes.writeMetaProperties(logDir);
        var before = contents(logDir);

        try (var metadata = MetadataService.open(MetadataSettings.of(1, logDir))) {
            assertThat(metadata.image().topics()).isEmpty();
            assertThat(metadata.placement().claimLeaderless()).isZero();
            assertThat(metadata.segmentCount()).isZero();
            assertThat(metadata.readLog(0, 1000).isEmpty()).isTrue();
        }

        assertThat(contents(logDir)).isEqualTo(before);
    }

    @Test
    void theFirstTopicInADirectoryWithoutALogComesAfterTheFeatures() throws Exception {
        LogBytes.writeMetaProperties(logDir);

        try (var metadata = MetadataService.open(MetadataSettings.of(1, logDir))) {
            metadata.createTopic("papaya", 1, Map.of());
        }

        try (var metadata = MetadataService.open(MetadataSettings.of(1, logDir))) {
            assertThat(metadata.image().findTopic("papaya")).isPresent();
            assertThat(metadata.image().features()).containsEntry("metadata.version", (short) 33);
            assertThat(metadata.description().findDirectoryId(logDir)).contains(LogBytes.DIRECTORY_ID);
        }
    }

    @Test
    void aTopicAddedToTheFixtureFollowsItsLastBatchAndUsesTheRecordsOfItsVersion() throws Exception {
        var fixture = LogBytes.fixture();
        var log = fixture.writeTo(logDir);

        try (var metadata = MetadataService.open(MetadataSettings.of(1, logDir))) {
            metadata.createTopic("papaya", 1, Map.of());
            var added = metadata.readLog(5, 1).batches().iterator().next();
            assertThat(added.baseOffset()).isEqualTo(5);
            assertThat(added.partitionLeaderEpoch()).isEqualTo(1);
            assertThat(metadata.logEndOffset()).isEqualTo(7);
        }

        assertThat(Files.readAllBytes(log)).startsWith(fixture.toByteArray());
        try (var metadata = MetadataService.open(MetadataSettings.of(1, logDir))) {
            assertThat(metadata.image().topics()).extracting(Topic::name).containsExactly("mango", "papaya");
            assertThat(metadata.image().features()).containsEntry("metadata.version", (short) 20);
        }
    }

    private static TopicPartitionState partition(int index) {
        return new TopicPartitionState(index, 1, 0, 0, List.of(1), List.of(1), List.of(LogBytes.DIRECTORY_ID));
    }

    private static Map<String, String> contents(Path directory) throws IOException {
        var contents = new TreeMap<String, String>();
        try (var files = Files.walk(directory)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                contents.put(
                        directory.relativize(file) + " " + Files.getLastModifiedTime(file),
                        HexFormat.of().formatHex(Files.readAllBytes(file)));
            }
        }
        return contents;
    }
}
