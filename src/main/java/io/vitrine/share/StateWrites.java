package io.vitrine.share;

import io.vitrine.group.ShareKey;
import io.vitrine.group.ShareStates;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Has what becomes of records written, one write at a time: what comes while one is under way goes into the next,
/// all together. So many acknowledgements share one wait for the disk, and a start never goes back.
///
/// Guarded by the lock of its share partition, but for [#send].
final class StateWrites {
    private static final long UNCHANGED = -1;

    private final ShareKey key;
    private final ShareStates states;
    private final int stateEpoch;
    private final int leaderEpoch;
    private List<Span> spans = new ArrayList<>();
    private CompletableFuture<@Nullable Void> written = new CompletableFuture<>();
    private long number = 1;
    private long storedStart;
    private boolean underWay;

    private record Span(long first, long last) {}

    /// A write on its way.
    ///
    /// @param number names it in the ranges it is about
    /// @param written what those wait for whose words it holds
    record Write(long number, long startOffset, ShareStates.Change change, CompletableFuture<@Nullable Void> written) {}

    /// @param stored what is kept; the leader epoch goes with each write
    StateWrites(ShareKey key, ShareStates states, ShareStates.Stored stored, int leaderEpoch) {
        this.key = key;
        this.states = states;
        this.stateEpoch = stored.stateEpoch();
        this.leaderEpoch = leaderEpoch;
        this.storedStart = stored.startOffset();
    }

    /// The number of the write that what is added now goes into.
    long number() {
        return number;
    }

    /// Adds records whose state is to be written.
    ///
    /// @return completed when it is
    CompletableFuture<@Nullable Void> add(long first, long last) {
        spans.add(new Span(first, last));
        return written;
    }

    /// Adds the start, unless it is kept.
    void addStart(long start) {
        if (start > storedStart) {
            spans.add(new Span(start, start - 1));
        }
    }

    /// What goes with the next write, whatever it is.
    CompletableFuture<@Nullable Void> nextWritten() {
        return written;
    }

    /// Begins the next write, if there is anything to write and none is under way; it is for the caller to [#send]
    /// it.
    @Nullable
    Write begin(InFlightRecords records) {
        if (underWay || spans.isEmpty()) {
            return null;
        }
        underWay = true;
        long start = startAfter(records);
        var change = new ShareStates.Change(
                stateEpoch,
                leaderEpoch,
                start > storedStart ? start : UNCHANGED,
                overFrom(records, start),
                batches(records));
        var write = new Write(number, start, change, written);
        spans = new ArrayList<>();
        written = new CompletableFuture<>();
        number++;
        return write;
    }

    CompletableFuture<@Nullable Void> send(Write write) {
        return states.write(key, write.change());
    }

    /// The write has ended.
    void ended(Write write, boolean wasWritten) {
        underWay = false;
        if (wasWritten) {
            storedStart = Math.max(storedStart, write.startOffset());
        }
    }

    private boolean willBeOver(InFlightRange range) {
        return range.isOver()
                || (range.write() == number
                        && range.becoming() != null
                        && range.becoming().isFinal());
    }

    /// Where the start will be if the write succeeds.
    private long startAfter(InFlightRecords records) {
        return records.ranges().stream()
                .filter(range -> !willBeOver(range))
                .mapToLong(InFlightRange::firstOffset)
                .findFirst()
                .orElse(records.nextOffset());
    }

    private int overFrom(InFlightRecords records, long start) {
        return (int) records.ranges().stream()
                .filter(range -> range.firstOffset() >= start && willBeOver(range))
                .mapToLong(InFlightRange::count)
                .sum();
    }

    /// What has become of the records added. Of some of them it may have changed since: what is true now is written,
    /// and of those that are with a member again, nothing.
    private List<ShareStates.Batch> batches(InFlightRecords records) {
        var batches = new ArrayList<ShareStates.Batch>();
        long next = records.startOffset();
        for (var span :
                spans.stream().sorted(Comparator.comparingLong(Span::first)).toList()) {
            for (var range : records.between(Math.max(next, span.first()), span.last())) {
                var state =
                        range.write() == number ? range.becoming() : range.becoming() == null ? range.state() : null;
                if (state != null && state != DeliveryState.ACQUIRED) {
                    batches.add(new ShareStates.Batch(
                            range.firstOffset(), range.lastOffset(), state.id(), (short) range.deliveryCount()));
                }
            }
            next = Math.max(next, span.last() + 1);
        }
        return batches;
    }
}
