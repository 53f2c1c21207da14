package io.vitrine.inspect;

import io.vitrine.inspect.AnatomyField.Value;
import java.util.List;

/// Writes an anatomy as an annotated hex dump for a terminal: position, bytes, and behind `#` what they are.
/// ```
///    61  3a                                                # length: 29, bytes of the record that follow
/// ```
public final class AnatomyText {
    private static final int BYTES_PER_LINE = 16;
    private static final int CHARS_PER_BYTE = 3;
    private static final int MAX_TEXT_CHARS = 200;

    private final StringBuilder text = new StringBuilder();

    private AnatomyText() {}

    /// The dump of `anatomy`, which belongs to `located`.
    public static String of(LocatedBatch located, BatchAnatomy anatomy) {
        var dump = new AnatomyText();
        dump.line("batch %d..%d, %d bytes, at byte %d of segment %d"
                .formatted(
                        located.batch().baseOffset(),
                        located.batch().lastOffset(),
                        located.batch().sizeInBytes(),
                        located.position(),
                        located.segmentBaseOffset()));
        dump.fields(anatomy.header());
        if (anatomy.place() == RecordsPlace.UNCOMPRESSED) {
            dump.line("");
            dump.line("the records below are unpacked; their positions count from the first of them");
        }
        for (var record : anatomy.records()) {
            dump.line("");
            dump.line("record " + record.index());
            dump.fields(record.fields());
        }
        dump.end(anatomy);
        return dump.text.toString();
    }

    private void end(BatchAnatomy anatomy) {
        var problem = anatomy.problem();
        if (problem != null) {
            line("");
            line("problem at byte %d: %s".formatted(problem.position(), problem.reason()));
        }
        if (anatomy.nextRecord() != BatchAnatomy.NO_RECORD) {
            line("");
            line("more records follow: recordsFrom=" + anatomy.nextRecord());
        }
    }

    private void fields(List<AnatomyField> fields) {
        for (var field : fields) {
            int lineChars = BYTES_PER_LINE * CHARS_PER_BYTE;
            for (int at = 0; at < Math.max(field.hex().length(), 1); at += lineChars) {
                var hex = field.hex()
                        .substring(at, Math.min(at + lineChars, field.hex().length()));
                var note = at == 0 ? "# " + describe(field) : "";
                line("%6d  %-48s  %s".formatted(field.position() + at / CHARS_PER_BYTE, hex.strip(), note));
            }
        }
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

    /// No record can move a terminal's cursor: control characters do not get through.
    private void line(String line) {
        line.stripTrailing()
                .codePoints()
                .map(character -> Character.isISOControl(character) ? '?' : character)
                .forEach(text::appendCodePoint);
        text.append('\n');
    }
}
