package io.vitrine.log;

import io.vitrine.record.RecordBatch;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The indexes of one segment, wherever they are: in memory while the segment grows, later in their files, read when
/// they are asked for and held as long as memory allows. Files that are missing or can't be right are made anew from
/// the segment. Whoever follows an entry compares it with the batch it leads to, and has the indexes made anew where
/// they differ: they have no checksum.
///
/// Thread-safe, but for [#add], which is its owner's.
final class SegmentIndex {
    private static final Logger log = LoggerFactory.getLogger(SegmentIndex.class);
    private static final int MAX_FILE_BYTES = 64 * 1024 * 1024;

    private final LogFiles files;
    private final long baseOffset;
    private final Source source;
    private volatile @Nullable SegmentIndexes growing;
    // Changed under the lock of `this`, which is held while files are read: who must not wait only looks at them.
    private volatile @Nullable SegmentIndexes detached;
    private volatile boolean distrusted;
    private volatile SoftReference<SegmentIndexes> loaded = new SoftReference<>(null);

    /// Makes the indexes from the segment's batches.
    interface Source {
        SegmentIndexes build() throws IOException;

        /// Sees to it that what else was missing with the files is on disk before they are written, or nothing would
        /// show any more that it was missing.
        void settle() throws IOException;
    }

    /// @param growing the indexes of a segment that is appended to; null if they are in files
    SegmentIndex(LogFiles files, long baseOffset, @Nullable SegmentIndexes growing, Source source) {
        this.files = files;
        this.baseOffset = baseOffset;
        this.growing = growing;
        this.source = source;
    }

    void add(RecordBatch batch, int position) {
        var indexes = growing;
        if (indexes == null) {
            throw new IllegalStateException("Segment %d is closed".formatted(baseOffset));
        }
        indexes.add(batch, position);
    }

    boolean isFull() {
        var indexes = growing;
        return indexes != null && indexes.isFull();
    }

    /// The indexes as they are now.
    SegmentIndexes get() throws IOException {
        var indexes = growing;
        if (indexes == null) {
            indexes = held();
        }
        return indexes != null ? indexes : load();
    }

    /// Where a batch lies that is at or before the one with `offset`.
    OffsetIndexEntry floor(long offset) throws IOException {
        return distrusted
                ? new OffsetIndexEntry(baseOffset, 0)
                : get().offsets().floor(offset);
    }

    /// The same as far as no file has to be read for it; empty if one has.
    Optional<OffsetIndexEntry> floorInMemory(long offset) {
        var indexes = growing;
        if (indexes == null) {
            indexes = held();
        }
        if (indexes == null) {
            return Optional.empty();
        }
        return Optional.of(
                distrusted
                        ? new OffsetIndexEntry(baseOffset, 0)
                        : indexes.offsets().floor(offset));
    }

    private @Nullable SegmentIndexes held() {
        var kept = detached;
        return kept != null ? kept : loaded.get();
    }

    /// The last batch known to begin at or before a byte of the segment.
    OffsetIndexEntry floorByPosition(int position) throws IOException {
        return distrusted
                ? new OffsetIndexEntry(baseOffset, 0)
                : get().offsets().floorByPosition(position);
    }

    /// The first batch known to begin at or behind a byte of the segment; empty if none is known.
    Optional<OffsetIndexEntry> ceilingByPosition(int position) throws IOException {
        return distrusted ? Optional.empty() : get().offsets().ceilingByPosition(position);
    }

    /// Before which offset all batches are no younger than `timestamp`; empty if nothing is known.
    Optional<TimeIndexEntry> floorByTime(long timestamp) throws IOException {
        return distrusted ? Optional.empty() : get().times().floor(timestamp);
    }

    /// Puts other indexes in the place of those in the files. Those of a segment that grows, which were read from
    /// files in part, are not asked any more.
    synchronized void replace(SegmentIndexes built) throws IOException {
        if (growing == null) {
            keep(built);
        } else {
            distrusted = true;
        }
    }

    private SegmentIndexes keep(SegmentIndexes built) throws IOException {
        built.complete();
        if (detached != null) {
            detached = built;
            return built;
        }
        loaded = new SoftReference<>(built);
        try {
            source.settle();
            write(built);
        } catch (IOException e) {
            // Who reads does not depend on a disk that has room.
            log.warn("{}: its indexes could not be written: {}", files.path(baseOffset, LogFiles.LOG), e.toString());
        }
        return built;
    }

    /// Writes the files of a segment that grows, without forcing them: they can be made anew.
    void save() throws IOException {
        var indexes = growing;
        if (indexes != null) {
            write(indexes);
        }
    }

    /// Writes the files of a segment that will not grow any more, and holds them no longer than memory allows.
    void complete() throws IOException {
        var indexes = growing;
        if (indexes != null) {
            synchronized (this) {
                keep(distrusted ? source.build() : indexes);
                growing = null;
                distrusted = false;
            }
        }
    }

    /// Lets go of the files, which are about to become another segment's: those who still read this one get what is
    /// held here from now on. For a segment that is closed.
    synchronized void detach() throws IOException {
        detached = load();
    }

    private synchronized SegmentIndexes load() throws IOException {
        var held = held();
        if (held != null) {
            return held;
        }
        var offsets = read(LogFiles.OFFSET_INDEX).flatMap(bytes -> OffsetIndex.decode(baseOffset, bytes));
        var times = read(LogFiles.TIME_INDEX).flatMap(bytes -> TimeIndex.decode(baseOffset, bytes));
        // Zeros, as a loss of power leaves them, look like an index without entries.
        if (offsets.isEmpty()
                || times.isEmpty()
                || times.get().count() == 0
                || times.get().count() > offsets.get().count() + 1) {
            return keep(source.build());
        }
        var read = new SegmentIndexes(baseOffset, Integer.MAX_VALUE, Integer.MAX_VALUE, offsets.get(), times.get());
        loaded = new SoftReference<>(read);
        return read;
    }

    private Optional<ByteBuffer> read(String suffix) throws IOException {
        return files.exists(baseOffset, suffix)
                ? Optional.of(SmallFile.read(files.disk(), files.path(baseOffset, suffix), MAX_FILE_BYTES))
                : Optional.empty();
    }

    private void write(SegmentIndexes indexes) throws IOException {
        SmallFile.write(
                files.disk(),
                files.path(baseOffset, LogFiles.OFFSET_INDEX),
                indexes.offsets().encode());
        SmallFile.write(
                files.disk(),
                files.path(baseOffset, LogFiles.TIME_INDEX),
                indexes.times().encode());
    }
}
