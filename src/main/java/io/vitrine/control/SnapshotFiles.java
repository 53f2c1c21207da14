package io.vitrine.control;

import io.vitrine.log.DirectoryTree;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/// Where snapshots lie: below the directory of the metadata log, which is the one directory in a log directory that
/// Kafka does not take for a partition's and whose subdirectories it leaves alone.
/// ```
///   __cluster_metadata-0/vitrine-snapshots/
///     before-tests/          a snapshot
///       manifest             which logs, from where to where
///       contents             all topics and configs: a batch of the metadata log
///       logs/orders-0/…      closed segments, linked
///     .making-before-tests/  one that is being made, or that a crash has left
///     .restoring/            logs that are about to take their places
/// ```
record SnapshotFiles(Path directory) {
    static final String CONTENTS = "contents";

    private static final String PARENT = "__cluster_metadata-0";
    private static final String NAME = "vitrine-snapshots";
    private static final String MAKING = ".making-";
    private static final String DELETING = ".deleting-";
    private static final String RESTORING = ".restoring";
    private static final Pattern LEGAL = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}");

    /// @param logDir the first log directory, into which logs are put back
    static SnapshotFiles in(Path logDir) {
        return new SnapshotFiles(logDir.resolve(PARENT).resolve(NAME));
    }

    /// May a snapshot have this name, which becomes that of a directory?
    static boolean isLegal(String name) {
        return LEGAL.matcher(name).matches();
    }

    Path of(String name) {
        return directory.resolve(name);
    }

    Path making(String name) {
        return directory.resolve(MAKING + name);
    }

    Path deleting(String name) {
        return directory.resolve(DELETING + name);
    }

    Path restoring() {
        return directory.resolve(RESTORING);
    }

    /// The names of all snapshots, sorted.
    List<String> names() throws IOException {
        var names = new ArrayList<String>();
        if (Files.isDirectory(directory)) {
            try (var entries = Files.newDirectoryStream(directory, Files::isDirectory)) {
                entries.forEach(entry -> names.add(entry.getFileName().toString()));
            }
        }
        return names.stream().filter(SnapshotFiles::isLegal).sorted().toList();
    }

    /// Removes what was being made or deleted when the broker stopped.
    void deleteUnfinished() throws IOException {
        if (Files.isDirectory(directory)) {
            var unfinished = new ArrayList<Path>();
            try (var entries = Files.newDirectoryStream(directory, "{" + MAKING + "*," + DELETING + "*}")) {
                entries.forEach(unfinished::add);
            }
            for (var one : unfinished) {
                DirectoryTree.delete(one);
            }
        }
    }

    static void writeForced(Path file, ByteBuffer bytes) throws IOException {
        try (var channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    /// Gives a file or directory another name; after a loss of power it has one of the two.
    static void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        force(Objects.requireNonNull(to.getParent()));
    }

    static void force(Path directory) throws IOException {
        try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    static long sizeInBytes(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }
}
