package io.vitrine.inspect;

import io.vitrine.inspect.AnatomyField.Value;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes an anatomy as an annotated hex dump for a terminal: position, bytes, the same bytes as text, and behind `#`
/// what they are.
/// ```
///    61  3a                                                |:|                 # length: 29, bytes of the record…
/// ```
public final class AnatomyText {
    private static final int BYTES_PER_LINE = 16;
    private static final int CHARS_PER_BYTE = 3;
    private static final int MAX_TEXT_CHARS = 200;
    private static final HexFormat HEX = HexFormat.ofDelimiter(" ");

    private final StringBuilder text = new StringBuilder();

    /// The dump of `anatomy`, which belongs to `located`.
    public static String of(LocatedBatch located, BatchAnatomy anatomy) {
        var batch = located.batch();
        return new AnatomyText()
                .line("batch %d..%d, %d bytes, at byte %d of segment %d"
                        .formatted(
                                batch.baseOffset(),
                                batch.lastOffset(),
                                batch.sizeInBytes(),
                                located.position(),
                                located.segmentBaseOffset()))
                .batch(anatomy)
                .toString();
    }

    /// Adds a batch.
    public AnatomyText batch(BatchAnatomy anatomy) {
        fields(anatomy.header());
        if (anatomy.place() == RecordsPlace.UNCOMPRESSED) {
            line("").line("the records below are unpacked; their positions count from the first of them");
        }
        for (var record : anatomy.records()) {
            line("").line("record " + record.index()).fields(record.fields());
        }
        problem(anatomy.problem());
        if (anatomy.nextRecord() != BatchAnatomy.NO_RECORD) {
            line("").line("more records follow: recordsFrom=" + anatomy.nextRecord());
        }
        return this;
    }

    /// Adds a line for each field, several where it has many bytes.
    public AnatomyText fields(List<AnatomyField> fields) {
        for (var field : fields) {
            int lineChars = BYTES_PER_LINE * CHARS_PER_BYTE;
            for (int at = 0; at < Math.max(field.hex().length(), 1); at += lineChars) {
                var hex = field.hex()
                        .substring(at, Math.min(at + lineChars, field.hex().length()))
                        .strip();
                var note = at == 0 ? "# " + describe(field) : "";
                line("%6d  %-48s %-18s  %s".formatted(field.position() + at / CHARS_PER_BYTE, hex, ascii(hex), note));
            }
        }
        return this;
    }

    /// Adds where the bytes stop making sense, if they do.
    public AnatomyText problem(@Nullable Problem problem) {
        return problem == null
                ? this
                : line("").line("problem at byte %d: %s".formatted(problem.position(), problem.reason()));
    }

    @Override
    public String toString() {
        return text.toString();
    }

    private static String ascii(String hex) {
        var shown = new StringBuilder("|");
        for (byte b : HEX.parseHex(hex)) {
            shown.append(b >= ' ' && b < 0x7f ? (char) b : '.');
        }
        return shown.length() == 1 ? "" : shown.append('|').toString();
    }

    private static String describe(AnatomyField field) {
        var description = new StringBuilder(field.name());
        var value = field.value();
        if (value != null) {
            description.append(": ").append(show(value));
        }
        if (field.meaning() != null) {
            description.append(value == null ? ": " : ", ").append(field.meaning());
        }
        if (field.truncated()) {
            description.append(" (%d bytes, not all shown)".formatted(field.length()));
        }
        return description.toString();
    }

    private static String show(Value value) {
        return switch (value) {
            case Value.Numeric(long number) -> String.valueOf(number);
            case Value.Json(String json) -> json;
            case Value.Text(String shown) -> printable(shown);
        };
    }

    private static String printable(String shown) {
        var start = shown.substring(0, Math.min(shown.length(), MAX_TEXT_CHARS));
        var safe = start.replace("\\", "\\\\")
                .replace("\n", "\\n")
                .replace("\r", "\\r")
                .replace("\t", "\\t");
        return "\"%s\"%s".formatted(safe, start.length() < shown.length() ? "…" : "");
    }

    /// Adds a line. No record can move a terminal's cursor: control characters do not get through.
    public AnatomyText line(String line) {
        line.stripTrailing()
                .codePoints()
                .map(character -> Character.isISOControl(character) ? '?' : character)
                .forEach(text::appendCodePoint);
        text.append('\n');
        return this;
    }
}
