package io.vitrine.log;

import io.vitrine.record.BatchSlice;
import io.vitrine.record.RecordBatch;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// The log of one partition: its segments in order, of which the last one is appended to. Offsets are given out here.
///
/// Any number of threads may read while one appends, rolls, deletes or replaces; the owner sees to it that only one
/// does. [#flush] and [#tidy] may run beside all of them. What is done to a log over time, but for appending, is done
/// through [LogUpkeep].
public final class PartitionLog implements Closeable {
    private final MovableDirectory place;
    private final LogFiles files;
    private final InstantSource clock;
    private final ProducerStates producers;
    private final LogProducers known;
    private final Consumer<AbortedTransaction> aborted;
    private final LeaderEpochs epochs;
    private final DamagedRanges damaged;
    private final SegmentList segments;
    private final LogReader reader;
    private final LogFetch fetches;
    private final LogFlush flush;
    private final LogUpkeep upkeep;
    private volatile LogSettings settings;
    private volatile long logStartOffset;
    private int leaderEpoch = Integer.MIN_VALUE;
    private boolean rolled;

    /// Where a log lies.
    public record Location(Disk disk, Path directory) {}

    private PartitionLog(
            MovableDirectory place, LogFiles files, LogSettings settings, InstantSource clock, LoadedLog loaded) {
        this.place = place;
        this.files = files;
        this.settings = settings;
        this.clock = clock;
        this.producers = loaded.producers();
        this.known = new LogProducers(producers);
        this.epochs = loaded.epochs();
        this.damaged = loaded.damaged();
        this.segments = new SegmentList(loaded.segments());
        this.aborted = transaction -> segments.active().transactions().add(transaction);
        this.logStartOffset = loaded.logStartOffset();
        this.reader =
                new LogReader(files, segments, damaged, settings.compaction().compact());
        this.fetches = new LogFetch(this, reader, new CommittedReads(reader, segments));
        this.flush = new LogFlush(place, files, loaded);
        this.upkeep = new LogUpkeep(this, place, files, segments, flush, reader, producers, clock);
    }

    /// Opens the log at `location`, which is made where it does not exist, and recovers it.
    ///
    /// @param marks what is known of the log; [OpeningMarks#UNKNOWN] has all of it checked
    /// @param progress is told how far it has come
    public static PartitionLog open(
            Location location, LogSettings settings, OpeningMarks marks, InstantSource clock, RecoveryProgress progress)
            throws IOException {
        var place = new MovableDirectory(location.disk(), location.directory());
        var files = new LogFiles(place, location.directory());
        var loaded = new LogRecovery(files, settings, marks, clock, progress).run();
        return new PartitionLog(place, files, settings, clock, loaded);
    }

    /// Who has written to it. To be asked right before [#append], by the same owner.
    public LogProducers producers() {
        return known;
    }

    /// Gives `batch` the next offsets and the leader epoch, and writes it at the end, in a new segment if it has to
    /// be. When this returns, other processes can read it; [#flush()] makes it outlive a power failure.
    ///
    /// @return the offset given to the first record
    /// @throws LogBrokenException if it is unknown what the disk holds
    /// @throws IOException if the batch could not be written; the log is as before
    public long append(RecordBatch batch, int leaderEpoch) throws IOException {
        long baseOffset = logEndOffset();
        batch.assign(baseOffset, leaderEpoch);
        if (segments.active().mustRollBefore(batch, settings.segments(), clock.millis())) {
            roll();
        }
        if (leaderEpoch != this.leaderEpoch) {
            // Before the batch can be seen: whoever makes it durable has to know of its epoch.
            this.leaderEpoch = leaderEpoch;
            if (epochs.assign(leaderEpoch, baseOffset)) {
                flush.epochBegan();
            }
        }
        boolean begins = producers.isBegunBy(batch);
        if (begins) {
            producers.open().begin(baseOffset, batch.producerId());
        }
        try {
            segments.active().append(batch);
        } catch (IOException e) {
            if (begins) {
                producers.open().end(baseOffset);
            }
            throw e;
        }
        producers.add(batch, aborted);
        return baseOffset;
    }

    /// Has a segment been closed since this was last asked? Then the log should be flushed and tidied soon. To be
    /// asked by the owner who appends.
    public boolean takeRolled() {
        boolean taken = rolled;
        rolled = false;
        return taken;
    }

    /// Forces everything appended before this call to disk.
    ///
    /// @return the new durable offset
    /// @throws LogBrokenException if the disk refused; what is durable is unknown, and asking again would not tell
    public long flush() throws LogBrokenException {
        return flush.force(segments);
    }

    /// Writes the files beside the segments that can be made anew from them, for what has been flushed. To be called
    /// after a flush, when those who waited for it have been answered.
    public void tidy() {
        flush.tidy(segments.all());
    }

    /// Reads whole batches of one segment, beginning with the one that holds `offset` or is the first behind it.
    ///
    /// @param maxBytes how much to return; the first batch comes whole even if it is larger
    /// @return empty bytes if `offset` is the log end
    /// @throws IllegalArgumentException if `offset` lies outside the log
    /// @throws DamagedRangeException if the bytes that hold `offset` can't be trusted
    public BatchSlice read(long offset, int maxBytes) throws IOException {
        return fetches().within(offset, () -> reader.read(offset, maxBytes));
    }

    /// Reads what is to be sent to clients.
    public LogFetch fetches() {
        return fetches;
    }

    /// Finds records by time.
    public TimestampSearch timestamps() {
        return new TimestampSearch(reader, segments, logStartOffset);
    }

    public long logStartOffset() {
        return logStartOffset;
    }

    public long logEndOffset() {
        return segments.active().nextOffset();
    }

    /// All marks at one moment. With one replica, what is written is committed to the log; it is stable as far as no
    /// transaction is open.
    public Offsets offsets() {
        // The marks that follow the end come first, so that none leads it. A transaction is open before its first
        // batch is there, and over after its marker is, so what is stable is asked for last.
        long durable = flush.durableOffset();
        long start = logStartOffset;
        long end = logEndOffset();
        long stable = Math.max(start, Math.min(end, producers.open().firstOffset()));
        return new Offsets(start, stable, end, end, durable);
    }

    public long sizeInBytes() {
        return segments.all().stream().mapToLong(Segment::sizeInBytes).sum();
    }

    /// The segments, oldest first.
    public List<SegmentInfo> segments() {
        var all = segments.all();
        return all.stream()
                .map(segment -> segment.info(segment == all.getLast()))
                .toList();
    }

    /// The segment with this base offset, to be looked into.
    public Optional<ReadableSegment> findSegment(long baseOffset) {
        var all = segments.all();
        return all.stream()
                .filter(segment -> segment.baseOffset() == baseOffset)
                .findFirst()
                .map(segment -> new SegmentLens(files, segment, segment == all.getLast(), damaged.of(baseOffset)));
    }

    /// What can't be read, in order of the offsets.
    public List<DamagedRange> damagedRanges() {
        return damaged.all();
    }

    /// Where things lie.
    ///
    /// @param leaderEpoch the one that the log is written in now, whether it has records or not
    public LogPositions positions(int leaderEpoch) {
        return new LogPositions(this, epochs, segments, reader, leaderEpoch);
    }

    public LogSettings settings() {
        return settings;
    }

    /// Rules that hold from now on.
    public void configure(LogSettings newSettings) {
        settings = newSettings;
        reader.allowGaps(newSettings.compaction().compact());
    }

    /// What keeps the log in order over time.
    public LogUpkeep upkeep() {
        return upkeep;
    }

    /// Closes the files. What was not flushed is not.
    @Override
    public void close() throws IOException {
        for (var segment : segments.all()) {
            segment.close();
        }
        upkeep.closeRemoved();
    }

    /// Begins a new segment. The old one is forced by the next flush, not here, where appends wait; that of the names
    /// which the log began with they have to wait for, once, if nothing has been flushed yet.
    void roll() throws IOException {
        if (!flush.areNamesForced()) {
            flush.forceNames();
        }
        long baseOffset = logEndOffset();
        var rules = settings.segments();
        var snapshot = new ProducerSnapshots.Snapshot(baseOffset, producers.snapshot());
        var start = new Segment.Start(
                0,
                baseOffset,
                SegmentStart.newIndexes(baseOffset, rules),
                SegmentTransactions.none(files, damaged, baseOffset),
                clock.millis(),
                SegmentStart.drawJitter(rules));
        // Nothing may fail behind this, or an empty file would claim offsets that the old segment goes on to give out.
        var file = SegmentFile.open(files.disk(), files.path(baseOffset, LogFiles.LOG));
        flush.rolled(snapshot);
        rolled = true;
        segments.add(new Segment(files, file, baseOffset, rules, damaged, start));
    }

    /// Opens what lies in the same place.
    PartitionLog openAnew(OpeningMarks marks) throws IOException {
        var loaded = new LogRecovery(files, settings, marks, clock, new RecoveryProgress()).run();
        return new PartitionLog(place, files, settings, clock, loaded);
    }

    void startAt(long offset) {
        logStartOffset = Math.max(logStartOffset, offset);
    }
}
