package io.vitrine.record;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// What [BatchFilter] made of one batch.
///
/// @param bytes what takes its place, from the position to the limit; none if the batch goes. Valid until the filter
///     is used again, and no longer than the batch's own bytes
/// @param tombstonesDropped how many of the dropped records had no value
/// @param damage why the batch stays as it is although its records can't be read; null if they can
public record FilteredBatch(
        ByteBuffer bytes,
        int recordsRead,
        int recordsKept,
        int tombstonesDropped,
        @Nullable String damage) {

    /// The batch as it was, because its records can't be read.
    public static FilteredBatch damaged(RecordBatch batch, String damage) {
        return new FilteredBatch(batch.bytes(), 0, 0, 0, damage);
    }
}
