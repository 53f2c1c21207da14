package io.vitrine.transaction;

import io.vitrine.coordinator.TapListener;
import io.vitrine.coordinator.TappedRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.coordinator.transaction.TransactionState;
import org.apache.kafka.coordinator.transaction.generated.TransactionLogKey;
import org.apache.kafka.coordinator.transaction.generated.TransactionLogValue;

/// What has become of the transactions since the broker started: noted as the records pass. Of each id the last events
/// are kept, and those of ids that nobody has used for longest go first when they take too much room. Thread-safe.
public final class TransactionBook implements TapListener {
    private static final int MAX_EVENTS_OF_ID = 50;
    private static final long MAX_BYTES = 16 * 1024 * 1024;
    private static final int BYTES_OF_ID = 200;
    private static final int BYTES_OF_EVENT = 96;
    private static final String FORGOTTEN = "Forgotten";

    private final Map<String, Long> open = new ConcurrentHashMap<>();
    private final LongAdder committed = new LongAdder();
    private final LongAdder aborted = new LongAdder();
    private final LongAdder timedOut = new LongAdder();
    private final LongAdder fenced = new LongAdder();
    // Those that were used last are at the end.
    private final Map<String, Deque<TransactionEvent>> events = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    @Override
    public void recorded(TappedRecord record) {
        if (!(record.key() instanceof TransactionLogKey key)) {
            return;
        }
        var id = key.transactionalId();
        if (record.value() instanceof TransactionLogValue value) {
            var entry = TransactionRecords.read(key, value);
            note(id, event(record, entry));
            noteState(id, entry, record.replayed());
        } else {
            note(
                    id,
                    new TransactionEvent(
                            record.timestampMs(),
                            FORGOTTEN,
                            TransactionEntry.NO_PRODUCER_ID,
                            TransactionEntry.NO_EPOCH,
                            0,
                            -1,
                            record.partition(),
                            record.offset(),
                            record.replayed()));
            open.remove(id);
        }
    }

    /// What has happened to a transactional id, newest first; empty if nothing is known.
    public List<TransactionEvent> history(String transactionalId) {
        synchronized (events) {
            var known = events.get(transactionalId);
            return known == null ? List.of() : new ArrayList<>(known);
        }
    }

    /// How many transactions are open, or decided and not yet written everywhere.
    public int openCount() {
        return open.size();
    }

    /// When the oldest of them began; empty if there is none.
    public OptionalLong oldestOpenMs() {
        return open.values().stream().mapToLong(Long::longValue).min();
    }

    /// Committed since the broker started.
    public long committed() {
        return committed.sum();
    }

    /// Aborted since the broker started, for whatever reason.
    public long aborted() {
        return aborted.sum();
    }

    /// Aborted since the broker started because their time was up.
    public long timedOut() {
        return timedOut.sum();
    }

    /// Aborted since the broker started because another producer came with the same transactional id.
    public long fenced() {
        return fenced.sum();
    }

    void noteTimedOut() {
        timedOut.increment();
    }

    void noteFenced() {
        fenced.increment();
    }

    /// Forgets all: what was served is gone.
    void clear() {
        open.clear();
        synchronized (events) {
            events.clear();
            bytes = 0;
        }
    }

    private void noteState(String id, TransactionEntry entry, boolean replayed) {
        if (entry.isOngoing() || entry.isPrepared()) {
            open.put(id, entry.startMs());
            return;
        }
        open.remove(id);
        if (!replayed && entry.state() == TransactionState.COMPLETE_COMMIT) {
            committed.increment();
        } else if (!replayed && entry.state() == TransactionState.COMPLETE_ABORT) {
            aborted.increment();
        }
    }

    private void note(String id, TransactionEvent event) {
        synchronized (events) {
            var known = events.get(id);
            if (known == null) {
                known = new ArrayDeque<>();
                events.put(id, known);
                bytes += BYTES_OF_ID + 2L * id.length();
            }
            known.addFirst(event);
            bytes += BYTES_OF_EVENT;
            if (known.size() > MAX_EVENTS_OF_ID) {
                known.removeLast();
                bytes -= BYTES_OF_EVENT;
            }
            forgetOldest();
        }
    }

    private void forgetOldest() {
        var oldest = events.entrySet().iterator();
        while (bytes > MAX_BYTES && oldest.hasNext()) {
            var entry = oldest.next();
            bytes -= BYTES_OF_ID
                    + 2L * entry.getKey().length()
                    + (long) BYTES_OF_EVENT * entry.getValue().size();
            oldest.remove();
        }
    }

    private static TransactionEvent event(TappedRecord record, TransactionEntry entry) {
        return new TransactionEvent(
                record.timestampMs(),
                entry.state().stateName(),
                entry.producerId(),
                entry.producerEpoch(),
                entry.partitions().size(),
                entry.startMs(),
                record.partition(),
                record.offset(),
                record.replayed());
    }
}
