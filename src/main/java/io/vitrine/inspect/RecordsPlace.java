package io.vitrine.inspect;

import io.vitrine.record.RecordBatch;
import java.util.Locale;

/// What the positions of a record's bytes count from.
public enum RecordsPlace {
    /// The first byte of the batch.
    BATCH,
    /// The first byte of the unpacked records: they have no place of their own in a compressed batch.
    UNCOMPRESSED;

    static RecordsPlace of(RecordBatch batch) {
        return batch.attributes().isCompressed() ? UNCOMPRESSED : BATCH;
    }

    /// Position of the first record.
    int start() {
        return this == BATCH ? RecordBatch.RECORDS : 0;
    }

    /// The name in answers.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
