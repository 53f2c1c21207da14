package io.vitrine.log;

import io.vitrine.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Replaces segments by one that was made from them, in steps that can be gone on with after a crash. The suffixes
/// are Apache Kafka's, so that it goes on where we stopped:
/// ```
///   .cleaned  being written, worth nothing yet              on opening: deleted
///   .swap     whole, and takes the place of the old ones    on opening: put in their place
///   .deleted  replaced, kept for those who still read it    on opening: deleted
///
///   1. <new>.index.cleaned → .index.swap, and so for every index;   the directory is forced after each step
///   2. <new>.log.cleaned   → .log.swap      from here on the new segment counts
///   3. <old>.index         → .index.deleted
///   4. <old>.log           → .log.deleted
///   5. <new>.index.swap    → .index
///   6. <new>.log.swap      → .log
/// ```
/// So while there is a `.log.swap`, an index without a suffix is the old one if the old log has none either, else it
/// is the new one. An index that is missing is for the owner to make anew.
final class SegmentSwap {
    static final String LOG_SUFFIX = ".log";
    static final String CLEANED_SUFFIX = ".cleaned";
    static final String SWAP_SUFFIX = ".swap";
    static final String DELETED_SUFFIX = ".deleted";
    static final List<String> INDEX_SUFFIXES = List.of(".index", ".timeindex", ".txnindex");

    private static final Pattern LOG_NAME = Pattern.compile("(\\d{20})\\.log(\\.swap)?");

    private final Disk disk;
    private final Path directory;

    SegmentSwap(Disk disk, Path directory) {
        this.disk = disk;
        this.directory = directory;
    }

    /// The name of a segment's log file.
    static String logName(long baseOffset) {
        return name(baseOffset, LOG_SUFFIX);
    }

    /// Puts the segment whose files end in `.cleaned`, and are forced to disk, in the place of the old ones.
    ///
    /// @param replaced base offsets of the old ones in order; the new one has that of the first
    void replace(List<Long> replaced) throws IOException {
        long baseOffset = replaced.getFirst();
        disk.forceDirectory(directory);
        renameIndexes(baseOffset, CLEANED_SUFFIX, SWAP_SUFFIX);
        disk.forceDirectory(directory);
        rename(logName(baseOffset) + CLEANED_SUFFIX, logName(baseOffset) + SWAP_SUFFIX);
        disk.forceDirectory(directory);
        putInPlace(replaced);
    }

    /// Deletes the files that [#replace] would put in place.
    void discardCleaned(long baseOffset) throws IOException {
        for (var suffix : INDEX_SUFFIXES) {
            delete(name(baseOffset, suffix) + CLEANED_SUFFIX);
        }
        delete(logName(baseOffset) + CLEANED_SUFFIX);
    }

    /// Deletes the files of a segment that has been replaced.
    void deleteReplaced(long baseOffset) throws IOException {
        for (var suffix : INDEX_SUFFIXES) {
            delete(name(baseOffset, suffix) + DELETED_SUFFIX);
        }
        delete(logName(baseOffset) + DELETED_SUFFIX);
    }

    /// Goes on with what a crash has interrupted; to be called before the segments are opened. Afterwards no file has
    /// one of the suffixes.
    void recover() throws IOException {
        var names = new TreeSet<>(disk.list(directory));
        if (names.stream().noneMatch(SegmentSwap::isLeftOver)) {
            return;
        }
        for (var name : names) {
            if (name.endsWith(CLEANED_SUFFIX) || name.endsWith(DELETED_SUFFIX)) {
                delete(name);
            } else if (isIndexOfNothing(name, names)) {
                delete(name);
            }
        }
        // Only one can be there, unless Apache Kafka has been here before.
        for (var name : names) {
            if (name.endsWith(LOG_SUFFIX + SWAP_SUFFIX)) {
                putInPlace(covered(baseOffset(name), names));
            }
        }
        for (var name : disk.list(directory)) {
            if (name.endsWith(DELETED_SUFFIX)) {
                delete(name);
            }
        }
        disk.forceDirectory(directory);
    }

    private static boolean isLeftOver(String name) {
        return name.endsWith(CLEANED_SUFFIX) || name.endsWith(SWAP_SUFFIX) || name.endsWith(DELETED_SUFFIX);
    }

    private void putInPlace(List<Long> replaced) throws IOException {
        for (long old : replaced) {
            if (disk.exists(directory.resolve(logName(old)))) {
                renameIndexes(old, "", DELETED_SUFFIX);
            }
        }
        disk.forceDirectory(directory);
        for (long old : replaced) {
            renameIfThere(logName(old), logName(old) + DELETED_SUFFIX);
        }
        disk.forceDirectory(directory);
        long baseOffset = replaced.getFirst();
        renameIndexes(baseOffset, SWAP_SUFFIX, "");
        disk.forceDirectory(directory);
        rename(logName(baseOffset) + SWAP_SUFFIX, logName(baseOffset));
        disk.forceDirectory(directory);
    }

    /// An index that was to become part of a segment which does not count.
    private static boolean isIndexOfNothing(String name, Set<String> names) {
        int end = name.indexOf('.');
        return name.endsWith(SWAP_SUFFIX)
                && !name.endsWith(LOG_SUFFIX + SWAP_SUFFIX)
                && !names.contains(name.substring(0, Math.max(end, 0)) + LOG_SUFFIX + SWAP_SUFFIX);
    }

    /// Base offsets of the segments that the one being swapped in was made from. Its last batch is from the last of
    /// them that had any, because [Compaction] keeps that batch, be it empty.
    private List<Long> covered(long baseOffset, Set<String> names) throws IOException {
        long last = lastBaseOffset(baseOffset);
        var covered = new TreeSet<Long>();
        covered.add(baseOffset);
        for (var name : names) {
            if (LOG_NAME.matcher(name).matches() && name.endsWith(LOG_SUFFIX)) {
                long other = baseOffset(name);
                if (other > baseOffset && other <= last) {
                    covered.add(other);
                }
            }
        }
        return List.copyOf(covered);
    }

    /// The base offset of the last batch of the segment that is being swapped in. Where that batch ends is not asked:
    /// one that could not be read was copied as it is.
    private long lastBaseOffset(long baseOffset) throws IOException {
        try (var file = SegmentFile.open(disk, directory.resolve(logName(baseOffset) + SWAP_SUFFIX))) {
            long size = file.sizeInBytes();
            long last = baseOffset;
            var header = ByteBuffer.allocate(RecordBatch.HEADER_SIZE_IN_BYTES);
            for (long position = 0; size - position >= header.capacity(); ) {
                file.read(header.clear(), position);
                var batch = RecordBatch.at(header.flip(), 0);
                if (batch.batchLength() < header.capacity() - RecordBatch.LENGTH_OVERHEAD) {
                    throw new DamagedLogException(file.path(), position, "a batch length of " + batch.batchLength());
                }
                last = batch.baseOffset();
                position += batch.sizeInBytes();
            }
            return last;
        }
    }

    private void renameIndexes(long baseOffset, String fromSuffix, String toSuffix) throws IOException {
        for (var suffix : INDEX_SUFFIXES) {
            renameIfThere(name(baseOffset, suffix) + fromSuffix, name(baseOffset, suffix) + toSuffix);
        }
    }

    private void renameIfThere(String from, String to) throws IOException {
        if (disk.exists(directory.resolve(from))) {
            rename(from, to);
        }
    }

    private void rename(String from, String to) throws IOException {
        disk.rename(directory.resolve(from), directory.resolve(to));
    }

    private void delete(String name) throws IOException {
        disk.delete(directory.resolve(name));
    }

    private static String name(long baseOffset, String suffix) {
        return "%020d%s".formatted(baseOffset, suffix);
    }

    private static long baseOffset(String name) {
        var matcher = LOG_NAME.matcher(name);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("%s is no log file".formatted(name));
        }
        return Long.parseLong(matcher.group(1));
    }
}
