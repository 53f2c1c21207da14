package io.vitrine.log;

import io.vitrine.log.TransactionIndexFile.Stored;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Hands a partition log's segments to [Compaction], and puts what comes of them in their place. A reader sees the
/// old segments or the new one: the old ones can be read to their end by those who have begun.
/// ```
///   1. the indexes of the new segment are made from it and forced, as is its list of aborted transactions
///   2. the old segments are detached from their names
///   3. files change their names, the directory is forced (SegmentSwap)
///   4. the list of segments is replaced
///   5. after file.delete.delay.ms, the old files are closed and deleted
/// ```
/// For one compaction.
final class LogCompactionSource implements CompactionSource {
    private final Place place;
    private final List<ClosedSegment> candidates;
    private final ProducerSnapshots.Snapshot producers;
    private final LogSettings settings;
    private final InstantSource clock;
    private final SegmentSwap swap;
    private final List<Segment> suspects = new ArrayList<>();
    private @Nullable List<AbortedTransaction> aborted;

    /// Where the log lies.
    record Place(LogFiles files, SegmentList segments, LogReader reader, SegmentRemoval removal) {}

    /// @param candidates segments that may be replaced, and last one that may not
    LogCompactionSource(
            Place place,
            List<ClosedSegment> candidates,
            ProducerSnapshots.Snapshot producers,
            LogSettings settings,
            InstantSource clock) {
        this.place = place;
        this.candidates = candidates;
        this.producers = producers;
        this.settings = settings;
        this.clock = clock;
        this.swap = new SegmentSwap(place.files().disk(), place.files().directory());
    }

    @Override
    public List<? extends CompactionSegment> segments() {
        return candidates;
    }

    /// What the log knew when this was asked first: transactions that were dropped since do no harm.
    @Override
    public List<AbortedTransaction> abortedTransactions(long fromOffset, long toOffset) throws IOException {
        suspect(fromOffset, toOffset);
        if (aborted == null) {
            aborted = readAborted();
        }
        return aborted.stream()
                .filter(one -> one.lastOffset() >= fromOffset && one.firstOffset() < toOffset)
                .toList();
    }

    @Override
    public Map<Long, LastRecord> lastRecords() {
        var records = new HashMap<Long, LastRecord>();
        for (var entry : producers.producers()) {
            long last = entry.lastOffset() >= 0 ? entry.lastOffset() : LastRecord.NO_DATA;
            records.put(entry.producerId(), new LastRecord(last, entry.epoch()));
        }
        return records;
    }

    @Override
    public SegmentFile openCleaned(long baseOffset) throws IOException {
        return SegmentFile.open(place.files().disk(), cleaned(baseOffset, LogFiles.LOG));
    }

    @Override
    public void discardCleaned(long baseOffset) throws IOException {
        swap.discardCleaned(baseOffset);
    }

    @Override
    public void swapIn(CleanedSegment cleaned) throws IOException {
        var old = replacedBy(cleaned);
        suspects.clear();
        suspects.addAll(old);
        try {
            writeIndexes(cleaned, old.getLast().nextOffset());
            writeAborted(cleaned);
            for (var segment : old) {
                segment.detach();
            }
            place.reader().whileNothingIsExamined(() -> replace(cleaned, old));
        } catch (LogBrokenException e) {
            throw e;
        } catch (IOException e) {
            discard(cleaned.baseOffset(), e);
            throw e;
        }
        place.removal().takeOver(old, clock.millis() + settings.retention().fileDeleteDelayMs());
    }

    /// Looks at every byte of the segments that were being read when something was no batch, so that the damage is
    /// known from now on.
    void examineSuspects() throws IOException {
        for (var segment : suspects) {
            if (place.segments().all().contains(segment)) {
                place.reader().examine(segment);
            }
        }
    }

    private void replace(CleanedSegment cleaned, List<Segment> old) throws IOException {
        for (var segment : old) {
            var damage = place.reader().damaged().of(segment.baseOffset());
            if (!damage.isEmpty()) {
                throw new IOException("Segment %d is left as it is: %s".formatted(segment.baseOffset(), damage));
            }
        }
        try {
            swap.replace(cleaned.replaced());
            place.segments().replace(old, List.of(open(cleaned, old)));
        } catch (IOException e) {
            throw new LogBrokenException(
                    "The compacted segment %d could not be put in place".formatted(cleaned.baseOffset()), e);
        }
    }

    private Segment open(CleanedSegment cleaned, List<Segment> old) throws IOException {
        long baseOffset = cleaned.baseOffset();
        var files = place.files();
        var file = SegmentFile.open(files.disk(), files.path(baseOffset, LogFiles.LOG));
        var last = old.getLast();
        boolean aborted = !cleaned.abortedTransactions().isEmpty();
        var transactions = SegmentTransactions.stored(
                new TransactionIndexFile(files, place.reader().damaged(), baseOffset, last.nextOffset()),
                aborted ? Stored.IN_FILE : Stored.NONE);
        var start = new Segment.Start(
                Math.toIntExact(cleaned.sizeInBytes()), last.nextOffset(), null, transactions, last.createdMs(), 0);
        var segment = new Segment(
                files, file, baseOffset, settings.segments(), place.reader().damaged(), start);
        segment.release();
        return segment;
    }

    private List<Segment> replacedBy(CleanedSegment cleaned) {
        return candidates.stream()
                .map(ClosedSegment::segment)
                .filter(segment -> cleaned.replaced().contains(segment.baseOffset()))
                .toList();
    }

    /// Makes the indexes from the new file, and thereby has a last look at it before the old ones go.
    private void writeIndexes(CleanedSegment cleaned, long endOffset) throws IOException {
        long baseOffset = cleaned.baseOffset();
        var indexes = SegmentStart.newIndexes(baseOffset, settings.segments());
        try (var file = openCleaned(baseOffset)) {
            var terms = new SegmentScan.Terms(baseOffset, endOffset, Long.MAX_VALUE, true);
            var found = new SegmentScan(file, cleaned.sizeInBytes(), terms, List.of(), indexes::add).run();
            if (found.tailDamage() != null || !found.damaged().isEmpty()) {
                var reason = found.tailDamage() != null
                        ? found.tailDamage()
                        : found.damaged().getFirst().toString();
                throw new DamagedLogException(file.path(), found.soundEnd(), reason);
            }
        }
        indexes.complete();
        write(cleaned(baseOffset, LogFiles.OFFSET_INDEX), indexes.offsets().encode());
        write(cleaned(baseOffset, LogFiles.TIME_INDEX), indexes.times().encode());
    }

    private void writeAborted(CleanedSegment cleaned) throws IOException {
        if (cleaned.abortedTransactions().isEmpty()) {
            return;
        }
        var index = new TransactionIndex(cleaned.baseOffset());
        cleaned.abortedTransactions().forEach(index::add);
        write(cleaned(cleaned.baseOffset(), LogFiles.TRANSACTION_INDEX), index.encode());
    }

    private void write(Path path, ByteBuffer content) throws IOException {
        try (var file = SegmentFile.open(place.files().disk(), path)) {
            file.truncate(0);
            file.write(content, 0);
            file.force();
        }
    }

    private List<AbortedTransaction> readAborted() throws IOException {
        var all = new ArrayList<AbortedTransaction>();
        for (var segment : place.segments().all()) {
            all.addAll(segment.transactions().entries());
        }
        return all;
    }

    /// What is read next lies between these offsets.
    private void suspect(long fromOffset, long toOffset) {
        suspects.clear();
        for (int i = 0; i + 1 < candidates.size(); i++) {
            if (candidates.get(i).baseOffset() < toOffset
                    && candidates.get(i + 1).baseOffset() > fromOffset) {
                suspects.add(candidates.get(i).segment());
            }
        }
    }

    private void discard(long baseOffset, IOException cause) {
        try {
            swap.discardCleaned(baseOffset);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    private Path cleaned(long baseOffset, String suffix) {
        return place.files().path(LogFiles.name(baseOffset, suffix) + SegmentSwap.CLEANED_SUFFIX);
    }
}
