package io.vitrine.log;

import io.vitrine.record.BatchSlice;
import java.io.IOException;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads a partition log across its segments, beside whatever else happens to it: a segment that is deleted or
/// replaced in the middle of a read is looked for again, and bytes that turn out to be damaged are set apart.
/// Thread-safe.
final class LogReader {
    private static final Logger log = LoggerFactory.getLogger(LogReader.class);

    private final LogFiles files;
    private final SegmentList segments;
    private final DamagedRanges damaged;

    LogReader(LogFiles files, SegmentList segments, DamagedRanges damaged, boolean gapsAllowed) {
        this.files = files;
        this.segments = segments;
        this.damaged = damaged;
        damaged.allowGaps(gapsAllowed);
    }

    /// What is done with one segment; it may fail because the segment is gone or damaged.
    @FunctionalInterface
    interface Use<T> {
        T with(Segment segment) throws IOException;
    }

    /// Something done to a log while nobody looks for damage in it.
    @FunctionalInterface
    interface Replacement {
        void run() throws IOException;
    }

    DamagedRanges damaged() {
        return damaged;
    }

    /// Replaces segments while nobody looks for damage: that is noted by the name of a segment, which another one is
    /// going to have.
    synchronized void whileNothingIsExamined(Replacement replacement) throws IOException {
        replacement.run();
    }

    void allowGaps(boolean allowed) {
        damaged.allowGaps(allowed);
    }

    /// Reads whole batches of one segment, beginning with the one that holds `offset` or is the first behind it.
    ///
    /// @throws DamagedRangeException if `offset` can't be read
    BatchSlice read(long offset, int maxBytes) throws IOException {
        return findFrom(
                offset, segment -> segment.reader().read(offset, segment.extent(), maxBytes), BatchSlice::isEmpty);
    }

    /// The same, to be sent.
    ///
    /// @throws DamagedRangeException if `offset` can't be read
    LogSlice fetch(long offset, int maxBytes) throws IOException {
        return findFrom(offset, segment -> segment.fetch().read(offset, segment.extent(), maxBytes), LogSlice::isEmpty);
    }

    /// Would that have to wait for the disk?
    boolean isCold(long offset, int maxBytes) throws IOException {
        var segment = segmentOf(offset);
        return segment.fetch().isCold(offset, segment.extent(), maxBytes);
    }

    /// Brings what it needs into the page cache.
    ///
    /// @return how many bytes
    int load(long offset, int maxBytes) throws IOException {
        var segment = segmentOf(offset);
        return segment.fetch().load(offset, segment.extent(), maxBytes);
    }

    private Segment segmentOf(long offset) {
        var all = segments.all();
        return all.get(SegmentList.indexOf(all, offset));
    }

    /// Does something with the segment that holds `offset`, or the first behind it where that gives anything.
    <T> T findFrom(long offset, Use<T> use, Predicate<T> isEmpty) throws IOException {
        var all = segments.all();
        int at = SegmentList.indexOf(all, offset);
        try {
            var slice = soundly(all.get(at), offset, use);
            while (isEmpty.test(slice) && ++at < all.size()) {
                // Compaction has left nothing at the end of the segment before.
                slice = soundly(all.get(at), offset, use);
            }
            return slice;
        } catch (IOException e) {
            if (segments.all().equals(all) || e instanceof DamagedRangeException) {
                throw e;
            }
            return findFrom(offset, use, isEmpty);
        }
    }

    private <T> T soundly(Segment from, long offset, Use<T> use) throws IOException {
        return examining(from, segment -> {
            var range = damaged.find(offset);
            if (range.isPresent()) {
                throw new DamagedRangeException(range.get());
            }
            return use.with(segment);
        });
    }

    /// The greatest timestamp of a segment's records; -1 if it has none.
    long maxTimestamp(Segment segment) throws IOException {
        return examining(segment, Segment::maxTimestamp);
    }

    /// Does something with a segment, and whenever that meets bytes that are no batch, finds out how far they go and
    /// has it done again.
    <T> T examining(Segment segment, Use<T> use) throws IOException {
        while (true) {
            try {
                return use.with(segment);
            } catch (UnsoundBytesException e) {
                log.warn("{}: {}; the segment is examined", files.directory().getFileName(), e.getMessage());
                if (!examine(segment)) {
                    return again(segment, use);
                }
            }
        }
    }

    /// It was an index that was wrong, and has been made anew; or another thread was quicker.
    private static <T> T again(Segment segment, Use<T> use) throws IOException {
        try {
            return use.with(segment);
        } catch (UnsoundBytesException e) {
            throw new DamagedLogException(segment.file().path(), 0, String.valueOf(e.getMessage()));
        }
    }

    /// Is it known that `offset` can't be read?
    boolean isDamaged(long offset) {
        return damaged.find(offset).isPresent();
    }

    /// Looks at every byte of a segment.
    ///
    /// @return was damage found that was not known?
    /// @throws IOException if the segment is no longer part of the log
    synchronized boolean examine(Segment segment) throws IOException {
        if (!segments.all().contains(segment)) {
            throw new IOException("Segment %d has been replaced or deleted".formatted(segment.baseOffset()));
        }
        var found = segment.examine(damaged.areGapsAllowed(), segment == segments.active());
        if (!damaged.add(found)) {
            return false;
        }
        for (var range : found) {
            log.error("{}: {}", files.directory().getFileName(), range);
        }
        saveDamaged();
        return true;
    }

    /// Forgets the damage in a segment that is gone.
    void forgetDamage(long segmentBaseOffset) {
        if (damaged.removeIf(range -> range.segmentBaseOffset() == segmentBaseOffset)) {
            saveDamaged();
        }
    }

    /// After a loss of power there is this or what was known before; whoever reads there finds the rest again.
    private void saveDamaged() {
        try {
            SmallFile.writeForced(files.disk(), files.path(DamagedRanges.FILE), damaged.encode());
        } catch (IOException e) {
            log.warn(
                    "{}: the damage could not be written down: {}",
                    files.directory().getFileName(),
                    e.toString());
        }
    }
}
