package io.vitrine.inspect;

import io.vitrine.record.RecordBatch;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Goes through the records of a log in order, unpacking as it goes. Damage inside a batch is an entry of its own and
/// does not hide the batches behind it.
public final class RecordCursor implements Closeable {
    private final BatchCursor batches;
    private final boolean holdsMetadata;
    private final RecordOptions options;
    private final long from;
    private @Nullable RecordBatch batch;
    private @Nullable BatchRecords records;

    /// @param from offset of the first record to show
    public RecordCursor(ReadableLog log, long from, RecordOptions options) {
        this.batches = new BatchCursor(log, from);
        this.holdsMetadata = log.holdsMetadata();
        this.from = from;
        this.options = options;
    }

    /// The next record, or damage; empty at the end of the log.
    ///
    /// @throws UnreadableLogException if there is more, but the log can't give it
    public Optional<RecordEntry> next() throws UnreadableLogException {
        try {
            return nextOfBatches();
        } catch (DamagedRangeMetException e) {
            return Optional.of(new UnreadableRange(e.range()));
        }
    }

    private Optional<RecordEntry> nextOfBatches() throws UnreadableLogException {
        for (var current = currentBatch(); current.isPresent(); current = currentBatch()) {
            try {
                var record = recordsOf(current.get()).next(from);
                if (record.isPresent()) {
                    return Optional.of(record.get());
                }
                finishBatch();
            } catch (IOException e) {
                finishBatch();
                return Optional.of(damaged(current.get(), e));
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        finishBatch();
    }

    private Optional<RecordBatch> currentBatch() throws UnreadableLogException {
        if (batch == null) {
            batch = batches.next().map(LocatedBatch::batch).orElse(null);
        }
        return Optional.ofNullable(batch);
    }

    private BatchRecords recordsOf(RecordBatch current) throws IOException {
        var open = records;
        if (open == null) {
            requireChecksum(current);
            open = new BatchRecords(current, holdsMetadata, options);
            records = open;
        }
        return open;
    }

    /// After an orderly stop nobody has compared it since the batch was written.
    private static void requireChecksum(RecordBatch batch) throws IOException {
        long computed = batch.computedCrc();
        if (computed != batch.crc()) {
            throw new IOException("CRC-32C 0x%08x stored, 0x%08x computed".formatted(batch.crc(), computed));
        }
    }

    private void finishBatch() {
        var open = records;
        batch = null;
        records = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                // A decompressor that fails to close has no more to say about records that were already shown.
                return;
            }
        }
    }

    private static RecordEntry damaged(RecordBatch batch, IOException thrown) {
        int start = RecordsPlace.of(batch).start();
        return new DamagedBatch(batch.baseOffset(), batch.lastOffset(), Problem.of(thrown, start));
    }
}
