package io.vitrine.share;

import io.vitrine.group.ShareStates;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/// The records of a share partition between its start, before which all is done, and its end, behind which nobody was
/// given anything. Each of them lies in exactly one range; neighbours that are alike are one:
/// ```
///   done │ acquired 40..44 │ acknowledged 45..45 │ available 46..51 │ never given
///        ▲ startOffset                                              ▲ nextOffset
/// ```
/// Not thread-safe.
final class InFlightRecords {
    private final NavigableMap<Long, InFlightRange> ranges = new TreeMap<>();
    private long startOffset;
    private long nextOffset;
    private long overCount;

    InFlightRecords(long startOffset) {
        this.startOffset = startOffset;
        this.nextOffset = startOffset;
    }

    /// What is kept on disk. Records that lie before some of which something is kept, and of which nothing is, were
    /// in somebody's hands, or nobody had got them.
    static InFlightRecords restore(long startOffset, List<ShareStates.Batch> batches) {
        var records = new InFlightRecords(startOffset);
        for (var batch : batches) {
            long first = Math.max(batch.firstOffset(), startOffset);
            if (batch.lastOffset() < first) {
                continue;
            }
            if (batch.lastOffset() >= records.nextOffset) {
                records.append(InFlightRange.of(records.nextOffset, batch.lastOffset(), DeliveryState.AVAILABLE, 0));
            }
            records.set(InFlightRange.of(
                    first, batch.lastOffset(), DeliveryState.ofStored(batch.deliveryState()), batch.deliveryCount()));
        }
        records.advance();
        return records;
    }

    long startOffset() {
        return startOffset;
    }

    long nextOffset() {
        return nextOffset;
    }

    /// Records that are not done with.
    long count() {
        return nextOffset - startOffset - overCount;
    }

    /// The first record that may be given to somebody, if there is one.
    OptionalLong findFree() {
        return ranges.values().stream()
                .filter(InFlightRange::isFree)
                .mapToLong(InFlightRange::firstOffset)
                .findFirst();
    }

    /// All ranges, in order.
    List<InFlightRange> ranges() {
        return List.copyOf(ranges.values());
    }

    /// What lies between two offsets, cut to fit.
    List<InFlightRange> between(long first, long last) {
        var found = new ArrayList<InFlightRange>();
        var before = ranges.floorEntry(first);
        long from = before == null ? first : before.getKey();
        if (from > last) {
            return found;
        }
        for (var range : ranges.subMap(from, true, last, true).values()) {
            if (range.lastOffset() >= first) {
                found.add(range.between(Math.max(first, range.firstOffset()), Math.min(last, range.lastOffset())));
            }
        }
        return found;
    }

    /// Puts records behind all others.
    void append(InFlightRange range) {
        if (range.firstOffset() != nextOffset) {
            throw new IllegalStateException("Records in flight end at %d, not before %s".formatted(nextOffset, range));
        }
        put(range);
        nextOffset = range.lastOffset() + 1;
        joinAt(range.firstOffset());
    }

    /// Replaces what is known of some of the records.
    void set(InFlightRange range) {
        if (range.firstOffset() < startOffset || range.lastOffset() >= nextOffset) {
            throw new IllegalStateException("%s is not within %d..%d".formatted(range, startOffset, nextOffset - 1));
        }
        cutAt(range.firstOffset());
        cutAt(range.lastOffset() + 1);
        var replaced = List.copyOf(ranges.subMap(range.firstOffset(), true, range.lastOffset(), true)
                .values());
        replaced.forEach(this::remove);
        put(range);
        joinAt(range.firstOffset());
        joinAt(range.lastOffset() + 1);
    }

    /// Is done with those of some records that nobody has, and with those that nobody was given yet.
    void archive(long first, long last) {
        for (var range : between(first, Math.min(last, nextOffset - 1))) {
            if (range.isFree()) {
                set(InFlightRange.of(
                        range.firstOffset(), range.lastOffset(), DeliveryState.ARCHIVED, range.deliveryCount()));
            }
        }
        if (last >= nextOffset) {
            append(InFlightRange.of(nextOffset, last, DeliveryState.ARCHIVED, 0));
        }
    }

    /// Changes what is known of some of the records, as far as they are in flight.
    void change(long first, long last, UnaryOperator<InFlightRange> change) {
        between(first, last).forEach(range -> set(change.apply(range)));
    }

    /// Leaves what is done with at the beginning behind.
    void advance() {
        while (!ranges.isEmpty() && ranges.firstEntry().getValue().isOver()) {
            var done = ranges.firstEntry().getValue();
            remove(done);
            startOffset = done.lastOffset() + 1;
        }
        startOffset = ranges.isEmpty() ? nextOffset : startOffset;
    }

    /// Forgets all before `offset`.
    void startAt(long offset) {
        if (offset <= startOffset) {
            return;
        }
        cutAt(offset);
        List.copyOf(ranges.headMap(offset).values()).forEach(this::remove);
        startOffset = offset;
        nextOffset = Math.max(nextOffset, offset);
        advance();
    }

    private void cutAt(long offset) {
        Map.Entry<Long, InFlightRange> entry = ranges.lowerEntry(offset);
        if (entry != null && entry.getValue().lastOffset() >= offset) {
            var range = entry.getValue();
            remove(range);
            put(range.between(range.firstOffset(), offset - 1));
            put(range.between(offset, range.lastOffset()));
        }
    }

    private void joinAt(long offset) {
        var before = ranges.lowerEntry(offset);
        var after = ranges.get(offset);
        if (before != null && after != null && before.getValue().isLike(after)) {
            remove(before.getValue());
            remove(after);
            put(after.between(before.getKey(), after.lastOffset()));
        }
    }

    private void put(InFlightRange range) {
        ranges.put(range.firstOffset(), range);
        overCount += range.state().isFinal() ? range.count() : 0;
    }

    private void remove(InFlightRange range) {
        ranges.remove(range.firstOffset());
        overCount -= range.state().isFinal() ? range.count() : 0;
    }
}
