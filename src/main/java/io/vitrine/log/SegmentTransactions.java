package io.vitrine.log;

import io.vitrine.log.TransactionIndexFile.Stored;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The aborted transactions whose markers lie in one segment, wherever they are: in memory while the segment grows,
/// later in a [TransactionIndexFile], if there are any, which is read when it is asked for and held as long as memory
/// allows. Unlike the other indexes the file can't be seen to be short, so it is forced before anything relies on it.
///
/// Thread-safe, but for [#add], which is its owner's.
final class SegmentTransactions {
    private static final Logger log = LoggerFactory.getLogger(SegmentTransactions.class);
    private static final int OTHER = -1;
    /// As many bytes as Kafka's other indexes have by default, so that they don't take up the memory.
    private static final int FULL = 10 * 1024 * 1024 / TransactionIndex.ENTRY_SIZE_IN_BYTES;

    private final TransactionIndexFile file;
    private volatile Stored stored;
    private volatile @Nullable TransactionIndex growing;
    // Changed under the lock of `this`, which is held while files are read.
    private volatile @Nullable TransactionIndex detached;
    private volatile SoftReference<TransactionIndex> loaded = new SoftReference<>(null);
    private volatile boolean named;
    private int saved;

    private SegmentTransactions(TransactionIndexFile file, Stored stored, @Nullable TransactionIndex growing) {
        this.file = file;
        this.stored = stored;
        this.growing = growing;
    }

    /// Those of a segment that is begun.
    static SegmentTransactions none(LogFiles files, DamagedRanges damaged, long baseOffset) {
        var file = new TransactionIndexFile(files, damaged, baseOffset, Long.MAX_VALUE);
        return new SegmentTransactions(file, Stored.NONE, new TransactionIndex(baseOffset));
    }

    /// Those of a segment that was read when the log was opened, and is appended to, or has not been forced yet.
    ///
    /// @param stored whether there is a file, which may say something else
    static SegmentTransactions growing(TransactionIndexFile file, TransactionIndex index, Stored stored) {
        var grown = new SegmentTransactions(file, Stored.NONE, index);
        grown.saved = stored == Stored.IN_FILE ? OTHER : 0;
        return grown;
    }

    /// Those of a segment that is closed.
    static SegmentTransactions stored(TransactionIndexFile file, Stored stored) {
        return new SegmentTransactions(file, stored, null);
    }

    void add(AbortedTransaction transaction) {
        var index = growing;
        if (index == null) {
            throw new IllegalStateException("The segment of %s is closed".formatted(file));
        }
        index.add(transaction);
    }

    /// Should the next marker go to the next segment?
    boolean isFull() {
        var index = growing;
        return index != null && index.count() >= FULL;
    }

    /// Adds to `found` those with records in these offsets.
    ///
    /// @param toOffset exclusive
    /// @return is it certain that no segment behind this one has any?
    boolean collect(long fromOffset, long toOffset, List<AbortedTransaction> found) throws IOException {
        return !isNone() && get().collect(fromOffset, toOffset, found);
    }

    List<AbortedTransaction> entries() throws IOException {
        return isNone() ? List.of() : get().entries();
    }

    /// Is it certain that there are none?
    boolean isNone() {
        // The other way round it could be closed in between.
        var index = growing;
        return index == null ? stored == Stored.NONE : index.count() == 0;
    }

    /// Those that can be had without reading a file; null if one has to be read.
    @Nullable
    TransactionIndex held() {
        var index = growing;
        if (index == null) {
            index = detached;
        }
        return index != null ? index : loaded.get();
    }

    /// Finds out what is not known and puts it on disk, before the other indexes are made anew and nothing shows any
    /// more that this one was missing with them.
    ///
    /// @throws IOException if it is not on disk
    synchronized void settle() throws IOException {
        if (growing == null && stored == Stored.UNKNOWN) {
            var held = held();
            store(held != null ? held : keep(file.read(stored)));
        }
    }

    private void store(TransactionIndex index) throws IOException {
        file.writeNamed(index);
        stored = index.count() > 0 ? Stored.IN_FILE : Stored.NONE;
    }

    private TransactionIndex get() throws IOException {
        var index = held();
        return index != null ? index : load();
    }

    private synchronized TransactionIndex load() throws IOException {
        var held = held();
        if (held != null) {
            return held;
        }
        var index = file.read(stored);
        if (stored == Stored.UNKNOWN) {
            try {
                store(index);
            } catch (IOException e) {
                // Who reads does not depend on a disk that has room.
                log.warn("{} could not be written: {}", file, e.toString());
            }
        }
        return keep(index);
    }

    private TransactionIndex keep(TransactionIndex index) {
        loaded = new SoftReference<>(index);
        return index;
    }

    /// Writes and forces the file of a segment that grows, but for its name: see [#takeNamed].
    synchronized void save() throws IOException {
        var index = growing;
        if (index != null && index.count() != saved) {
            int count = index.count();
            file.write(index);
            named = true;
            saved = count;
        }
    }

    /// Writes the file of a segment that will not grow any more, and holds it no longer than memory allows.
    synchronized void complete() throws IOException {
        var index = growing;
        if (index != null) {
            save();
            stored = index.count() > 0 ? Stored.IN_FILE : Stored.NONE;
            keep(index);
            growing = null;
        }
    }

    /// Has a file got its name since this was asked last? Then the directory has to be forced.
    boolean takeNamed() {
        boolean taken = named;
        named = false;
        return taken;
    }

    /// Lets go of the file, which is about to become another segment's. For a segment that is closed.
    synchronized void detach() throws IOException {
        if (!isNone()) {
            detached = get();
        }
    }
}
