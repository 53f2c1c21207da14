package io.vitrine.partition;

import io.vitrine.log.LogDirectory;
import io.vitrine.metadata.TopicPartition;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
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

    /// Finds the log directory that holds the partition, or says where to make it: where the fewest are.
    static LogDirectory locate(Map<LogDirectory, AtomicInteger> directories, TopicPartition partition) {
        return directories.keySet().stream()
                .filter(directory -> Files.isDirectory(directory.path().resolve(partition.toString())))
                .findFirst()
                .orElseGet(() -> Collections.min(
                                directories.entrySet(),
                                Comparator.comparingInt(
                                        entry -> entry.getValue().get()))
                        .getKey());
    }

    /// Makes the directory where it does not exist, and writes the topic id where there is none yet, else compares
    /// it. Their names become durable when the directories are forced: this one when its log is opened, which
    /// follows, the one above it by [PartitionOpener], once for all partitions.
    ///
    /// @throws IOException if the directory belongs to a topic with another id
    static void claim(Path directory, Uuid topicId) throws IOException {
        Files.createDirectories(directory);
        var file = directory.resolve(FILE);
        // An empty file is what a full disk or a power failure leaves of one that was being made.
        if (Files.notExists(file) || Files.size(file) == 0) {
            write(file, "version: 0\ntopic_id: %s\n".formatted(topicId));
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

    /// Writes the file so that it is there as a whole or not at all.
    private static void write(Path file, String content) throws IOException {
        var beside = file.resolveSibling(FILE + ".tmp");
        Files.writeString(beside, content);
        force(beside);
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void force(Path path) throws IOException {
        try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /// Kafka writes the id in URL-safe base64 without padding, other programs in standard base64 with it.
    private static String urlSafe(String id) {
        return id.replace('+', '-').replace('/', '_').replace("=", "");
    }
}
