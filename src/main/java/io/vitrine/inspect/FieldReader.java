package io.vitrine.inspect;

import io.vitrine.record.MalformedRecordException;
import io.vitrine.record.RecordInput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the fields of records and notes each with the very bytes it stood in: another encoder might have spelled
/// a variable-length integer differently, and that is what people look for here. Fields noted before damage stay.
final class FieldReader {
    private static final HexFormat HEX = HexFormat.ofDelimiter(" ");
    private static final int MAX_VARINT_BYTES = 5;
    private static final int MAX_VARLONG_BYTES = 10;
    private static final int FIELD_COST_IN_BYTES = 64;

    private final RecordInput input;
    private final long start;
    private final int maxBytes;
    private final List<AnatomyField> fields = new ArrayList<>();
    private long allowance;

    /// @param start position of the first record
    /// @param maxBytes shown of one field
    /// @param allowance shown of all fields together, about
    FieldReader(RecordInput input, long start, int maxBytes, long allowance) {
        this.input = input;
        this.start = start;
        this.maxBytes = maxBytes;
        this.allowance = allowance;
    }

    /// Hands out the fields noted since the last call.
    List<AnatomyField> take() {
        var taken = List.copyOf(fields);
        fields.clear();
        return taken;
    }

    boolean isExhausted() {
        return allowance <= 0;
    }

    /// Bytes of records read so far.
    long position() {
        return input.position();
    }

    int int8(String name) throws IOException {
        long position = input.position();
        byte value = input.readByte();
        note(name, position, new byte[] {value}, 1, new AnatomyField.Value.Numeric(value));
        return value;
    }

    int varint(String name) throws IOException {
        return (int) variable(name, MAX_VARINT_BYTES);
    }

    long varlong(String name) throws IOException {
        return variable(name, MAX_VARLONG_BYTES);
    }

    /// Reads over `length` bytes, keeps no more than the field may show, and notes them.
    Excerpt bytes(String name, int length, int atLeast) throws IOException {
        long position = input.position();
        var excerpt = Excerpt.read(input, length, Math.max(atLeast, allowed()));
        var text = PayloadText.readableText(excerpt);
        note(
                name,
                position,
                excerpt.bytes(),
                length,
                text.map(AnatomyField.Value.Text::new).orElse(null));
        return excerpt;
    }

    /// Notes a part of what `bytes` returned last.
    void part(String name, long position, byte[] part, AnatomyField.@Nullable Value value) {
        note(name, position, part, part.length, value);
    }

    /// Reads over the rest of something that is not shown.
    void rest(String name, long length, String meaning) throws IOException {
        long position = input.position();
        input.skip(length);
        fields.add(new AnatomyField(name, start + position, (int) length, "", true, null, meaning));
    }

    /// Says something of the field noted last.
    void explain(String meaning) {
        fields.add(fields.removeLast().meaning(meaning));
    }

    private long variable(String name, int maxLength) throws IOException {
        long position = input.position();
        var raw = new ByteArrayOutputStream();
        long bits = 0;
        byte next;
        do {
            if (raw.size() == maxLength) {
                throw new MalformedRecordException(
                        position, "%s: a variable-length integer has more than %d bytes".formatted(name, maxLength));
            }
            next = input.readByte();
            bits |= (next & 0x7fL) << (7 * raw.size());
            raw.write(next);
        } while (next < 0);
        long unsigned = maxLength == MAX_VARINT_BYTES ? bits & 0xffff_ffffL : bits;
        long value = (unsigned >>> 1) ^ -(unsigned & 1);
        note(name, position, raw.toByteArray(), raw.size(), new AnatomyField.Value.Numeric(value));
        return value;
    }

    private void note(String name, long position, byte[] raw, int length, AnatomyField.@Nullable Value value) {
        int shown = Math.min(raw.length, allowed());
        fields.add(new AnatomyField(
                name,
                start + position,
                length,
                HEX.formatHex(raw, 0, shown),
                shown < length,
                value instanceof AnatomyField.Value.Text && shown < raw.length ? null : value,
                null));
        allowance -= shown + FIELD_COST_IN_BYTES;
    }

    private int allowed() {
        return Math.clamp(allowance, 16, Math.max(maxBytes, 16));
    }
}
