package io.vitrine.log;

import io.vitrine.record.BatchSlice;
import io.vitrine.record.RecordBatch;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The log of one partition: its segments in order, of which the last one is appended to. Offsets are given out here.
///
/// Any number of threads may read while one appends; the owner sees to it that only one does.
public final class PartitionLog implements Closeable {
    private final Disk disk;
    private final Path directory;
    private final LogSettings settings;
    private final ProducerStates producers;
    private volatile List<Segment> segments;
    private volatile long durableOffset;
    private boolean directoryChanged;

    private PartitionLog(
            Disk disk, Path directory, LogSettings settings, List<Segment> segments, ProducerStates producers) {
        this.disk = disk;
        this.directory = directory;
        this.settings = settings;
        this.segments = List.copyOf(segments);
        this.producers = producers;
        this.durableOffset = logStartOffset();
    }

    /// Opens the log in `directory`, which is created where it does not exist, and recovers its end.
    ///
    /// @param nowMs the clock, by which producers whose last records are too old are forgotten
    /// @throws DamagedLogException if bytes in the middle are no batch; nothing has been changed then
    public static PartitionLog open(Disk disk, Path directory, LogSettings settings, long nowMs) throws IOException {
        disk.createDirectories(directory);
        var recovery = new LogRecovery(disk, directory, settings);
        var segments = recovery.run();
        recovery.producers().forgetOlderThan(nowMs - settings.producerExpirationMs());
        var log = new PartitionLog(disk, directory, settings, segments, recovery.producers());
        log.directoryChanged = true;
        return log;
    }

    /// Judges `batch` by what its producer has written before. To be asked right before [#append], by the same owner.
    public ProducerVerdict checkProducer(RecordBatch batch) {
        return producers.check(batch);
    }

    /// Gives `batch` the next offsets and the leader epoch, and writes it at the end. When this returns, other
    /// processes can read it; [#flush()] makes it outlive a power failure.
    ///
    /// @return the offset given to the first record
    /// @throws LogBrokenException if it is unknown what the disk holds
    /// @throws IOException if the batch could not be written; the log is as before
    public long append(RecordBatch batch, int leaderEpoch) throws IOException {
        long baseOffset = logEndOffset();
        batch.assign(baseOffset, leaderEpoch);
        if (!active().hasRoomFor(batch, settings.segments().bytes())) {
            roll(baseOffset);
        }
        active().append(batch);
        producers.add(batch);
        return baseOffset;
    }

    /// Forces everything appended before this call to disk. May run beside an append.
    ///
    /// @return the new durable offset
    /// @throws LogBrokenException if the disk refused; what is durable is unknown, and asking again would not tell
    public long flush() throws IOException {
        long end = logEndOffset();
        active().force();
        if (directoryChanged) {
            disk.forceDirectory(directory);
            directoryChanged = false;
        }
        return advanceDurableOffset(end);
    }

    /// Reads whole batches of one segment, beginning with the one that holds `offset`.
    ///
    /// @param maxBytes how much to return; the first batch comes whole even if it is larger
    /// @return empty bytes if `offset` is the log end
    /// @throws IllegalArgumentException if `offset` lies outside the log
    public BatchSlice read(long offset, int maxBytes) throws IOException {
        if (offset < logStartOffset() || offset > logEndOffset()) {
            throw new IllegalArgumentException(
                    "Offset %d is outside %d..%d".formatted(offset, logStartOffset(), logEndOffset()));
        }
        var all = segments;
        int at = all.size() - 1;
        while (at > 0 && all.get(at).baseOffset() > offset) {
            at--;
        }
        var slice = all.get(at).read(offset, maxBytes);
        while (slice.isEmpty() && ++at < all.size()) {
            slice = all.get(at).read(offset, maxBytes);
        }
        return slice;
    }

    public long logStartOffset() {
        return segments.getFirst().baseOffset();
    }

    public long logEndOffset() {
        return active().nextOffset();
    }

    /// All marks at one moment. With one replica, what is written is committed.
    public Offsets offsets() {
        // The durable offset first: it follows the end, never leads it.
        long durable = durableOffset;
        long end = logEndOffset();
        return new Offsets(logStartOffset(), end, end, end, durable);
    }

    public long sizeInBytes() {
        return segments.stream().mapToLong(Segment::sizeInBytes).sum();
    }

    /// The segments, oldest first.
    public List<SegmentInfo> segments() {
        var all = segments;
        return all.stream()
                .map(segment -> segment.info(segment == all.getLast()))
                .toList();
    }

    @Override
    public void close() throws IOException {
        for (var segment : segments) {
            segment.close();
        }
    }

    private Segment active() {
        return segments.getLast();
    }

    /// Begins a new segment. The old one is forced first, so that [#flush()] has only the last one to look after.
    private void roll(long baseOffset) throws IOException {
        active().force();
        advanceDurableOffset(baseOffset);
        var next = Segment.create(disk, directory, baseOffset, settings);
        try {
            disk.forceDirectory(directory);
        } catch (IOException e) {
            next.close();
            throw new LogBrokenException("The disk refused an fsync of the directory", e);
        }
        segments = Stream.concat(segments.stream(), Stream.of(next)).toList();
    }

    private synchronized long advanceDurableOffset(long offset) {
        durableOffset = Math.max(durableOffset, offset);
        return durableOffset;
    }
}
