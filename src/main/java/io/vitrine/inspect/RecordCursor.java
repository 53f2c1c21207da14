package io.vitrine.inspect;

import io.vitrine.partition.TransactionFate;
import io.vitrine.record.RecordBatch;
import java.io.Closeable;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Goes through the records of a log in order, unpacking as it goes. Damage inside a batch is an entry of its own and
/// does not hide the batches behind it.
public final class RecordCursor implements Closeable {
    private final ReadableLog log;
    private final BatchCursor batches;
    private final RecordKind kind;
    private final RecordOptions options;
    private final long from;
    private @Nullable RecordBatch batch;
    private @Nullable LocatedBatch located;
    private @Nullable BatchRecords records;
    private @Nullable RecordHead head;
    private @Nullable RecordEntry damage;

    /// @param from offset of the first record to show
    public RecordCursor(ReadableLog log, long from, RecordOptions options) {
        this.log = log;
        this.batches = new BatchCursor(log, from);
        this.kind = log.recordKind();
        this.from = from;
        this.options = options;
    }

    /// The next record, or damage; empty at the end of the log.
    ///
    /// @throws UnreadableLogException if there is more, but the log can't give it
    public Optional<RecordEntry> next() throws UnreadableLogException {
        return take(RecordFilter.ALL);
    }

    /// The batch that the last entry came from; empty before the first one, and where that was no batch.
    public Optional<LocatedBatch> lastBatch() {
        return Optional.ofNullable(located);
    }

    /// Looks at what comes next without taking it; empty at the end of the log.
    ///
    /// @throws UnreadableLogException if there is more, but the log can't give it
    Optional<RecordHead> peek() throws UnreadableLogException {
        if (head == null) {
            head = findHead();
        }
        return Optional.ofNullable(head);
    }

    /// Takes what comes next, and gives it if it is damage or `filter` wants it; empty at the end of the log too.
    ///
    /// @throws UnreadableLogException if there is more, but the log can't give it
    Optional<RecordEntry> take(RecordFilter filter) throws UnreadableLogException {
        if (peek().isEmpty()) {
            return Optional.empty();
        }
        head = null;
        var found = damage;
        damage = null;
        return found == null ? decode(filter) : Optional.of(found);
    }

    /// Takes what comes next without a look at it.
    ///
    /// @throws UnreadableLogException if there is more, but the log can't give it
    void skip() throws UnreadableLogException {
        if (peek().isEmpty()) {
            return;
        }
        head = null;
        if (damage == null) {
            try {
                Objects.requireNonNull(records).skip();
            } catch (IOException e) {
                // The batch goes on no further; whoever wants to know why takes the record.
                finishBatch();
            }
        }
        damage = null;
    }

    private Optional<RecordEntry> decode(RecordFilter filter) {
        var current = Objects.requireNonNull(batch);
        try {
            return Objects.requireNonNull(records).decode(filter).map(RecordEntry.class::cast);
        } catch (IOException e) {
            finishBatch();
            return Optional.of(damaged(current, e));
        }
    }

    private @Nullable RecordHead findHead() throws UnreadableLogException {
        try {
            return findHeadInBatches();
        } catch (DamagedRangeMetException e) {
            damage = new UnreadableRange(e.range());
            return RecordHead.atOnce(e.range().firstOffset());
        }
    }

    private @Nullable RecordHead findHeadInBatches() throws UnreadableLogException {
        for (var current = currentBatch(); current.isPresent(); current = currentBatch()) {
            if (options.onlyCommitted() && isLeftOut(current.get())) {
                finishBatch();
                continue;
            }
            try {
                var open = recordsOf(current.get());
                if (open.advance(from)) {
                    return open.head();
                }
                finishBatch();
            } catch (IOException e) {
                finishBatch();
                damage = damaged(current.get(), e);
                return RecordHead.atOnce(current.get().baseOffset());
            }
        }
        return null;
    }

    private boolean isLeftOut(RecordBatch found) throws UnreadableLogException {
        return found.attributes().isControl()
                || log.fateOf(found).filter(TransactionFate.ABORTED::equals).isPresent();
    }

    @Override
    public void close() {
        finishBatch();
    }

    private Optional<RecordBatch> currentBatch() throws UnreadableLogException {
        if (batch == null) {
            var next = batches.next();
            next.ifPresent(found -> located = found);
            batch = next.map(LocatedBatch::batch).orElse(null);
        }
        return Optional.ofNullable(batch);
    }

    private BatchRecords recordsOf(RecordBatch current) throws IOException {
        var open = records;
        if (open == null) {
            requireChecksum(current);
            open = new BatchRecords(current, kind, options);
            records = open;
        }
        return open;
    }

    /// After an orderly stop nobody has compared it since the batch was written.
    static void requireChecksum(RecordBatch batch) throws IOException {
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
