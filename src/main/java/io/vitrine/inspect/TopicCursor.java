package io.vitrine.inspect;

import java.io.Closeable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// Goes through the records of several partitions: of those that come next in each, always the one with the smallest
/// timestamp, and among equals that of the lowest partition. So each partition keeps its order, and whoever goes on
/// from [#positions] sees the same as one who never stopped.
///
/// A few partitions are open at a time, those whose turn comes first; of the others only the position is kept, so
/// that memory does not depend on how many there are. Not thread-safe.
public final class TopicCursor implements Closeable {
    private static final int MAX_OPEN = 16;
    private static final Comparator<PartitionLane> BY_TURN = Comparator.comparingLong(
                    (PartitionLane lane) -> lane.head().timestamp())
            .thenComparingInt(lane -> lane.log().name().partition());

    private final RecordFilter filter;
    private final ReadTotals totals;
    private final List<PartitionLane> lanes;
    private final PriorityQueue<PartitionLane> turns = new PriorityQueue<>(BY_TURN);
    private final List<PartitionLane> unknown;
    private long bytesScanned;
    private long recordsScanned;

    /// What to read of one partition.
    ///
    /// @param from offset of the first record; if the log starts behind it, what is missing is an entry
    /// @param to the offset to stop before
    public record Part(ReadableLog log, long from, long to) {}

    /// How to read.
    public record Reading(RecordOptions options, RecordFilter filter, ReadTotals totals) {}

    /// What one step brought.
    public sealed interface Step {
        /// Something to show.
        record Found(ReadableLog log, RecordEntry entry) implements Step {}

        /// A record that the filter does not want.
        record Passed() implements Step {}

        /// There is no more.
        record End() implements Step {}
    }

    private static final Step PASSED = new Step.Passed();
    private static final Step END = new Step.End();

    public TopicCursor(List<Part> parts, Reading reading) {
        this.filter = reading.filter();
        this.totals = reading.totals();
        this.lanes = parts.stream()
                .map(part -> new PartitionLane(part, reading.options()))
                .toList();
        this.unknown = new ArrayList<>(lanes);
        totals.opened();
    }

    /// Goes on by one record.
    ///
    /// @throws UnreadableLogException if one of the logs can't be read any further
    public Step step() throws UnreadableLogException {
        var lane = nextLane();
        if (lane == null) {
            return END;
        }
        count(lane);
        var entry = lane.take(filter);
        unknown.add(lane);
        return entry.<Step>map(found -> new Step.Found(lane.log(), found)).orElse(PASSED);
    }

    /// Passes over one record without decoding it, and returns its partition; -1 at the end.
    ///
    /// @throws UnreadableLogException if one of the logs can't be read any further
    public int skip() throws UnreadableLogException {
        var lane = nextLane();
        if (lane == null) {
            return -1;
        }
        count(lane);
        lane.skip();
        unknown.add(lane);
        return lanes.indexOf(lane);
    }

    /// For each part, in the order they were given, the offset of what comes next.
    public long[] positions() {
        return lanes.stream().mapToLong(PartitionLane::position).toArray();
    }

    /// The same for the part at `index`.
    public long positionOf(int index) {
        return lanes.get(index).position();
    }

    /// Has every part been read to its end?
    public boolean isAtEnd() {
        return lanes.stream().allMatch(PartitionLane::isAtEnd);
    }

    /// Records that were looked at, shown or not.
    public long recordsScanned() {
        return recordsScanned;
    }

    /// Bytes of those records.
    public long bytesScanned() {
        return bytesScanned;
    }

    @Override
    public void close() {
        lanes.forEach(PartitionLane::close);
        totals.closed();
    }

    /// The partition whose turn it is. What comes next in one that was read from is found out only now, so that a
    /// failure does not lose what was found before it.
    private @Nullable PartitionLane nextLane() throws UnreadableLogException {
        while (!unknown.isEmpty()) {
            if (unknown.getLast().advance()) {
                turns.add(unknown.getLast());
                parkLast();
            }
            unknown.removeLast();
        }
        return turns.poll();
    }

    /// Parks the one whose turn comes last if too many are open.
    private void parkLast() {
        if (turns.size() <= MAX_OPEN) {
            return;
        }
        var open = turns.stream().filter(PartitionLane::isOpen).toList();
        if (open.size() > MAX_OPEN) {
            open.stream().max(BY_TURN).ifPresent(PartitionLane::park);
        }
    }

    private void count(PartitionLane lane) {
        recordsScanned++;
        bytesScanned += lane.head().sizeInBytes();
        totals.scanned();
    }
}
