package io.vitrine.inspect;

import io.vitrine.record.RecordBatch;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// A batch taken apart down to its variable-length integers, as far as its bytes make sense.
///
/// @param header its fields, and as the last of them its records where they are compressed; positions count from the
/// first byte of the batch
/// @param place what the positions in `records` count from
/// @param nextRecord index of the first record left out behind these; -1 if none was
/// @param compression null if the records lie in the batch as they are
/// @param problem where the bytes stop making sense; null if they do to the end
public record BatchAnatomy(
        List<AnatomyField> header,
        RecordsPlace place,
        List<RecordAnatomy> records,
        int nextRecord,
        @Nullable Compression compression,
        @Nullable Problem problem) {
    public static final int NO_RECORD = -1;

    public BatchAnatomy {
        header = List.copyOf(header);
        records = List.copyOf(records);
    }

    /// What compression has made of the records.
    ///
    /// @param codec by Kafka's name
    /// @param unpackedBytes empty if they can't be unpacked to their end
    public record Compression(String codec, int packedBytes, OptionalLong unpackedBytes) {}

    /// Takes `batch`, which must be whole, apart. Never fails: damage is part of the answer.
    ///
    /// @param kind what is known of its records
    public static BatchAnatomy of(RecordBatch batch, RecordKind kind, AnatomyOptions options) {
        return new RecordsAnatomy(batch, kind, options).run();
    }
}
