package io.vitrine.log;

import io.vitrine.record.RecordBatch;
import io.vitrine.record.RecordInput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongPredicate;

/// Finds records of a log by time, as Kafka's ListOffsets defines it. The time indexes say where to begin; the
/// records of a batch are looked at only where its header says that it can hold the one sought.
public final class TimestampSearch {
    private static final long MAX_UNCOMPRESSED_BYTES = 100 * 1024 * 1024;

    private final LogReader reader;
    private final SegmentList segments;
    private final long logStartOffset;

    TimestampSearch(LogReader reader, SegmentList segments, long logStartOffset) {
        this.reader = reader;
        this.segments = segments;
        this.logStartOffset = logStartOffset;
    }

    @FunctionalInterface
    private interface Search {
        Optional<Found> in(List<Segment> all) throws IOException;
    }

    /// A record and its place.
    public record Found(long offset, long timestamp, int leaderEpoch) {}

    /// The first record whose timestamp is `timestamp` or later.
    ///
    /// @throws IOException if the log can't be read
    public Optional<Found> findFirstFrom(long timestamp) throws IOException {
        return searching(all -> findFirstFrom(all, timestamp));
    }

    private Optional<Found> findFirstFrom(List<Segment> all, long timestamp) throws IOException {
        for (var segment : all) {
            if (segment.nextOffset() > logStartOffset && reader.maxTimestamp(segment) >= timestamp) {
                var found = reader.examining(segment, one -> findIn(one, timestamp));
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    /// The first record that has the greatest timestamp of all.
    ///
    /// @throws IOException if the log can't be read
    public Optional<Found> findGreatest() throws IOException {
        return searching(this::findGreatest);
    }

    /// A search through all segments, which begins anew if one of them is replaced or deleted meanwhile and can't be
    /// read any more.
    private Optional<Found> searching(Search search) throws IOException {
        while (true) {
            var all = segments.all();
            try {
                return search.in(all);
            } catch (IOException e) {
                if (segments.all().equals(all)) {
                    throw e;
                }
            }
        }
    }

    /// What a segment claims as its greatest timestamp may be that of a deleted record only. That is found out of the
    /// one segment whose claim is the greatest, and no other is walked over.
    private Optional<Found> findGreatest(List<Segment> all) throws IOException {
        var claims = new ArrayList<Claim>();
        for (var segment : all) {
            if (segment.nextOffset() > logStartOffset) {
                claims.add(new Claim(segment, reader.maxTimestamp(segment)));
            }
        }
        while (true) {
            Claim greatest = null;
            for (var claim : claims) {
                if (claim.timestamp >= 0 && (greatest == null || claim.timestamp > greatest.timestamp)) {
                    greatest = claim;
                }
            }
            if (greatest == null) {
                return Optional.empty();
            }
            long timestamp = greatest.timestamp;
            var found = reader.examining(greatest.segment, one -> findIn(one, timestamp));
            if (found.isPresent()) {
                return found;
            }
            greatest.correct();
        }
    }

    /// What a segment's greatest timestamp may be.
    private final class Claim {
        private final Segment segment;
        private long timestamp;
        private boolean corrected;

        Claim(Segment segment, long timestamp) {
            this.segment = segment;
            this.timestamp = timestamp;
        }

        /// Takes the next lower one: first by the headers of the batches; where those claim too much as well, by every
        /// record, so that a segment is walked over twice at most.
        void correct() throws IOException {
            long wrong = timestamp;
            boolean byRecords = corrected;
            timestamp = reader.examining(segment, one -> greatestBefore(one, wrong, byRecords));
            corrected = true;
        }
    }

    private long greatestBefore(Segment segment, long timestamp, boolean byRecords) throws IOException {
        long greatest = RecordBatch.NO_TIMESTAMP;
        var walk = walk(segment, Math.max(logStartOffset, segment.baseOffset()));
        for (var batch = walk.next(); batch != null; batch = walk.next()) {
            if (byRecords || (batch.maxTimestamp() >= timestamp && batch.baseOffset() < logStartOffset)) {
                // The record that has it is deleted, and others of the batch are not.
                greatest = Math.max(greatest, greatestLeft(segment, batch.baseOffset(), timestamp));
            } else if (batch.maxTimestamp() < timestamp) {
                greatest = Math.max(greatest, batch.maxTimestamp());
            }
        }
        return greatest;
    }

    private long greatestLeft(Segment segment, long baseOffset, long timestamp) throws IOException {
        var batch = readBatch(segment, baseOffset);
        if (batch.attributes().usesLogAppendTime()) {
            // All records have the batch's time.
            return batch.maxTimestamp() < timestamp ? batch.maxTimestamp() : RecordBatch.NO_TIMESTAMP;
        }
        var greatest = new AtomicLong(RecordBatch.NO_TIMESTAMP);
        findRecord(batch, recordTimestamp -> {
            if (recordTimestamp < timestamp) {
                greatest.accumulateAndGet(recordTimestamp, Math::max);
            }
            return false;
        });
        return greatest.get();
    }

    private Optional<Found> findIn(Segment segment, long timestamp) throws IOException {
        long from = startFor(segment, timestamp);
        var walk = walk(segment, Math.max(from, logStartOffset));
        for (var batch = walk.next(); batch != null; batch = walk.next()) {
            if (batch.maxTimestamp() >= timestamp) {
                var found = findInBatch(segment, batch.baseOffset(), timestamp);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    /// An offset before which all records are older. The entry that says so must lead to a batch with its timestamp.
    private long startFor(Segment segment, long timestamp) throws IOException {
        var entry = segment.index().floorByTime(timestamp);
        if (entry.isEmpty() || reader.isDamaged(entry.get().offset())) {
            return segment.baseOffset();
        }
        int position = segment.reader().positionOf(entry.get().offset(), segment.extent());
        int end = segment.sizeInBytes();
        if (position == end
                || segment.reader().batchAt(position, end).maxTimestamp()
                        != entry.get().timestamp()) {
            throw new UnsoundBytesException(segment.file(), position, "no batch of " + entry.get());
        }
        return entry.get().offset();
    }

    private Optional<Found> findInBatch(Segment segment, long baseOffset, long timestamp) throws IOException {
        var batch = readBatch(segment, baseOffset);
        if (batch.attributes().usesLogAppendTime()) {
            // All records have the batch's time.
            return Optional.of(new Found(
                    Math.max(batch.baseOffset(), logStartOffset), batch.maxTimestamp(), batch.partitionLeaderEpoch()));
        }
        return findRecord(batch, recordTimestamp -> recordTimestamp >= timestamp);
    }

    private static RecordBatch readBatch(Segment segment, long baseOffset) throws IOException {
        return RecordBatch.at(
                segment.reader().read(baseOffset, segment.extent(), 1).bytes(), 0);
    }

    /// Looks at the records of a batch that are not deleted.
    private Optional<Found> findRecord(RecordBatch batch, LongPredicate sought) throws IOException {
        try (var input = RecordInput.of(batch, MAX_UNCOMPRESSED_BYTES)) {
            for (int i = 0; i < batch.recordCount(); i++) {
                int length = input.readVarint();
                long start = input.position();
                input.readByte();
                long recordTimestamp = batch.baseTimestamp() + input.readVarlong();
                long offset = batch.baseOffset() + input.readVarint();
                if (offset >= logStartOffset && sought.test(recordTimestamp)) {
                    return Optional.of(new Found(offset, recordTimestamp, batch.partitionLeaderEpoch()));
                }
                input.skip(length - (input.position() - start));
            }
        }
        return Optional.empty();
    }

    private static SegmentWalk walk(Segment segment, long fromOffset) throws IOException {
        return new SegmentWalk(segment, segment.reader().positionOf(fromOffset, segment.extent()), true);
    }
}
