package io.vitrine.log;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What keeps a log in order while it is used: checkpoints, retention, deletion. The owner calls what changes the log
/// under the same lock as appends, and the rest, which waits for the disk, outside it.
public final class LogUpkeep {
    // So that a log that comes back can go on for a while.
    private static final long SPARE_BYTES = 1024 * 1024;

    private final PartitionLog log;
    private final MovableDirectory place;
    private final LogFiles files;
    private final SegmentList segments;
    private final LogFlush flush;
    private final LogReader reader;
    private final ProducerStates producers;
    private final SegmentRemoval removal;
    private final LogCompaction compaction;
    private final long endAtOpening;
    private long checkpointedOffset = -1;

    LogUpkeep(
            PartitionLog log,
            MovableDirectory place,
            LogFiles files,
            SegmentList segments,
            LogFlush flush,
            LogReader reader,
            ProducerStates producers,
            InstantSource clock) {
        this.log = log;
        this.place = place;
        this.files = files;
        this.segments = segments;
        this.flush = flush;
        this.reader = reader;
        this.producers = producers;
        this.removal = new SegmentRemoval(files);
        this.compaction = new LogCompaction(log, files, segments, reader, removal, clock);
        this.endAtOpening = segments.active().nextOffset();
    }

    /// The producers at one moment, to be written down by [#checkpoint].
    public static final class Moment {
        private final ProducerSnapshots.Snapshot snapshot;

        private Moment(ProducerSnapshots.Snapshot snapshot) {
            this.snapshot = snapshot;
        }

        ProducerSnapshots.Snapshot snapshot() {
            return snapshot;
        }
    }

    /// Why nothing of this log can be forced any more, or has not been able to be since it was opened; empty while
    /// all is well.
    public Optional<IOException> findBroken() {
        return Optional.ofNullable(flush.broken());
    }

    /// Brings a log back whose fsync failed for want of room: writes again what has not been forced, if there is room
    /// for it now, and opens the log anew. The owner sees to it that nobody changes the log meanwhile; it is closed
    /// in the course of it.
    ///
    /// @return the log that takes the place of this one; empty while there is no room
    /// @throws IOException if that failed; it can be tried again
    public Optional<PartitionLog> reopen(int leaderEpoch) throws IOException {
        long durable = flush.durableOffset();
        // What was there when it was opened may have been acknowledged by a broker that was killed.
        var rewrite = new TailRewrite(files, durable, Math.max(durable, endAtOpening));
        if (files.disk().usableBytes(files.directory()) < rewrite.plan() + SPARE_BYTES) {
            return Optional.empty();
        }
        place.forgetRefusal();
        rewrite.prepare();
        removal.purge(Long.MAX_VALUE);
        log.close();
        rewrite.swap();
        return Optional.of(log.openAnew(new OpeningMarks(false, durable, log.logStartOffset(), leaderEpoch)));
    }

    /// Everything before it needs no check after a crash.
    public long recoveryPoint() {
        return flush.recoveryPoint();
    }

    /// How the log is compacted.
    public LogCompaction compaction() {
        return compaction;
    }

    /// Takes note of the log as it is. Under the owner's lock.
    public Moment now() {
        return new Moment(new ProducerSnapshots.Snapshot(log.logEndOffset(), producers.snapshot()));
    }

    /// Forces the log and writes down what makes the next opening quick: the growing segment's indexes and the
    /// producers at `moment`. Does nothing where nothing was appended since the last time.
    ///
    /// @throws LogBrokenException if the disk refused the flush
    /// @throws IOException if the small files could not be written, which can be tried again
    public void checkpoint(Moment moment) throws IOException {
        long offset = moment.snapshot.offset();
        boolean noted = offset == checkpointedOffset && flush.recoveryPoint() >= offset && flush.broken() == null;
        if (noted || flush.isSettled(offset)) {
            return;
        }
        log.flush();
        log.tidy();
        segments.active().index().save();
        flush.saveTransactions(segments.all());
        flush.snapshots().write(moment.snapshot);
        flush.snapshots().deleteStray(baseOffsets());
        checkpointedOffset = offset;
    }

    /// Leaves everything as the next opening wants it after an orderly stop. Nothing may be appended any more.
    ///
    /// @throws IOException if the disk refused; the log will be checked when it is opened
    public void finish(Moment moment) throws IOException {
        if (flush.isSettled(moment.snapshot.offset())) {
            return;
        }
        log.flush();
        log.tidy();
        flush.saveTransactions(segments.all());
        segments.active().finish();
        flush.snapshots().write(moment.snapshot);
        flush.snapshots().deleteStray(baseOffsets());
        if (flush.recoveryPoint() < log.logEndOffset()) {
            throw new IOException("The files beside the segments of %s could not be written"
                    .formatted(files.directory().getFileName()));
        }
    }

    /// Where the log may start by its rules: behind the segments that are too old, too many, or wholly before the log
    /// start.
    public long retainFrom(long nowMs) throws IOException {
        // The end first, and of these segments: what is appended while their ages are asked for is not theirs.
        var all = segments.all();
        long end = all.getLast().nextOffset();
        return new Retention(log.settings().retention(), nowMs, reader).startOffset(all, log.logStartOffset(), end);
    }

    /// Deletes the records before `offset`: nobody can read them from now on; the segments go with [#removeSegments].
    /// Under the owner's lock.
    ///
    /// @throws IllegalArgumentException if `offset` is behind the end
    public void startAt(long offset) {
        if (offset > log.logEndOffset()) {
            throw new IllegalArgumentException("Offset %d is behind the end %d".formatted(offset, log.logEndOffset()));
        }
        log.startAt(offset);
    }

    /// Will a segment be begun before long, and would that have to wait for the disk? Then the log should be flushed
    /// soon.
    public boolean isToBeFlushedBeforeRoll() {
        return !flush.areNamesForced()
                && segments.active().sizeInBytes() > log.settings().segments().bytes() / 2;
    }

    /// Closes the segment that is appended to, unless it is empty, so that all there is can be compacted, or linked to.
    /// Under the owner's lock.
    public void closeActive() throws IOException {
        if (segments.active().sizeInBytes() > 0) {
            log.roll();
        }
    }

    /// Are there segments that lie wholly before the log start?
    public boolean hasSegmentsToRemove() {
        var all = segments.all();
        long start = log.logStartOffset();
        return all.size() > 1
                ? all.get(1).baseOffset() <= start
                : all.getFirst().sizeInBytes() > 0 && all.getFirst().nextOffset() <= start;
    }

    /// Takes away the segments that lie wholly before the log start, after that has been written down durably, as far
    /// as the log is durable. Their files stay for a while under another name, for those who read them. Under the
    /// owner's lock. While the log is compacted they have to wait.
    ///
    /// @return how many
    public int removeSegments(long nowMs) throws IOException {
        if (compaction.isRunning()) {
            return 0;
        }
        // The log start that is written down does not lead what is durable, or a loss of power would leave it behind
        // the end.
        long start = Math.min(log.logStartOffset(), flush.durableOffset());
        if (segments.active().nextOffset() <= start && segments.active().sizeInBytes() > 0) {
            log.roll();
        }
        var all = segments.all();
        var gone = new ArrayList<Segment>();
        for (int i = 0; i + 1 < all.size() && all.get(i + 1).baseOffset() <= start; i++) {
            gone.add(all.get(i));
        }
        if (!gone.isEmpty()) {
            if (all.get(gone.size()).baseOffset() >= start) {
                // Without a durable record in it, its name may not be durable either.
                flush.forceNames();
            }
            segments.replace(gone, List.of());
            removal.retire(gone, nowMs + log.settings().retention().fileDeleteDelayMs());
            gone.forEach(segment -> reader.forgetDamage(segment.baseOffset()));
        }
        return gone.size();
    }

    /// Deletes files whose time has come, and forgets producers that were silent for too long.
    public void purge(long nowMs) throws IOException {
        removal.purge(nowMs);
        flush.snapshots().deleteStray(baseOffsets());
    }

    /// Gives the log's directory another name. What is at work on its files goes on there.
    public void moveTo(Path directory) throws IOException {
        place.moveTo(directory);
    }

    /// Lets nobody open, make or rename one of the log's files any more.
    public void leave() throws IOException {
        place.leave();
    }

    /// Closes the files of segments that wait to be deleted.
    void closeRemoved() throws IOException {
        removal.close();
    }

    /// Forgets producers whose last record is too old. Under the owner's lock.
    public void forgetProducers(long nowMs) {
        producers.forgetUpTo(nowMs - log.settings().producerExpirationMs());
    }

    /// Closes what can be opened again, if nothing was appended that is not durable. Not during a compaction: those
    /// who read a segment whose name is just being given to another one could not open it again. Under the owner's
    /// lock.
    public void releaseIdle() throws IOException {
        if (!compaction.isRunning() && flush.durableOffset() >= log.logEndOffset()) {
            for (var segment : segments.all()) {
                segment.release();
            }
        }
    }

    private Set<Long> baseOffsets() {
        var offsets = new HashSet<Long>();
        segments.all().forEach(segment -> offsets.add(segment.baseOffset()));
        return offsets;
    }
}
