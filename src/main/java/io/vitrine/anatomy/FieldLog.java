package io.vitrine.anatomy;

import io.vitrine.inspect.AnatomyField;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Notes the fields of a message under their full names, such as `topics[0].partitions[2].index`: those of them that
/// are asked for, so that a message of a million fields takes the memory of what is shown.
final class FieldLog {
    private static final HexFormat HEX = HexFormat.ofDelimiter(" ");

    private final int from;
    private final int limit;
    private final int maxBytes;
    private final StringBuilder path = new StringBuilder();
    private final List<AnatomyField> fields = new ArrayList<>();
    private int count;

    /// @param from number of the first field that is kept
    /// @param maxBytes shown of one field
    FieldLog(int from, int limit, int maxBytes) {
        this.from = from;
        this.limit = limit;
        this.maxBytes = maxBytes;
    }

    /// Notes fields inside `name` from now on.
    ///
    /// @return what [#leave] takes
    int enter(String name) {
        int length = path.length();
        path.append(name).append('.');
        return length;
    }

    void leave(int entered) {
        path.setLength(entered);
    }

    /// The full name that a field has here.
    String fullName(String name) {
        return path + name;
    }

    void note(
            String name, int position, ByteBuffer bytes, AnatomyField.@Nullable Value value, @Nullable String meaning) {
        int number = count++;
        if (number < from || fields.size() == limit) {
            return;
        }
        var shown = new byte[Math.min(bytes.remaining(), maxBytes)];
        bytes.get(bytes.position(), shown);
        boolean truncated = shown.length < bytes.remaining();
        fields.add(new AnatomyField(
                fullName(name),
                position,
                bytes.remaining(),
                HEX.formatHex(shown),
                truncated,
                truncated && value instanceof AnatomyField.Value.Text ? null : value,
                meaning));
    }

    List<AnatomyField> fields() {
        return fields;
    }

    /// Number of the first field left out behind those kept.
    int next() {
        return from + fields.size() < count ? from + fields.size() : MessageAnatomy.NO_FIELD;
    }
}
