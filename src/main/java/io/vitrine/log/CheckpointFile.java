package io.vitrine.log;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// An offset for each partition of a log directory: Apache Kafka's `recovery-point-offset-checkpoint`,
/// `log-start-offset-checkpoint`, `replication-offset-checkpoint` and `cleaner-offset-checkpoint`, a [CheckpointText]
/// with a line `<topic> <partition> <offset>` for each. Partitions go by the names of their directories,
/// `<topic>-<partition>`. The owner serialises calls.
public final class CheckpointFile {
    private static final int MAX_BYTES = 256 * 1024 * 1024;
    private static final Pattern LINE = Pattern.compile("([a-zA-Z0-9._-]{1,249})\\s+(\\d{1,10})\\s+(\\d{1,19})");
    private static final Pattern DIRECTORY = Pattern.compile("([a-zA-Z0-9._-]{1,249})-(\\d{1,10})");

    private final Disk disk;
    private final Path file;

    public CheckpointFile(Disk disk, Path file) {
        this.disk = disk;
        this.file = file;
    }

    /// The offsets by the names of the partitions' directories; none if there is no file.
    ///
    /// @throws IOException if the file is damaged; it names file, line and what was expected
    public Map<String, Long> read() throws IOException {
        if (!disk.exists(file)) {
            return Map.of();
        }
        var text = StandardCharsets.UTF_8
                .decode(SmallFile.read(disk, file, MAX_BYTES))
                .toString();
        var offsets = new HashMap<String, Long>();
        int line = CheckpointText.FIRST_ENTRY_LINE;
        for (var entry : CheckpointText.decode(text, file.toString())) {
            put(entry, line, offsets);
            line++;
        }
        return offsets;
    }

    /// Replaces the file, in one step and so that a loss of power does not undo it.
    public void write(Map<String, Long> offsets) throws IOException {
        var lines = new ArrayList<String>(offsets.size());
        for (var entry : new TreeMap<>(offsets).entrySet()) {
            lines.add(toLine(entry.getKey(), entry.getValue()));
        }
        SmallFile.replace(disk, file, StandardCharsets.UTF_8.encode(CheckpointText.encode(lines)));
    }

    private void put(String entry, int line, Map<String, Long> offsets) throws IOException {
        var matcher = LINE.matcher(entry);
        if (matcher.matches()) {
            try {
                var directory = matcher.group(1) + "-" + Integer.parseInt(matcher.group(2));
                if (offsets.put(directory, Long.parseLong(matcher.group(3))) == null) {
                    return;
                }
            } catch (NumberFormatException _) {
                // A number too great for its type is damage like any other.
            }
        }
        throw CheckpointText.damage(file.toString(), line, "a topic, a partition and an offset, once", entry);
    }

    private static String toLine(String directory, long offset) {
        var matcher = DIRECTORY.matcher(directory);
        if (!matcher.matches() || offset < 0) {
            throw new IllegalArgumentException("directory %s, offset %d".formatted(directory, offset));
        }
        return String.join(" ", List.of(matcher.group(1), matcher.group(2), Long.toString(offset)));
    }
}
