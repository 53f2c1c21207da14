package io.vitrine.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// The compaction of one partition log, beside appends, reads and all else that is done to it. Only the removal of
/// segments has to wait, from [#begin] to [#end].
///
/// Segments are compacted that are closed, indexed, and lie wholly before the recovery point that is written down:
/// what is checked after a crash has no gaps then. A segment in which something is known to be damaged stays as it
/// is, and so does all that follows it.
///
/// One thread at a time.
public final class LogCompaction {
    private final PartitionLog log;
    private final LogFiles files;
    private final SegmentList segments;
    private final LogReader reader;
    private final SegmentRemoval removal;
    private final InstantSource clock;
    private volatile boolean running;

    LogCompaction(
            PartitionLog log,
            LogFiles files,
            SegmentList segments,
            LogReader reader,
            SegmentRemoval removal,
            InstantSource clock) {
        this.log = log;
        this.files = files;
        this.segments = segments;
        this.reader = reader;
        this.removal = removal;
        this.clock = clock;
    }

    /// What is to be compacted.
    public static final class Plan {
        private final CleanableRange range;
        private final List<ClosedSegment> segments;
        private final LogUpkeep.Moment moment;

        private Plan(CleanableRange range, List<ClosedSegment> segments, LogUpkeep.Moment moment) {
            this.range = range;
            this.segments = segments;
            this.moment = moment;
        }

        public CleanableRange range() {
            return range;
        }
    }

    /// Keeps segments from being removed. Under the owner's lock.
    public void begin() {
        if (running) {
            throw new IllegalStateException("%s is being compacted".formatted(files.directory()));
        }
        running = true;
    }

    /// Lets segments be removed again.
    public void end() {
        running = false;
    }

    /// Is it between [#begin] and [#end]? Under the owner's lock.
    public boolean isRunning() {
        return running;
    }

    /// Looks at what can be compacted.
    ///
    /// @param moment the producers, as of now or a little while ago
    /// @param noted where the compaction before this one stopped, if that is known
    /// @param checkpointed the recovery point that is written down
    public Plan plan(LogUpkeep.Moment moment, OptionalLong noted, long checkpointed) throws IOException {
        var offsets = log.offsets();
        var candidates = candidates(checkpointed);
        try {
            var range = CleanableRange.of(
                    candidates,
                    withStableEnd(offsets, moment.snapshot()),
                    noted,
                    log.settings().compaction(),
                    clock.millis());
            return new Plan(range, candidates, moment);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /// Compacts, as far as the memory goes. Between [#begin] and [#end], with a plan made since. What had been
    /// compacted before something failed stays so.
    ///
    /// @throws LogBrokenException if it is unknown what the disk holds; opening the log again puts it in order
    /// @throws IOException if the disk failed, the throttle said stop, or bytes are no batch
    public Cleaned run(Plan plan, CleanerMemory memory, Throttle throttle) throws IOException {
        if (!running) {
            throw new IllegalStateException("Compaction of %s has not begun".formatted(files.directory()));
        }
        long mostKeys = plan.range.firstUncleanableOffset() - plan.range.firstDirtyOffset();
        long keyBytes = Math.min(memory.dedupeBufferBytes(), KeyOffsets.memoryFor(mostKeys, memory.loadFactor()));
        var keys = new KeyOffsets(keyBytes, memory.loadFactor());
        var compaction = new Compaction(keys, memory.ioBufferBytes() / 2, memory.maxUncompressedBytes(), throttle);
        var place = new LogCompactionSource.Place(files, segments, reader, removal);
        var source = new LogCompactionSource(place, plan.segments, plan.moment.snapshot(), log.settings(), clock);
        try {
            return compaction.run(source, plan.range, log.settings(), clock.millis());
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (DamagedLogException e) {
            source.examineSuspects();
            throw e;
        }
    }

    /// The damage that keeps the log from being compacted from there on.
    public Optional<DamagedRange> findObstacle() {
        return reader.damaged().all().stream().findFirst();
    }

    /// The segments up to the first that must not be touched, which is the last one here.
    private List<ClosedSegment> candidates(long checkpointed) {
        var candidates = new ArrayList<ClosedSegment>();
        for (var segment : segments.all()) {
            candidates.add(new ClosedSegment(segment, reader));
            if (!segment.isFinished()
                    || segment.nextOffset() > checkpointed
                    || !reader.damaged().of(segment.baseOffset()).isEmpty()) {
                return candidates;
            }
        }
        return candidates;
    }

    /// Records of a transaction that is open are left alone: it is not known what becomes of them.
    private static Offsets withStableEnd(Offsets offsets, ProducerSnapshots.Snapshot producers) {
        long stable = producers.producers().stream()
                .mapToLong(ProducerSnapshotEntry::currentTxnFirstOffset)
                .filter(offset -> offset >= 0)
                .min()
                .orElse(offsets.lastStableOffset());
        return new Offsets(
                offsets.logStartOffset(),
                Math.clamp(stable, offsets.logStartOffset(), offsets.lastStableOffset()),
                offsets.highWatermark(),
                offsets.logEndOffset(),
                offsets.durableOffset());
    }
}
