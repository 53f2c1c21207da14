package io.vitrine.share;

import java.util.ArrayList;
import java.util.List;

/// One member being given records: those of the batches it was read that nobody has, batch by batch, until it has
/// enough. Runs under the lock of its share partition.
final class Acquisition {
    private final InFlightRecords records;
    private final Wish wish;
    private final long lockUntilMs;
    private final List<AcquiredRecords> acquired = new ArrayList<>();
    private long left;
    private long freshLeft;

    /// What a member wants.
    ///
    /// @param maxRecords how many; the last batch is given whole all the same, unless the limit is strict
    /// @param batchSize how many records one entry of the answer holds, about
    record Wish(String member, int maxRecords, int batchSize, boolean strict) {}

    /// @param maxInFlight how many records may be in flight; the last batch is given whole all the same
    Acquisition(InFlightRecords records, Wish wish, long lockUntilMs, int maxInFlight) {
        this.records = records;
        this.wish = wish;
        this.lockUntilMs = lockUntilMs;
        this.left = wish.maxRecords();
        this.freshLeft = Math.max(0, maxInFlight - records.count());
    }

    /// Gives out what can be given.
    List<AcquiredRecords> run(List<BatchSpan> batches) {
        for (var batch : batches) {
            if (left <= 0) {
                break;
            }
            long known = Math.min(batch.lastOffset(), records.nextOffset() - 1);
            for (var range : records.between(batch.firstOffset(), known)) {
                if (range.isFree()) {
                    again(range);
                }
            }
            fresh(batch);
        }
        return acquired;
    }

    private void again(InFlightRange free) {
        if (wish.strict() && left <= 0) {
            return;
        }
        long last = wish.strict() ? Math.min(free.lastOffset(), free.firstOffset() + left - 1) : free.lastOffset();
        var given = free.between(free.firstOffset(), last).acquiredBy(wish.member(), lockUntilMs);
        records.set(given);
        add(given);
    }

    private void fresh(BatchSpan batch) {
        long first = records.nextOffset();
        if (batch.lastOffset() < first || freshLeft <= 0 || left <= 0) {
            return;
        }
        if (batch.firstOffset() > first) {
            // Somebody else has moved on, or back; what lies between has not been read here.
            return;
        }
        long last = wish.strict() ? Math.min(batch.lastOffset(), first + left - 1) : batch.lastOffset();
        var given = InFlightRange.of(first, last, DeliveryState.AVAILABLE, 0).acquiredBy(wish.member(), lockUntilMs);
        records.append(given);
        freshLeft -= given.count();
        add(given);
    }

    private void add(InFlightRange given) {
        left -= given.count();
        var entry = new AcquiredRecords(given.firstOffset(), given.lastOffset(), given.deliveryCount());
        if (!acquired.isEmpty()) {
            var before = acquired.getLast();
            if (before.lastOffset() + 1 == entry.firstOffset()
                    && before.deliveryCount() == entry.deliveryCount()
                    && before.count() < wish.batchSize()) {
                acquired.removeLast();
                entry = new AcquiredRecords(before.firstOffset(), entry.lastOffset(), entry.deliveryCount());
            }
        }
        acquired.add(entry);
    }
}
