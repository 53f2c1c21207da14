package io.vitrine.inspect;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a control record says. Its key is:
/// ```
///   version 2 | type 2
/// ```
///
/// @param type Kafka's name of the control record, or `UNKNOWN`
public record ControlMarker(String type, int typeId, int version) {
    private static final int TYPE_POSITION = 2;
    private static final int KEY_SIZE_IN_BYTES = 4;
    private static final List<String> NAMES = List.of(
            "ABORT", "COMMIT", "LEADER_CHANGE", "SNAPSHOT_HEADER", "SNAPSHOT_FOOTER", "KRAFT_VERSION", "KRAFT_VOTERS");

    /// Reads the key of a control record; null if it is too short to be one.
    static @Nullable ControlMarker find(ByteBuffer key) {
        if (key.remaining() < KEY_SIZE_IN_BYTES) {
            return null;
        }
        int typeId = key.getShort(TYPE_POSITION);
        var type = typeId >= 0 && typeId < NAMES.size() ? NAMES.get(typeId) : "UNKNOWN";
        return new ControlMarker(type, typeId, key.getShort(0));
    }
}
