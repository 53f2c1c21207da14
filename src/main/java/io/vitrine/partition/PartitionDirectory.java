package io.vitrine.partition;

import io.vitrine.log.LogDirectory;
import io.vitrine.metadata.TopicPartition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.common.Uuid;

/// Where a partition lies: the directory `<topic>-<partition>` in one of the log directories, and in it Kafka's
/// `partition.metadata`, which says whose it is:
/// ```
///   version: 0
///   topic_id: tD0jyLTrQHmTo3nQhP8xmw
/// ```
final class PartitionDirectory {
    private static final String FILE = "partition.metadata";
    private static final String ID_KEY = "topic_id:";

    private PartitionDirectory() {}

    /// Finds the partition's directory, or says where to make it: in the first log directory.
    static Path locate(List<LogDirectory> directories, TopicPartition partition) {
        return directories.stream()
                .map(directory -> directory.path().resolve(partition.toString()))
                .filter(Files::isDirectory)
                .findFirst()
                .orElseGet(() -> directories.getFirst().path().resolve(partition.toString()));
    }

    /// Writes the topic id where there is none yet, else compares it.
    ///
    /// @throws IOException if the directory belongs to a topic with another id
    static void claim(Path directory, Uuid topicId) throws IOException {
        Files.createDirectories(directory);
        var file = directory.resolve(FILE);
        if (Files.notExists(file)) {
            Files.writeString(file, "version: 0\ntopic_id: %s\n".formatted(topicId));
            return;
        }
        var found = Files.readAllLines(file).stream()
                .filter(line -> line.startsWith(ID_KEY))
                .map(line -> line.substring(ID_KEY.length()).strip())
                .findFirst()
                .orElseThrow(() -> new IOException("%s has no topic_id".formatted(file)));
        if (!urlSafe(found).equals(topicId.toString())) {
            throw new IOException("%s says topic id %s, the metadata log says %s".formatted(file, found, topicId));
        }
    }

    /// Kafka writes the id in URL-safe base64 without padding, other programs in standard base64 with it.
    private static String urlSafe(String id) {
        return id.replace('+', '-').replace('/', '_').replace("=", "");
    }
}
