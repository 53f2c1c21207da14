package io.vitrine.log;

import io.vitrine.record.RecordBatch;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One file of a partition log, named after its base offset, with its indexes.
///
/// The owning [PartitionLog] serialises appends; reading is free for all and sees whole batches only, because the
/// size is published after the bytes are there.
final class Segment implements Closeable {
    private static final long UNKNOWN = Long.MIN_VALUE;

    private final long baseOffset;
    private final LogSettings.Segments settings;
    private final SegmentFile file;
    private final SegmentIndex index;
    private final SegmentTransactions transactions;
    private final SegmentReader reader;
    private final SegmentFetch fetch;
    private final long createdMs;
    private final long jitterMs;
    private volatile long firstTimestamp = UNKNOWN;
    private @Nullable IOException broken;
    private volatile int sizeInBytes;
    private volatile long nextOffset;
    private volatile boolean finished;
    private volatile long closedMaxTimestamp = UNKNOWN;

    /// What a segment begins with.
    ///
    /// @param indexes those of a segment that is appended to, or has not been forced yet; null where they are in
    /// files
    /// @param transactions those whose abort markers it holds
    /// @param jitterMs what this segment drew from `segment.jitter.ms`
    record Start(
            int sizeInBytes,
            long nextOffset,
            @Nullable SegmentIndexes indexes,
            SegmentTransactions transactions,
            long createdMs,
            long jitterMs) {}

    Segment(
            LogFiles files,
            SegmentFile file,
            long baseOffset,
            LogSettings.Segments settings,
            DamagedRanges damaged,
            Start start) {
        this.baseOffset = baseOffset;
        this.settings = settings;
        this.file = file;
        this.index = new SegmentIndex(files, baseOffset, start.indexes(), new IndexSource());
        this.transactions = start.transactions();
        this.reader = new SegmentReader(baseOffset, file, index, damaged);
        this.fetch = new SegmentFetch(reader, file, index, start.sizeInBytes());
        this.createdMs = start.createdMs();
        this.jitterMs = start.jitterMs();
        this.sizeInBytes = start.sizeInBytes();
        this.nextOffset = start.nextOffset();
        this.finished = start.indexes() == null;
    }

    long baseOffset() {
        return baseOffset;
    }

    /// The offset behind its last record; of one that was not read through, where the next one begins.
    long nextOffset() {
        return nextOffset;
    }

    int sizeInBytes() {
        return sizeInBytes;
    }

    SegmentIndex index() {
        return index;
    }

    SegmentTransactions transactions() {
        return transactions;
    }

    SegmentReader reader() {
        return reader;
    }

    /// What of it can be sent.
    SegmentFetch fetch() {
        return fetch;
    }

    SegmentFile file() {
        return file;
    }

    /// Is it closed, all of it forced and its indexes in files?
    boolean isFinished() {
        return finished;
    }

    /// When it was begun, or opened.
    long createdMs() {
        return createdMs;
    }

    /// Does this batch belong into the next segment: for its size, for its time, for a full index, or because its
    /// offset is too far from the first for the 32 bits of Kafka's index files?
    boolean mustRollBefore(RecordBatch batch, LogSettings.Segments rules, long nowMs) throws IOException {
        return sizeInBytes > 0
                && (sizeInBytes > rules.bytes() - batch.sizeInBytes()
                        || ageAt(nowMs, batch.maxTimestamp()) > rules.ms() - jitterMs
                        || index.isFull()
                        || (batch.attributes().isControl() && transactions.isFull())
                        || batch.lastOffset() - baseOffset > Integer.MAX_VALUE);
    }

    /// How long the segment has been open: from its first record to one of this timestamp, or by the clock where
    /// records have no time.
    private long ageAt(long nowMs, long timestamp) throws IOException {
        long first = firstTimestamp();
        return first >= 0 && timestamp >= 0 ? timestamp - first : nowMs - createdMs;
    }

    /// The greatest timestamp of its first batch; -1 if it has none.
    ///
    /// @throws UnsoundBytesException where the first bytes are no batch
    long firstTimestamp() throws IOException {
        if (sizeInBytes == 0) {
            return RecordBatch.NO_TIMESTAMP;
        }
        if (firstTimestamp == UNKNOWN) {
            firstTimestamp = reader.firstTimestamp(sizeInBytes);
        }
        return firstTimestamp;
    }

    /// Writes `batch`, whose offsets are assigned, at the end. If that fails, nothing of it stays.
    ///
    /// @throws LogBrokenException if the write failed and could not be taken back
    void append(RecordBatch batch) throws IOException {
        int position = sizeInBytes;
        file.append(batch.bytes(), position);
        if (position == 0) {
            firstTimestamp = batch.maxTimestamp();
        }
        index.add(batch, position);
        // The bytes first: whoever sees the offset must find them.
        sizeInBytes = position + batch.sizeInBytes();
        nextOffset = batch.nextOffset();
    }

    /// Forces what has been written to disk.
    ///
    /// @throws LogBrokenException if the disk refuses, and ever after: the system reports a lost write once, and a
    ///     second fsync that succeeds would say nothing about it
    synchronized void force() throws LogBrokenException {
        if (broken != null) {
            throw new LogBrokenException("The disk has refused an fsync before", broken);
        }
        try {
            file.force();
        } catch (IOException e) {
            broken = e;
            throw new LogBrokenException("The disk refused an fsync", e);
        }
    }

    /// Puts the indexes of a segment that is closed and forced into their files.
    void finish() throws IOException {
        transactions.complete();
        index.complete();
        // What can't be closed is tried again, as long as it is not finished.
        file.release();
        finished = true;
    }

    /// How much can be read. The offset is asked for first: what lies before it is found in the bytes that are there
    /// then.
    SegmentReader.Extent extent() {
        long next = nextOffset;
        boolean closed = finished;
        return new SegmentReader.Extent(sizeInBytes, next, closed);
    }

    /// The greatest timestamp of its records; -1 if it has none.
    ///
    /// @throws UnsoundBytesException where the index does not fit the segment
    long maxTimestamp() throws IOException {
        if (sizeInBytes == 0) {
            return RecordBatch.NO_TIMESTAMP;
        }
        if (!finished) {
            return index.get().maxTimestamp();
        }
        if (closedMaxTimestamp != UNKNOWN) {
            return closedMaxTimestamp;
        }
        // A time index that lost its end looks like a sound one, so what follows its last entry is looked at: nothing,
        // where times go upwards.
        var last = index.get().times().last();
        long max = last.map(TimeIndexEntry::timestamp).orElse(RecordBatch.NO_TIMESTAMP);
        long from = last.map(TimeIndexEntry::offset).orElse(baseOffset);
        var batches = new SegmentWalk(this, reader.positionOf(from, extent()), false);
        var first = batches.next();
        if (first != null && last.isPresent() && first.maxTimestamp() != max) {
            throw new UnsoundBytesException(file, 0, "no batch of " + last.get());
        }
        for (var batch = first; batch != null; batch = batches.next()) {
            if (batch.maxTimestamp() > max) {
                throw new UnsoundBytesException(file, 0, "records that are younger than its time index says");
            }
        }
        closedMaxTimestamp = max;
        return max;
    }

    /// Looks at every byte again, because one of them was found to be wrong, and makes the indexes anew.
    List<DamagedRange> examine(boolean gapsAllowed, boolean last) throws IOException {
        // Appends may go on meanwhile; what they bring is none of this.
        long end = nextOffset;
        int size = sizeInBytes;
        var terms = new SegmentScan.Terms(baseOffset, last ? Long.MAX_VALUE : end, baseOffset, gapsAllowed);
        var indexes = SegmentStart.newIndexes(baseOffset, settings);
        var result = new SegmentScan(file, size, terms, reader.damaged(), indexes::add).run();
        index.replace(indexes);
        var damaged = new ArrayList<>(result.damaged());
        if (result.tailDamage() != null) {
            damaged.add(new DamagedRange(
                    baseOffset,
                    result.soundEnd(),
                    size - result.soundEnd(),
                    result.nextOffset(),
                    Math.max(result.nextOffset(), end),
                    result.tailDamage()));
        } else if (!last && !gapsAllowed && !result.hasGaps() && result.nextOffset() < end) {
            damaged.add(DamagedRange.missing(baseOffset, size, result.nextOffset(), end));
        }
        if (damaged.isEmpty() && !gapsAllowed) {
            // It was compacted, before its topic got another policy.
            reader.tolerateGaps();
        }
        return damaged;
    }

    SegmentInfo info(boolean active) {
        return new SegmentInfo(baseOffset, nextOffset, sizeInBytes, active);
    }

    /// Lets go of what can be opened again.
    void release() throws IOException {
        file.release();
    }

    /// Makes those who read this segment independent of its names, which are about to be given to another one: its
    /// file is open, and its indexes are held.
    void detach() throws IOException {
        index.detach();
        transactions.detach();
        file.read(ByteBuffer.allocate(1), 0);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private final class IndexSource implements SegmentIndex.Source {
        @Override
        public SegmentIndexes build() throws IOException {
            var indexes = SegmentStart.newIndexes(baseOffset, settings);
            var terms = new SegmentScan.Terms(baseOffset, Long.MAX_VALUE, Long.MAX_VALUE, true);
            new SegmentScan(file, sizeInBytes, terms, reader.damaged(), indexes::add).run();
            return indexes;
        }

        @Override
        public void settle() throws IOException {
            transactions.settle();
        }
    }
}
