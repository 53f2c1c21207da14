package io.vitrine.log;

import io.vitrine.record.RecordBatch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Opens the segments of a partition. After an orderly stop nothing is read but the last batches' headers. After a
/// crash, what lies past the recovery point is checked: an unfinished last write is cut off exactly; what is damaged
/// although it was forced once, or is followed by something sound, is set apart as a [DamagedRange] and stays.
/// ```
///   0 ............ snapshot ............ recovery point ............ end
///     not read      headers: producers     headers and checksums
/// ```
final class LogRecovery {
    private static final Logger log = LoggerFactory.getLogger(LogRecovery.class);
    private static final int MAX_TEXT_BYTES = 16 * 1024 * 1024;

    private final LogFiles files;
    private final LogSettings settings;
    private final OpeningMarks marks;
    private final InstantSource clock;
    private final RecoveryProgress progress;
    private final ProducerRecovery producers;
    private final List<Segment> segments = new ArrayList<>();
    private DamagedRanges damaged = new DamagedRanges(List.of());
    private LeaderEpochs epochs = new LeaderEpochs();
    private LogContents contents = new LogContents(List.of(), Set.of(), Set.of());
    private long readFrom;
    private long nextOffset;
    private boolean damageChanged;
    private boolean epochsWereThere;
    private @Nullable IOException unforced;

    LogRecovery(
            LogFiles files, LogSettings settings, OpeningMarks marks, InstantSource clock, RecoveryProgress progress) {
        this.files = files;
        this.settings = settings;
        this.marks = marks;
        this.clock = clock;
        this.progress = progress;
        this.producers = new ProducerRecovery(files);
    }

    LoadedLog run() throws IOException {
        files.disk().createDirectories(files.directory());
        contents = new LogCleanUp(files).run();
        if (TailRewrite.isMarked(files)) {
            rewriteTail();
            contents = LogContents.of(files);
        }
        var baseOffsets = contents.segments();
        damaged = readDamaged();
        epochsWereThere = readEpochs();
        chooseWhereToRead(baseOffsets, epochsWereThere);
        try {
            openAll(baseOffsets);
            if (!isLogStartPossible()) {
                log.error(
                        "{}: the log start {} lies behind the end {} and is passed over",
                        files.directory().getFileName(),
                        marks.logStartOffset(),
                        nextOffset);
            }
            tidyUp();
        } catch (IOException e) {
            for (var segment : segments) {
                segment.close();
            }
            throw e;
        }
        return new LoadedLog(
                segments,
                producers.producers(),
                epochs,
                damaged,
                logStartOffset(),
                durableOffset(),
                unforced,
                isSettled());
    }

    /// An fsync has failed before the log was last closed. What can be read past the recovery point may be in memory
    /// only, where no fsync would find it.
    private void rewriteTail() throws IOException {
        log.warn(
                "{}: an fsync has failed, what lies behind offset {} is written again",
                files.directory().getFileName(),
                marks.recoveryPoint());
        var rewrite = new TailRewrite(files, marks.recoveryPoint(), Long.MAX_VALUE);
        rewrite.plan();
        try {
            rewrite.prepare();
        } catch (IOException e) {
            tolerateFullDisk(e);
            return;
        }
        rewrite.swap();
    }

    /// Then the log can be read, and nothing more until there is room again.
    private void tolerateFullDisk(IOException failure) throws IOException {
        if (!FullDisk.caused(failure)) {
            throw failure;
        }
        unforced = failure;
    }

    private DamagedRanges readDamaged() throws IOException {
        var file = files.path(DamagedRanges.FILE);
        if (!files.disk().exists(file)) {
            return new DamagedRanges(List.of());
        }
        try {
            return DamagedRanges.decode(SmallFile.read(files.disk(), file, MAX_TEXT_BYTES));
        } catch (IOException e) {
            log.warn("{}: {}", files.directory().getFileName(), e.getMessage());
            return new DamagedRanges(List.of());
        }
    }

    /// Returns whether the file was there and sound.
    private boolean readEpochs() throws IOException {
        var file = files.path(LogFiles.LEADER_EPOCHS);
        if (!files.disk().exists(file)) {
            return false;
        }
        try {
            var text = StandardCharsets.UTF_8.decode(SmallFile.read(files.disk(), file, MAX_TEXT_BYTES));
            epochs = LeaderEpochs.decode(text.toString());
            return true;
        } catch (IOException e) {
            log.warn("{}: {} is made anew: {}", files.directory().getFileName(), file.getFileName(), e.getMessage());
            return false;
        }
    }

    /// Finds the newest snapshot that needs no unchecked record, and the first offset whose batch has to be seen.
    private void chooseWhereToRead(List<Long> baseOffsets, boolean epochsKnown) throws IOException {
        long first = baseOffsets.isEmpty() ? marks.logStartOffset() : baseOffsets.getFirst();
        long checked = marks.cleanlyStopped() ? Long.MAX_VALUE : marks.recoveryPoint();
        // Of what is deleted, a crash may have left the older part.
        long kept = baseOffsets.stream()
                .filter(base -> base <= marks.logStartOffset())
                .reduce(first, Math::max);
        long producersFrom = producers.begin(kept, checked);
        readFrom = epochsKnown ? Math.min(producersFrom, checked) : first;
    }

    private void openAll(List<Long> baseOffsets) throws IOException {
        nextOffset = baseOffsets.isEmpty() ? endOfLostLog() : baseOffsets.getFirst();
        for (int i = 0; i < baseOffsets.size(); i++) {
            long base = baseOffsets.get(i);
            long end = i + 1 < baseOffsets.size() ? baseOffsets.get(i + 1) : Long.MAX_VALUE;
            open(base, end);
        }
        if (segments.isEmpty() || segments.getLast().nextOffset() < nextOffset) {
            // Behind a damaged tail nothing is appended to the same file.
            var file = SegmentFile.open(files.disk(), files.path(nextOffset, LogFiles.LOG));
            var indexes = SegmentStart.newIndexes(nextOffset, settings.segments());
            add(
                    file,
                    nextOffset,
                    new SegmentEnd(0, nextOffset),
                    indexes,
                    SegmentTransactions.none(files, damaged, nextOffset));
            if (nextOffset > 0) {
                // Or a loss of power could take its name and leave that of the next one. Of a log that is new, the
                // names are forced with what it holds first.
                files.disk().forceDirectory(files.directory());
            }
        }
    }

    /// No offset is given out twice, even if all segments are gone.
    private long endOfLostLog() {
        long end = Math.max(marks.logStartOffset(), marks.recoveryPoint());
        if (end > 0) {
            log.error(
                    "{}: there is no segment; the log goes on with offset {}",
                    files.directory().getFileName(),
                    end);
        }
        return end;
    }

    private void open(long baseOffset, long endOffset) throws IOException {
        var file = SegmentFile.openExisting(files.disk(), files.path(baseOffset, LogFiles.LOG));
        try {
            long size = file.sizeInBytes();
            if (size > Integer.MAX_VALUE) {
                throw new DamagedLogException(file.path(), Integer.MAX_VALUE, "a segment has at most 2 GiB");
            }
            if (endOffset == Long.MAX_VALUE || endOffset > readFrom) {
                read(file, new SegmentScan.Terms(baseOffset, endOffset, checksumsFrom(), gapsAllowed()));
            } else {
                nextOffset = endOffset;
                var transactions = SegmentTransactions.stored(
                        new TransactionIndexFile(files, damaged, baseOffset, endOffset),
                        contents.transactionsOf(baseOffset));
                add(file, baseOffset, new SegmentEnd((int) size, endOffset), null, transactions);
            }
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    private void read(SegmentFile file, SegmentScan.Terms terms) throws IOException {
        int size = (int) file.sizeInBytes();
        boolean last = terms.endOffset() == Long.MAX_VALUE;
        var start = SegmentStart.find(files, file, terms.baseOffset(), readFrom);
        var indexes = start.indexes(settings.segments());
        var aborted = producers.transactionsOf(terms.baseOffset(), contents, damaged);
        progress.toCheck(marks.cleanlyStopped() ? 0 : size - start.position());
        var scan = new SegmentScan(file, size, terms, damaged.of(terms.baseOffset()), (batch, position) -> {
            if (!start.isIndexed(position)) {
                indexes.add(batch, position);
            }
            learn(batch);
            producers.learn(file, batch, position, aborted);
        });
        var result = scan.run(start.position(), start.offset());
        note(result.damaged());
        nextOffset = result.nextOffset();
        int kept = result.tailDamage() == null ? size : settleTail(file, terms, result);
        noteMissing(terms, kept);
        if (!last) {
            nextOffset = Math.max(nextOffset, terms.endOffset());
        }
        add(
                file,
                terms.baseOffset(),
                new SegmentEnd(kept, last ? result.nextOffset() : nextOffset),
                indexes,
                SegmentTransactions.growing(
                        new TransactionIndexFile(files, damaged, terms.baseOffset(), terms.endOffset()),
                        aborted,
                        contents.transactionsOf(terms.baseOffset())));
    }

    private void learn(RecordBatch batch) {
        if (batch.partitionLeaderEpoch() <= marks.leaderEpoch()) {
            learnEpoch(batch);
        } else {
            log.warn(
                    "{}: the batch at offset {} has leader epoch {}, the current one is {}",
                    files.directory().getFileName(),
                    batch.baseOffset(),
                    batch.partitionLeaderEpoch(),
                    marks.leaderEpoch());
        }
        progress.checked(marks.cleanlyStopped() ? 0 : batch.sizeInBytes());
    }

    private void learnEpoch(RecordBatch batch) {
        if (batch.partitionLeaderEpoch() != RecordBatch.NO_LEADER_EPOCH) {
            epochs.assign(batch.partitionLeaderEpoch(), batch.baseOffset());
        }
    }

    /// Nothing sound follows here. Past the recovery point that is an unfinished write, which nobody was promised;
    /// before it, records were lost that were on disk once.
    ///
    /// @return how much of the file counts
    private int settleTail(SegmentFile file, SegmentScan.Terms terms, SegmentScan.Result result) throws IOException {
        int size = (int) file.sizeInBytes();
        boolean last = terms.endOffset() == Long.MAX_VALUE;
        long lostTo = last ? Math.max(marks.recoveryPoint(), result.nextOffset()) : terms.endOffset();
        if (!last || lostTo > result.nextOffset()) {
            note(List.of(new DamagedRange(
                    terms.baseOffset(),
                    result.soundEnd(),
                    size - result.soundEnd(),
                    result.nextOffset(),
                    lostTo,
                    String.valueOf(result.tailDamage()))));
            nextOffset = lostTo;
            return size;
        }
        log.warn(
                "{}/{}: cut back from {} to {} bytes, next offset {}: {}",
                files.directory().getFileName(),
                file.path().getFileName(),
                size,
                result.soundEnd(),
                result.nextOffset(),
                result.tailDamage());
        progress.cut(size - (long) result.soundEnd());
        file.truncate(result.soundEnd());
        try {
            file.force();
        } catch (IOException e) {
            TailRewrite.mark(files);
            tolerateFullDisk(e);
        }
        return result.soundEnd();
    }

    /// A segment that was closed shortly before a loss of power may have lost its end although the next one is there;
    /// the last one has lost something that was on disk once, if it ends before the recovery point.
    private void noteMissing(SegmentScan.Terms terms, int size) {
        if (terms.endOffset() == Long.MAX_VALUE) {
            if (nextOffset < marks.recoveryPoint()) {
                note(List.of(DamagedRange.missing(terms.baseOffset(), size, nextOffset, marks.recoveryPoint())));
                nextOffset = marks.recoveryPoint();
            }
        } else if (nextOffset < terms.endOffset() && !terms.gapsAllowed() && nextOffset >= marks.recoveryPoint()) {
            note(List.of(DamagedRange.missing(terms.baseOffset(), size, nextOffset, terms.endOffset())));
        }
    }

    private void note(List<DamagedRange> found) {
        for (var range : found) {
            log.error("{}: {}", files.directory().getFileName(), range);
            progress.found(range);
        }
        damageChanged |= damaged.add(found);
    }

    private record SegmentEnd(int sizeInBytes, long nextOffset) {}

    private void add(
            SegmentFile file,
            long baseOffset,
            SegmentEnd end,
            @Nullable SegmentIndexes indexes,
            SegmentTransactions transactions)
            throws IOException {
        var start = new Segment.Start(
                end.sizeInBytes(),
                end.nextOffset(),
                indexes,
                transactions,
                clock.millis(),
                SegmentStart.drawJitter(settings.segments()));
        var segment = new Segment(files, file, baseOffset, settings.segments(), damaged, start);
        segment.release();
        segments.add(segment);
    }

    private boolean isSettled() {
        return marks.cleanlyStopped() && epochsWereThere && readFrom == nextOffset && unforced == null;
    }

    private void tidyUp() throws IOException {
        producers.tidyUp(nextOffset, clock.millis() - settings.producerExpirationMs());
        epochs.truncateFromEnd(nextOffset);
        damageChanged |= damaged.removeIf(range -> segments.stream()
                .noneMatch(segment -> segment.baseOffset() == range.segmentBaseOffset()
                        && segment.sizeInBytes() >= range.endPosition()));
        if (damageChanged) {
            writeDamaged();
        }
    }

    /// What is damaged is found again by whoever reads it.
    private void writeDamaged() {
        try {
            SmallFile.replace(files.disk(), files.path(DamagedRanges.FILE), damaged.encode());
        } catch (IOException e) {
            log.warn(
                    "{}: the damage could not be written down: {}",
                    files.directory().getFileName(),
                    e.toString());
        }
    }

    /// After an orderly stop, the recovery point is the end, if it is known.
    private long checksumsFrom() {
        return marks.cleanlyStopped() && marks.recoveryPoint() == 0 ? Long.MAX_VALUE : marks.recoveryPoint();
    }

    private boolean gapsAllowed() {
        return settings.compaction().compact();
    }

    private long logStartOffset() {
        long first = segments.getFirst().baseOffset();
        return isLogStartPossible() ? Math.max(first, marks.logStartOffset()) : first;
    }

    /// The log start that is written down never leads what is durable, so one behind the end is damaged.
    private boolean isLogStartPossible() {
        return marks.logStartOffset() <= nextOffset;
    }

    private long durableOffset() {
        return marks.cleanlyStopped() ? nextOffset : Math.clamp(marks.recoveryPoint(), logStartOffset(), nextOffset);
    }
}
