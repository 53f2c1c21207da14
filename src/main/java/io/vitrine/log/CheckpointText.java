package io.vitrine.log;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The form that all of Apache Kafka's checkpoint files have, one number or entry a line, each line ended:
/// ```
///   0         version
///   2         how many entries follow
///   entry
///   entry
/// ```
/// A file without a byte has no entries: Kafka makes it so before it has something to write.
final class CheckpointText {
    /// Number of the first line with an entry.
    static final int FIRST_ENTRY_LINE = 3;

    private static final String VERSION = "0";

    private CheckpointText() {}

    static String encode(List<String> entries) {
        return Stream.concat(Stream.of(VERSION, Integer.toString(entries.size())), entries.stream())
                .map(line -> line + "\n")
                .collect(Collectors.joining());
    }

    /// The lines with entries.
    ///
    /// @param file its name, for the error
    /// @throws IOException if the text is damaged; it names file, line and what was expected
    static List<String> decode(String text, String file) throws IOException {
        if (text.isEmpty()) {
            return List.of();
        }
        var lines = text.lines().toList();
        if (!lines.getFirst().equals(VERSION)) {
            throw damage(file, 1, "version " + VERSION, lines.getFirst());
        }
        if (!text.endsWith("\n")) {
            throw damage(file, lines.size(), "an end of the line", lines.getLast());
        }
        var entries = lines.subList(Math.min(lines.size(), FIRST_ENTRY_LINE - 1), lines.size());
        var count = lines.size() < 2 ? "nothing" : lines.get(1);
        if (!count.equals(Integer.toString(entries.size()))) {
            throw damage(file, 2, "%d, the number of entries that follow".formatted(entries.size()), count);
        }
        return entries;
    }

    static IOException damage(String file, int line, String expected, String found) {
        return new IOException(
                "%s is damaged in line %d: expected %s, found %s".formatted(file, line, expected, found));
    }
}
