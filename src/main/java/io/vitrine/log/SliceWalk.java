package io.vitrine.log;

import io.vitrine.record.RecordBatch;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A walk over the batches of a [LogSlice], header by header. For one thread.
public final class SliceWalk {
    private final Headers headers;
    private final int sizeInBytes;
    private int end;

    /// Where headers come from.
    @FunctionalInterface
    interface Headers {
        /// The header at a byte of the slice; good until the next call.
        RecordBatch at(int position) throws IOException;
    }

    SliceWalk(Headers headers, int sizeInBytes) {
        this.headers = headers;
        this.sizeInBytes = sizeInBytes;
    }

    /// The next batch, of which no more than the header may be looked at, and only until the next call; null at the
    /// end.
    public @Nullable RecordBatch next() throws IOException {
        if (sizeInBytes - end < RecordBatch.HEADER_SIZE_IN_BYTES) {
            return null;
        }
        var batch = headers.at(end);
        int size = batch.sizeInBytes();
        if (size < RecordBatch.HEADER_SIZE_IN_BYTES || size > sizeInBytes - end) {
            return null;
        }
        end += size;
        return batch;
    }

    /// The byte of the slice behind the last batch that was walked over.
    public int end() {
        return end;
    }
}
