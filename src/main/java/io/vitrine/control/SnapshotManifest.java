package io.vitrine.control;

import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.LogCopy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What a directory of copies of logs holds: a text file beside them.
/// ```
///   version 1
///   created 1796060400000          milliseconds
///   offset 4711                    in the metadata log, see who writes it
///   log orders-0 12 4500           log start, end
///   end 1                          so many logs
/// ```
///
/// @param offset of a snapshot the end of the metadata log; of staged logs where the change that opens them is
record SnapshotManifest(long createdMs, long offset, List<LogCopy> logs) {
    static final String FILE = "manifest";
    static final String LOGS = "logs";

    SnapshotManifest {
        logs = List.copyOf(logs);
    }

    /// Writes it into `directory`; it is on disk as a whole when this returns, or not there.
    void write(Path directory) throws IOException {
        var text = new StringBuilder("version 1\ncreated %d\noffset %d\n".formatted(createdMs, offset));
        logs.forEach(log -> text.append("log %s %d %d\n".formatted(log.partition(), log.logStart(), log.end())));
        text.append("end %d\n".formatted(logs.size()));
        var beside = directory.resolve(FILE + ".tmp");
        SnapshotFiles.writeForced(beside, ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8)));
        SnapshotFiles.rename(beside, directory.resolve(FILE));
    }

    /// @throws IOException if there is none, or it is damaged
    static SnapshotManifest read(Path directory) throws IOException {
        var file = directory.resolve(FILE);
        var lines = Files.readAllLines(file);
        try {
            if (lines.size() < 4 || !lines.getFirst().equals("version 1")) {
                throw new IOException("%s is no manifest of a version that is known here".formatted(file));
            }
            var logs = new ArrayList<LogCopy>();
            for (var line : lines.subList(3, lines.size() - 1)) {
                logs.add(log(line.split(" "), directory));
            }
            if (field(lines.getLast(), "end") != logs.size()) {
                throw new IOException("%s is not whole".formatted(file));
            }
            return new SnapshotManifest(field(lines.get(1), "created"), field(lines.get(2), "offset"), logs);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new IOException("%s is damaged: %s".formatted(file, e.getMessage()), e);
        }
    }

    private static LogCopy log(String[] words, Path directory) {
        int dash = words[1].lastIndexOf('-');
        var partition = new TopicPartition(words[1].substring(0, dash), Integer.parseInt(words[1].substring(dash + 1)));
        return new LogCopy(
                partition,
                directory.resolve(LOGS).resolve(partition.toString()),
                Long.parseLong(words[2]),
                Long.parseLong(words[3]));
    }

    private static long field(String line, String name) {
        if (!line.startsWith(name + " ")) {
            throw new IllegalArgumentException("'%s' is expected to begin with %s".formatted(line, name));
        }
        return Long.parseLong(line.substring(name.length() + 1));
    }
}
