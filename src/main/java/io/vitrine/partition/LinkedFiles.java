package io.vitrine.partition;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.regex.Pattern;

/// Gives the files of a log second names in another directory. A closed segment never changes, so its bytes need not
/// be copied; where the file system can't link, they are.
final class LinkedFiles {
    private static final Pattern OF_SEGMENT = Pattern.compile("(\\d{20})\\.(log|index|timeindex|txnindex)");
    private static final Pattern OF_PRODUCERS = Pattern.compile("(\\d{20})\\.snapshot");
    /// Small files that are replaced, never changed.
    private static final Pattern OF_LOG =
            Pattern.compile("leader-epoch-checkpoint|partition\\.metadata|damaged-ranges");

    private LinkedFiles() {}

    /// Links all that the log in `from` had before it came to `end`, at which its segment begins that is appended to.
    static void link(Path from, Path to, long end) throws IOException {
        Files.createDirectories(to);
        try (var files = Files.newDirectoryStream(from)) {
            for (var file : files) {
                var name = file.getFileName().toString();
                if (belongs(name, end)) {
                    link(file, to.resolve(name));
                }
            }
        }
        force(to);
    }

    /// Makes the names in a directory durable.
    static void force(Path directory) throws IOException {
        try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static boolean belongs(String name, long end) {
        var segment = OF_SEGMENT.matcher(name);
        if (segment.matches()) {
            return Long.parseLong(segment.group(1)) < end;
        }
        var producers = OF_PRODUCERS.matcher(name);
        return producers.matches()
                ? Long.parseLong(producers.group(1)) <= end
                : OF_LOG.matcher(name).matches();
    }

    private static void link(Path file, Path link) throws IOException {
        try {
            Files.createLink(link, file);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (UnsupportedOperationException | IOException e) {
            // Another file system, or one that has no links.
            Files.copy(file, link);
            try (var channel = FileChannel.open(link, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
        }
    }
}
