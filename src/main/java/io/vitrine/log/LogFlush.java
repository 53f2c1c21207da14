package io.vitrine.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes what has been written durable, and afterwards writes the files that can be made anew from the log: indexes
/// of segments that were closed, producer snapshots, leader epochs. Only what those cover too becomes the recovery
/// point.
///
/// Thread-safe; runs beside an append.
final class LogFlush {
    private static final Logger log = LoggerFactory.getLogger(LogFlush.class);

    private static final long NOTHING_SETTLED = -1;
    private static final String DIRECTORY_REFUSED = "The disk refused an fsync of the directory";

    private final MovableDirectory place;
    private final LogFiles files;
    private final LeaderEpochs epochs;
    private final ProducerSnapshots snapshots;
    private final Queue<ProducerSnapshots.Snapshot> pendingSnapshots = new ConcurrentLinkedQueue<>();
    private final long settledOffset;
    private volatile boolean directoryChanged;
    private volatile boolean namesForced;
    // It is written without waiting for the disk, as long as there is nothing that it says whose it is.
    private volatile boolean ownerUnforced;
    private volatile boolean epochsChanged;
    private volatile long durableOffset;
    private volatile long recoveryPoint;
    private @Nullable IOException broken;

    LogFlush(MovableDirectory place, LogFiles files, LoadedLog loaded) {
        this.place = place;
        this.files = files;
        this.epochs = loaded.epochs();
        this.snapshots = new ProducerSnapshots(files);
        this.durableOffset = loaded.durableOffset();
        this.recoveryPoint = loaded.durableOffset();
        this.broken = loaded.unforced();
        this.settledOffset = loaded.settled() ? loaded.durableOffset() : NOTHING_SETTLED;
        this.directoryChanged = !loaded.settled();
        this.namesForced = loaded.settled();
        this.ownerUnforced = !loaded.settled();
        this.epochsChanged = !loaded.settled();
    }

    /// A segment was begun: the producers as they were before it, and a new name in the directory.
    void rolled(ProducerSnapshots.Snapshot atRoll) {
        pendingSnapshots.add(atRoll);
        directoryChanged = true;
    }

    void epochBegan() {
        epochsChanged = true;
    }

    /// Have the names been forced that the log began with? Before, no segment may be begun: a loss of power could take
    /// the name of the first and leave that of the second.
    boolean areNamesForced() {
        return namesForced;
    }

    /// Everything before it has been forced.
    long durableOffset() {
        return durableOffset;
    }

    /// Everything before it has been forced and is covered by the files beside the segments: nothing of it has to be
    /// checked after a crash.
    long recoveryPoint() {
        return recoveryPoint;
    }

    /// Forces all segments that have not been, and the directory if its entries changed. Does nothing where an
    /// earlier call has covered everything.
    ///
    /// @throws LogBrokenException if the disk refused; what is durable is unknown, and asking again would not tell
    synchronized long force(SegmentList segments) throws LogBrokenException {
        requireSound();
        // The end first, and both here: a list taken before could name segments that are gone by now.
        long endOffset = segments.active().nextOffset();
        if (endOffset <= durableOffset && !directoryChanged) {
            return durableOffset;
        }
        try {
            if (!namesForced) {
                // Whoever has to begin a segment waits for nothing else.
                forceDirectory();
            }
            for (var segment : SegmentList.unfinished(segments.all())) {
                segment.force();
            }
            forceDirectory();
        } catch (LogBrokenException e) {
            throw refused(e);
        }
        // Somebody else may have been refused meanwhile.
        requireSound();
        durableOffset = Math.max(durableOffset, endOffset);
        return durableOffset;
    }

    /// Forces the directory if its entries changed. Others force it too, for names of their own; a refusal that they
    /// meet concerns all names that were not durable by then, those of segments too, and is found here.
    synchronized void forceNames() throws LogBrokenException {
        requireSound();
        try {
            forceDirectory();
        } catch (LogBrokenException e) {
            throw refused(e);
        }
    }

    private void requireSound() throws LogBrokenException {
        if (broken != null) {
            throw new LogBrokenException("The disk has refused an fsync before", broken);
        }
        var refusal = place.refusal();
        if (refusal != null) {
            throw refused(new LogBrokenException(DIRECTORY_REFUSED, refusal));
        }
    }

    /// What is unforced may never come to the disk: the next opening has to know.
    private LogBrokenException refused(LogBrokenException failure) {
        broken = failure;
        TailRewrite.mark(files);
        return failure;
    }

    /// Writes what can be made anew. If the disk does not take it, it is tried again after the next flush.
    synchronized void tidy(List<Segment> segments) {
        long covered = durableOffset;
        try {
            if (epochsChanged) {
                epochsChanged = false;
                writeEpochs();
            }
            var unfinished = SegmentList.unfinished(segments);
            for (var segment : unfinished.subList(0, Math.max(0, unfinished.size() - 1))) {
                if (segment.nextOffset() <= covered) {
                    segment.finish();
                    forceNameOfTransactions(segment);
                }
            }
            // One of a segment that was begun since is for the next time: the one before it is not finished yet.
            long known = Math.min(covered, segments.getLast().baseOffset());
            for (var next = pendingSnapshots.peek();
                    next != null && next.offset() <= known;
                    next = pendingSnapshots.peek()) {
                snapshots.write(next);
                pendingSnapshots.remove();
            }
            recoveryPoint = covered;
        } catch (IOException e) {
            epochsChanged = true;
            log.warn(
                    "{}: the files beside the segments could not be written, which will be tried again: {}",
                    files.directory().getFileName(),
                    e.toString());
        }
    }

    /// Writes what is known of transactions in the segments that are not finished, of which a snapshot of the producers
    /// does not speak any more. That may be several: one can have been closed since the last flush.
    synchronized void saveTransactions(List<Segment> segments) throws IOException {
        for (var segment : SegmentList.unfinished(segments)) {
            segment.transactions().save();
            forceNameOfTransactions(segment);
        }
    }

    private void forceNameOfTransactions(Segment segment) throws LogBrokenException {
        if (segment.transactions().takeNamed()) {
            directoryChanged = true;
            forceNames();
        }
    }

    /// Why nothing can be forced any more; null if it can.
    synchronized @Nullable IOException broken() {
        return broken != null ? broken : place.refusal();
    }

    /// Has nothing happened since an orderly stop that is to be forced or written? What has never held a record is made
    /// anew if it is lost.
    boolean isSettled(long endOffset) {
        return place.refusal() == null
                && (endOffset == 0 || (endOffset == settledOffset && !directoryChanged && !epochsChanged));
    }

    ProducerSnapshots snapshots() {
        return snapshots;
    }

    private void writeEpochs() throws IOException {
        var text = ByteBuffer.wrap(epochs.encode().getBytes(StandardCharsets.UTF_8));
        SmallFile.writeForced(files.disk(), files.path(LogFiles.LEADER_EPOCHS), text);
        directoryChanged = true;
        forceNames();
    }

    private void forceDirectory() throws LogBrokenException {
        if (!directoryChanged) {
            return;
        }
        directoryChanged = false;
        try {
            forceOwner();
            files.disk().forceDirectory(files.directory());
            namesForced = true;
        } catch (IOException e) {
            throw new LogBrokenException(DIRECTORY_REFUSED, e);
        }
    }

    private void forceOwner() throws IOException {
        var path = files.path(LogFiles.OWNER);
        if (!ownerUnforced || !files.disk().exists(path)) {
            return;
        }
        ownerUnforced = false;
        try (var file = SegmentFile.openExisting(files.disk(), path)) {
            file.force();
        }
    }
}
