package io.vitrine.partition;

import io.vitrine.log.Disk;
import io.vitrine.log.LogDirectory;
import io.vitrine.log.SmallFile;
import io.vitrine.metadata.TopicPartition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
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
                .filter(directory -> isIn(directory, partition))
                .findFirst()
                .orElseGet(() -> Collections.min(
                                directories.entrySet(),
                                Comparator.comparingInt(
                                        entry -> entry.getValue().get()))
                        .getKey());
    }

    private static boolean isIn(LogDirectory directory, TopicPartition partition) {
        try {
            return directory.disk().isDirectory(directory.path().resolve(partition.toString()));
        } catch (IOException e) {
            // Whoever opens it will see.
            return false;
        }
    }

    /// Makes the directory where it does not exist, and writes the topic id where there is none yet.
    /// Nothing of it waits for the disk: what is in the directory is forced by the first flush of its log, and
    /// the name of the directory by [PartitionOpener], once for all partitions.
    ///
    /// @return where a directory of another topic was set apart to, if it had the name
    /// @throws IOException if it does not say whose it is
    static Optional<Path> claim(Disk disk, Path directory, Uuid topicId) throws IOException {
        var whole = "version: 0\ntopic_id: %s\n".formatted(topicId).getBytes(StandardCharsets.UTF_8);
        var content = read(disk, directory);
        boolean unclaimed = content.isEmpty() || isTorn(content.get(), whole);
        var apart = Optional.<Path>empty();
        if (!unclaimed && !parse(directory, content.get()).equals(topicId)) {
            var stray = aside(directory, STRAY);
            disk.rename(directory, stray);
            apart = Optional.of(stray);
        }
        if (unclaimed || apart.isPresent()) {
            disk.createDirectories(directory);
            SmallFile.write(disk, directory.resolve(FILE), ByteBuffer.wrap(whole));
        }
        return apart;
    }

    /// Does it say whose it is?
    static boolean isClaimed(Disk disk, Path directory) throws IOException {
        return disk.exists(directory.resolve(FILE));
    }

    /// Whose the directory is; empty if nobody has claimed it yet, or there is none.
    ///
    /// @throws IOException if it does not say
    static Optional<Uuid> findTopicId(Disk disk, Path directory) throws IOException {
        var content = read(disk, directory);
        return content.isEmpty() ? Optional.empty() : Optional.of(parse(directory, content.get()));
    }

    /// What the file says; empty where it says nothing.
    private static Optional<byte[]> read(Disk disk, Path directory) throws IOException {
        var file = directory.resolve(FILE);
        if (!disk.exists(file)) {
            return Optional.empty();
        }
        var content = SmallFile.read(disk, file, MAX_FILE_BYTES).array();
        return isBlank(content) ? Optional.empty() : Optional.of(content);
    }

    private static Uuid parse(Path directory, byte[] content) throws IOException {
        var file = directory.resolve(FILE);
        var found = new String(content, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith(ID_KEY))
                .map(line -> line.substring(ID_KEY.length()).strip())
                .findFirst()
                .orElseThrow(() -> new IOException("%s has no topic_id".formatted(file)));
        try {
            return Uuid.fromString(urlSafe(found));
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

    /// Is it what a full disk or a loss of power leaves of a file that was not forced: nothing, or zeros?
    private static boolean isBlank(byte[] content) {
        return isLeftOf(content, new byte[content.length]);
    }

    /// Or a part of what was written, and no more than that?
    private static boolean isTorn(byte[] content, byte[] whole) {
        return isLeftOf(content, whole) && !Arrays.equals(content, whole);
    }

    private static boolean isLeftOf(byte[] content, byte[] whole) {
        if (content.length > whole.length) {
            return false;
        }
        for (int i = 0; i < content.length; i++) {
            if (content[i] != 0 && content[i] != whole[i]) {
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
