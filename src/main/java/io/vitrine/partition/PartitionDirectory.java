package io.vitrine.partition;

import io.vitrine.log.LogDirectory;
import io.vitrine.metadata.TopicPartition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
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
    private static final int MAX_NAME_LENGTH = 255;
    private static final int MAX_FILE_BYTES = 4096;

    /// Ends the name of a directory that is about to be removed.
    static final String DELETED = "-delete";
    /// Ends the name of a directory that belongs to no topic there is.
    static final String STRAY = "-stray";
    /// Ends the name of a directory that Kafka was copying a partition into, from another log directory.
    static final String FUTURE = "-future";

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

    /// Makes the directory where it does not exist, and writes the topic id where there is none yet.
    /// Nothing of it waits for the disk: what is in the directory is forced with the first record of its log, and
    /// the name of the directory by [PartitionOpener], once for all partitions.
    ///
    /// @return where a directory of another topic was set apart to, if it had the name
    /// @throws IOException if it does not say whose it is
    static Optional<Path> claim(Path directory, Uuid topicId) throws IOException {
        var found = findTopicId(directory);
        var apart = Optional.<Path>empty();
        if (found.isPresent() && !found.get().equals(topicId)) {
            apart = Optional.of(Files.move(directory, aside(directory, STRAY), StandardCopyOption.ATOMIC_MOVE));
        }
        if (found.isEmpty() || apart.isPresent()) {
            Files.createDirectories(directory);
            write(directory.resolve(FILE), "version: 0\ntopic_id: %s\n".formatted(topicId));
        }
        return apart;
    }

    /// Does it say whose it is?
    static boolean isClaimed(Path directory) {
        return Files.exists(directory.resolve(FILE));
    }

    /// Whose the directory is; empty if nobody has claimed it yet, or there is none.
    ///
    /// @throws IOException if it does not say
    static Optional<Uuid> findTopicId(Path directory) throws IOException {
        var file = directory.resolve(FILE);
        if (Files.notExists(file) || isBlank(file)) {
            return Optional.empty();
        }
        var found = Files.readAllLines(file).stream()
                .filter(line -> line.startsWith(ID_KEY))
                .map(line -> line.substring(ID_KEY.length()).strip())
                .findFirst()
                .orElseThrow(() -> new IOException("%s has no topic_id".formatted(file)));
        try {
            return Optional.of(Uuid.fromString(urlSafe(found)));
        } catch (IllegalArgumentException e) {
            throw new IOException("%s has '%s' for a topic_id".formatted(file, found), e);
        }
    }

    // Without what an earlier renaming has added; a topic's name may have dots in it, but not behind the partition.
    private static String formerName(String name) {
        return name.endsWith(FUTURE) ? name.substring(0, name.lastIndexOf('.')) : name;
    }

    /// A name beside `directory` that says what has become of it, as Kafka gives them: `orders-0` becomes
    /// `orders-0.2f1c6a9e8d7b4c35a1f0e9d8c7b6a594-delete`. The topic's name is cut where it would be too long.
    ///
    /// @param suffix [#DELETED] or [#STRAY]
    static Path aside(Path directory, String suffix) {
        var name = formerName(directory.getFileName().toString());
        int dash = name.lastIndexOf('-');
        var rest = name.substring(dash) + "." + UUID.randomUUID().toString().replace("-", "") + suffix;
        int room = MAX_NAME_LENGTH - rest.length();
        return directory.resolveSibling(name.substring(0, Math.min(dash, room)) + rest);
    }

    /// Writes the file so that whoever opens it finds it whole.
    private static void write(Path file, String content) throws IOException {
        var beside = file.resolveSibling(FILE + ".tmp");
        Files.writeString(beside, content);
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /// Is it what a full disk or a loss of power leaves of a file that was not forced: nothing, or zeros?
    private static boolean isBlank(Path file) throws IOException {
        if (Files.size(file) > MAX_FILE_BYTES) {
            return false;
        }
        for (byte each : Files.readAllBytes(file)) {
            if (each != 0) {
                return false;
            }
        }
        return true;
    }

    /// Kafka writes the id in URL-safe base64 without padding, other programs in standard base64 with it.
    private static String urlSafe(String id) {
        return id.replace('+', '-').replace('/', '_').replace("=", "");
    }
}
