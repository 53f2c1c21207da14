package io.vitrine.inspect;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One record, readable.
///
/// @param sizeInBytes of the record in its batch, before compression
/// @param key null if the record has a null key
/// @param value null if the record has a null value
/// @param headerCount as stored; some producers write -1 for "no headers"
/// @param headers in their order, as many as are shown
/// @param control set for a record of a control batch, which the broker wrote for itself
/// @param deletes set where it is known what a record without a value deletes, in words
public record DecodedRecord(
        long offset,
        long timestamp,
        int sizeInBytes,
        @Nullable Payload key,
        @Nullable Payload value,
        int headerCount,
        List<Header> headers,
        @Nullable ControlMarker control,
        @Nullable String deletes)
        implements RecordEntry {
    @Override
    public long nextOffset() {
        return offset + 1;
    }

    /// A name and a value; the same name may come several times.
    ///
    /// @param key null only where damaged bytes say so
    public record Header(@Nullable String key, @Nullable Payload value) {}
}
