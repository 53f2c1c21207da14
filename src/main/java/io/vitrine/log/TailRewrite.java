package io.vitrine.log;

import io.vitrine.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes the end of a log again, into other files, after an fsync of it has failed. Linux takes what it could not
/// write for written: it can be read as long as it stays in memory, and the next fsync "succeeds" without it. Only
/// bytes that are written anew are forced for sure.
/// ```
///   before   40.log  | forced | in memory, perhaps on disk |     90.log  | in memory, perhaps on disk |
///   after    40.log  | forced |   72.log  | forced         |     90.log  | forced                     |
/// ```
/// [#prepare()] writes beside the log and changes nothing of it, so that it can fail and be tried again. [#swap()]
/// gives the new files their names and only then cuts the old one; whoever stops in between leaves batches twice,
/// and the mark, so that the next opening does it all again. For a log that nobody uses.
final class TailRewrite {
    private static final Logger log = LoggerFactory.getLogger(TailRewrite.class);
    private static final String MARK = "unforced-tail";
    private static final String BESIDE = ".tmp";
    private static final int CHUNK_BYTES = 256 * 1024;
    private static final int SHARED_BYTES = 64 * 1024;

    private final LogFiles files;
    private final long from;
    private final long keptUpTo;
    private final List<Copy> copies = new ArrayList<>();
    private final List<Long> givenUp = new ArrayList<>();
    private @Nullable Cut cut;
    private boolean endsEarly;

    /// What is to be written again, as the segment `name`.
    private record Copy(long name, long segment, int position, int end) {}

    private record Cut(long segment, int position) {}

    /// @param name the base offset of the segment to be made of it
    private record Span(long name, int position, int end) {}

    /// @param from everything before it has been forced
    /// @param keptUpTo nothing from this offset on was acknowledged: the first unsound batch there ends the log.
    ///     Unsound ones before it stay as they are, for [LogRecovery] to judge
    TailRewrite(LogFiles files, long from, long keptUpTo) {
        this.files = files;
        this.from = from;
        this.keptUpTo = keptUpTo;
    }

    /// Notes, for whoever opens the log next, that an fsync has failed. It is the best that can be done about it: a
    /// disk in trouble may not take the note.
    static void mark(LogFiles files) {
        try {
            files.disk().open(files.path(MARK)).close();
        } catch (IOException e) {
            log.error(
                    "{}: that an fsync failed could not be noted for the next start: {}",
                    files.directory().getFileName(),
                    e.toString());
        }
    }

    /// Has an fsync failed, and has nothing been done about it yet?
    static boolean isMarked(LogFiles files) throws IOException {
        return files.disk().exists(files.path(MARK));
    }

    /// Finds out what there is to write.
    ///
    /// @return how many bytes
    long plan() throws IOException {
        var bases = files.offsets(LogFiles.LOG);
        for (int i = 0; i < bases.size(); i++) {
            long end = i + 1 < bases.size() ? bases.get(i + 1) : Long.MAX_VALUE;
            if (endsEarly) {
                givenUp.add(bases.get(i));
            } else if (end >= from) {
                plan(bases.get(i), end);
            }
        }
        return copies.stream().mapToLong(copy -> copy.end() - copy.position()).sum();
    }

    /// Writes the new files and forces them.
    ///
    /// @throws IOException if that failed; nothing has changed
    void prepare() throws IOException {
        try {
            for (var copy : copies) {
                write(copy);
            }
            writeSharedAgain();
            // Made anew, because it may be one of the things that have not come to disk.
            files.disk().delete(files.path(MARK));
            files.disk().open(files.path(MARK)).close();
            files.disk().forceDirectory(files.directory());
        } catch (IOException e) {
            for (var copy : copies) {
                drop(copy, e);
            }
            throw e;
        }
    }

    /// Puts the new files in the place of the old.
    ///
    /// @throws IOException if that failed; it has to be planned anew, then, and the log must not be opened before
    void swap() throws IOException {
        for (var copy : copies) {
            deleteIndexes(copy.segment());
            if (copy.name() == copy.segment()) {
                deleteTransactions(copy.segment());
            }
            files.disk().rename(files.path(copy.name(), LogFiles.LOG + BESIDE), files.path(copy.name(), LogFiles.LOG));
        }
        for (var segment : givenUp) {
            deleteIndexes(segment);
            deleteTransactions(segment);
            files.disk().delete(files.path(segment, LogFiles.LOG));
        }
        files.disk().forceDirectory(files.directory());
        var old = cut;
        if (old != null) {
            deleteIndexes(old.segment());
            try (var file = open(old.segment())) {
                file.truncate(old.position());
                file.force();
            }
        }
        files.disk().delete(files.path(MARK));
        log.info(
                "{}: what lies behind offset {} has been written again",
                files.directory().getFileName(),
                from);
    }

    private void plan(long base, long endOffset) throws IOException {
        try (var file = open(base)) {
            var span = spanOf(file, base, endOffset);
            if (span.name() > base) {
                cut = new Cut(base, span.position());
            }
            int end = soundEnd(file, span, new SegmentScan.Terms(base, endOffset, base, true));
            if (base >= from || end > span.position()) {
                copies.add(new Copy(span.name(), base, span.position(), end));
            }
            endsEarly = end < span.end();
        }
    }

    /// What of a segment lies behind `from` and before the next segment: a stop in the middle of [#swap()] leaves in
    /// the old file what the new one has, sound or not.
    private Span spanOf(SegmentFile file, long base, long endOffset) throws IOException {
        int size = (int) Math.min(Integer.MAX_VALUE, file.sizeInBytes());
        var start = SegmentStart.find(files, file, base, from);
        var finder = new SpanFinder(start.position(), size, endOffset);
        var result = new SegmentScan(
                        file,
                        size,
                        new SegmentScan.Terms(base, Long.MAX_VALUE, Long.MAX_VALUE, true),
                        List.of(),
                        finder)
                .run(start.position(), start.offset());
        for (var range : result.damaged()) {
            if (range.firstOffset() < from) {
                finder.begin = Math.max(finder.begin, range.endPosition());
            }
        }
        if (result.tailDamage() != null && result.nextOffset() < from) {
            finder.begin = size;
        }
        long name = Math.max(base, Math.min(from, finder.firstOffset));
        return new Span(name, finder.begin, endOffset <= from ? finder.begin : Math.max(finder.begin, finder.end));
    }

    private final class SpanFinder implements SegmentScan.Visitor {
        private final long endOffset;
        private long firstOffset = Long.MAX_VALUE;
        private int begin;
        private int end;

        SpanFinder(int begin, int end, long endOffset) {
            this.begin = begin;
            this.end = end;
            this.endOffset = endOffset;
        }

        @Override
        public void visit(RecordBatch batch, int position) {
            int next = position + batch.sizeInBytes();
            if (batch.nextOffset() <= from) {
                begin = next;
            } else {
                // A log can start in the middle of a batch.
                firstOffset = Math.min(firstOffset, batch.baseOffset());
            }
            if (batch.nextOffset() == endOffset) {
                end = Math.min(end, next);
            } else if (batch.baseOffset() == endOffset) {
                end = Math.min(end, position);
            }
        }
    }

    private int soundEnd(SegmentFile file, Span span, SegmentScan.Terms terms) throws IOException {
        if (keptUpTo == Long.MAX_VALUE) {
            return span.end();
        }
        var result = new SegmentScan(file, span.end(), terms, List.of(), (_, _) -> {})
                .run(span.position(), Math.max(terms.baseOffset(), from));
        for (var range : result.damaged()) {
            if (range.firstOffset() >= keptUpTo) {
                return giveUp(range.position(), range.firstOffset(), range.reason());
            }
        }
        var damage = result.tailDamage();
        return damage != null && result.nextOffset() >= keptUpTo
                ? giveUp(result.soundEnd(), result.nextOffset(), damage)
                : span.end();
    }

    private int giveUp(int position, long offset, String damage) {
        log.error(
                "{}: what lay behind offset {} never came to disk and is lost ({}); none of it was acknowledged as"
                        + " durable",
                files.directory().getFileName(),
                offset,
                damage);
        return position;
    }

    private void write(Copy copy) throws IOException {
        try (var source = open(copy.segment());
                var target = SegmentFile.open(files.disk(), files.path(copy.name(), LogFiles.LOG + BESIDE))) {
            target.truncate(0);
            var chunk = ByteBuffer.allocate(CHUNK_BYTES);
            for (int at = copy.position(); at < copy.end(); at += chunk.limit()) {
                source.read(chunk.clear().limit(Math.min(CHUNK_BYTES, copy.end() - at)), at);
                if (chunk.flip().limit() == 0) {
                    throw new IOException("%s ended while it was copied".formatted(source.path()));
                }
                target.write(chunk.duplicate(), at - copy.position());
            }
            target.force();
        }
    }

    /// What was forced last lies in the same pages as what could not be, and may have gone with it.
    private void writeSharedAgain() throws IOException {
        var old = cut;
        if (old != null) {
            try (var file = open(old.segment())) {
                int begin = Math.max(0, old.position() - SHARED_BYTES);
                var bytes = ByteBuffer.allocate(old.position() - begin);
                file.read(bytes, begin);
                file.write(bytes.flip(), begin);
                file.force();
            }
        }
    }

    private void drop(Copy copy, IOException cause) {
        try {
            files.disk().delete(files.path(copy.name(), LogFiles.LOG + BESIDE));
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    /// They are made anew from the segment.
    private void deleteIndexes(long segment) throws IOException {
        files.disk().delete(files.path(segment, LogFiles.OFFSET_INDEX));
        files.disk().delete(files.path(segment, LogFiles.TIME_INDEX));
    }

    /// All of them lie behind what is forced, and are found again with it.
    private void deleteTransactions(long segment) throws IOException {
        files.disk().delete(files.path(segment, LogFiles.TRANSACTION_INDEX));
    }

    private SegmentFile open(long segment) throws IOException {
        return SegmentFile.open(files.disk(), files.path(segment, LogFiles.LOG));
    }
}
