package io.vitrine.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.DirectoryId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogDirectoriesTests {
    @TempDir
    Path root;

    private Path logDir;

    @BeforeEach
    void nameADirectoryThatIsNotThereYet() {
        logDir = root.resolve("data");
    }

    @Test
    void aNewDirectoryIsFormattedAsKafkaWouldDoIt() throws Exception {
        String clusterId;
        try (var metadata = MetadataService.open(MetadataSettings.of(7, logDir))) {
            clusterId = metadata.image().clusterId();
            assertThat(metadata.image().features())
                    .containsOnlyKeys(
                            "metadata.version",
                            "eligible.leader.replicas.version",
                            "group.version",
                            "kraft.version",
                            "share.version",
                            "streams.version",
                            "transaction.version")
                    .containsEntry("metadata.version", (short) 33)
                    .containsEntry("transaction.version", (short) 2);
        }

        var lines = Files.readAllLines(logDir.resolve("meta.properties"));
        assertThat(lines.get(1)).matches("#\\w{3} \\w{3} \\d\\d \\d\\d:\\d\\d:\\d\\d UTC \\d{4}");
        assertThat(lines).contains("cluster.id=" + clusterId, "node.id=7", "version=1");
        assertThat(lines.get(3)).matches("directory.id=[A-Za-z0-9_-]{22}");
        var log = logDir.resolve("__cluster_metadata-0");
        assertThat(log.resolve("00000000000000000000.log")).isNotEmptyFile();
        assertThat(log.resolve("00000000000000000000-0000000000.checkpoint")).isNotEmptyFile();
        assertThat(log.resolve("partition.metadata")).hasContent("version: 0\ntopic_id: AAAAAAAAAAAAAAAAAAAAAQ");
        try (var again = MetadataService.open(MetadataSettings.of(7, logDir))) {
            assertThat(again.image().clusterId()).isEqualTo(clusterId);
            assertThat(again.image().features()).hasSize(7);
        }
    }

    @Test
    void aCrashRightAfterMetaPropertiesIsMendedByTheFirstWrite() throws Exception {
        MetadataService.open(MetadataSettings.of(1, logDir)).close();
        var log = logDir.resolve("__cluster_metadata-0/00000000000000000000.log");
        Files.write(log, new byte[0]);

        try (var metadata = MetadataService.open(MetadataSettings.of(1, logDir))) {
            metadata.createTopic("orders", 1, Map.of());
            var first = metadata.readLog(0, 1).batches().iterator().next();
            assertThat(first.recordCount())
                    .as("features and the setting that goes with them")
                    .isEqualTo(7);
        }
    }

    @Test
    void aDirectoryThatBelongsToAnotherNodeIsRefused() throws Exception {
        LogBytes.writeMetaProperties(logDir);

        assertThatThrownBy(() -> MetadataService.open(MetadataSettings.of(2, logDir)))
                .isInstanceOf(MetadataException.class)
                .hasMessage(logDir.resolve("meta.properties") + ": the directory belongs to node 1, this is node 2");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            version=0                                                    | version 0 is not supported
            version=2                                                    | version 2 is not supported
            cluster.id=x                                                 | 'version' is missing
            version=1;node.id=1                                          | 'cluster.id' is missing
            version=1;cluster.id=x                                       | 'node.id' is missing
            version=1;cluster.id=x;node.id=one                           | node.id 'one' is not a number
            version=1;cluster.id=x;node.id=1;directory.id=short          | is not a base64 UUID
            version=1;cluster.id=x;node.id=1;directory.id=AAAAAAAAAAAAAAAAAAAAAA | is reserved
            version=\\u00zz                                              | not a properties file
            """)
    void anUnusableMetaPropertiesIsRefusedByName(String content, String reason) throws Exception {
        Files.createDirectories(logDir);
        Files.writeString(logDir.resolve("meta.properties"), content.replace(";", "\n"));

        assertThatThrownBy(() -> MetadataService.open(MetadataSettings.of(1, logDir)))
                .isInstanceOf(MetadataException.class)
                .hasMessageStartingWith(logDir.resolve("meta.properties").toString())
                .hasMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource({
        "EAAAAAAAQACAAAAAAAAAAQ==,EAAAAAAAQACAAAAAAAAAAQ",
        "EAAAAAAAQACAAAAAAAAAAQ,EAAAAAAAQACAAAAAAAAAAQ",
        "+/AAAAAAQACAAAAAAAAAAQ==,-_AAAAAAQACAAAAAAAAAAQ",
        "-_AAAAAAQACAAAAAAAAAAQ,-_AAAAAAQACAAAAAAAAAAQ"
    })
    void directoryIdsMayBeInEitherAlphabet(String written, String read) throws Exception {
        Files.createDirectories(logDir);
        Files.writeString(
                logDir.resolve("meta.properties"),
                "version=1\nnode.id=1\ncluster.id=x\ndirectory.id=%s\n".formatted(written));

        try (var metadata = MetadataService.open(MetadataSettings.of(1, logDir))) {
            assertThat(metadata.description().findDirectoryId(logDir).orElseThrow())
                    .hasToString(read);
        }
    }

    @Test
    void aDirectoryWithoutAnIdIsGivenOneAndKeepsTheRest() throws Exception {
        Files.createDirectories(logDir);
        Files.writeString(logDir.resolve("meta.properties"), "version=1\nnode.id=1\ncluster.id=old\n");

        MetadataService.open(MetadataSettings.of(1, logDir)).close();

        var properties = MetaProperties.read(logDir.resolve("meta.properties"));
        assertThat(properties.clusterId()).isEqualTo("old");
        assertThat(properties.directoryId()).isNotNull();
        assertThat(logDir.resolve("__cluster_metadata-0")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"__cluster_metadata-0", "orders-0", "orders-12.0123abc-delete"})
    void aUsedDirectoryWithoutMetaPropertiesIsNotTakenForNew(String used) throws Exception {
        Files.createDirectories(logDir.resolve(used));

        assertThatThrownBy(() -> MetadataService.open(MetadataSettings.of(1, logDir)))
                .isInstanceOf(MetadataException.class)
                .hasMessageContaining("meta.properties: missing, although the directory already holds " + used);
        assertThat(logDir.resolve("meta.properties")).doesNotExist();
    }

    @Test
    void foreignFilesDoNotMakeADirectoryUsed() throws Exception {
        Files.createDirectories(logDir.resolve("lost+found"));
        Files.writeString(logDir.resolve(".lock"), "");

        try (var metadata = MetadataService.open(MetadataSettings.of(1, logDir))) {
            assertThat(metadata.image().topics()).isEmpty();
        }
    }

    @Test
    void directoriesOfTwoClustersDoNotMix() throws Exception {
        var other = root.resolve("other");
        LogBytes.writeMetaProperties(logDir);
        Files.createDirectories(other);
        Files.writeString(other.resolve("meta.properties"), "version=1\nnode.id=1\ncluster.id=theirs\n");

        assertThatThrownBy(() -> MetadataService.open(new MetadataSettings(1, List.of(logDir, other), logDir)))
                .isInstanceOf(MetadataException.class)
                .hasMessageContaining(other.resolve("meta.properties") + ": cluster.id is theirs, but "
                        + LogBytes.CLUSTER_ID + " in another log directory");
    }

    @Test
    void theSameDirectoryIdTwiceIsRefused() throws Exception {
        var copy = root.resolve("copy");
        LogBytes.writeMetaProperties(logDir);
        LogBytes.writeMetaProperties(copy);

        assertThatThrownBy(() -> MetadataService.open(new MetadataSettings(1, List.of(logDir, copy), logDir)))
                .isInstanceOf(MetadataException.class)
                .hasMessageContaining("is also that of " + logDir);
    }

    @Test
    void aSecondDirectoryJoinsTheClusterAndLeavesThePlacementOpen() throws Exception {
        var added = root.resolve("added");
        LogBytes.fixture().writeTo(logDir);

        try (var metadata = MetadataService.open(new MetadataSettings(1, List.of(logDir, added), logDir))) {
            metadata.createTopic("papaya", 1, Map.of());
            assertThat(metadata.image()
                            .findTopic("papaya")
                            .orElseThrow()
                            .partitions()
                            .getFirst()
                            .directories())
                    .containsExactly(DirectoryId.UNASSIGNED);
        }

        assertThat(MetaProperties.read(added.resolve("meta.properties")).clusterId())
                .isEqualTo(LogBytes.CLUSTER_ID);
    }

    @Test
    void aMetadataDirectoryThatLostItsFilesIsNotFormattedBesideOthers() throws Exception {
        LogBytes.writeMetaProperties(logDir);
        var lost = root.resolve("lost");

        assertThatThrownBy(() -> MetadataService.open(new MetadataSettings(1, List.of(logDir), lost)))
                .isInstanceOf(MetadataException.class)
                .hasMessageContaining("this is the metadata log directory");
        assertThat(lost).doesNotExist();
    }
}
