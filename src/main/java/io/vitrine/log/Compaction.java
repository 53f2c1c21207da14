package io.vitrine.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;

/// Compacts logs, one at a time, with Kafka's guarantees: of every key the last record stays, with its offset and in
/// its place; a tombstone stays for `delete.retention.ms` after it was first met; of every producer the last batch
/// stays, be it empty. So does the last batch of every file it writes, which shows how far the file reaches.
///
/// ```
///   1. read the dirty part and note the last offset of every key, until the map is full
///   2. from the first segment on: write what stays of a group of segments to one new file, and swap it in
/// ```
/// Memory is the map and two buffers, and as much as the largest batch takes unpacked. A crash does no harm: a group
/// is swapped in as a whole ([SegmentSwap]), in order, so what a tombstone hides goes before it does.
/// Not thread-safe; several may share a [Throttle].
final class Compaction {
    private final KeyOffsets keys;
    private final Throttle throttle;
    private final long maxUncompressedBytes;
    private final SegmentBatches batches;
    private final ByteBuffer writeBuffer;

    /// Takes its memory, for all the logs it is going to compact.
    ///
    /// @param bufferBytes for reading, and as much again for writing
    /// @param maxUncompressedBytes a batch that unpacks to more is left as it is
    Compaction(KeyOffsets keys, int bufferBytes, long maxUncompressedBytes, Throttle throttle) {
        this.keys = keys;
        this.throttle = throttle;
        this.maxUncompressedBytes = maxUncompressedBytes;
        this.batches = new SegmentBatches(bufferBytes, throttle);
        this.writeBuffer = ByteBuffer.allocate(bufferBytes);
    }

    /// Compacts `range` and all before it, as far as there is room for keys.
    ///
    /// @throws IOException if the disk fails, the throttle says stop, or bytes are no batch. What has been
    ///     swapped in stays then; what has not is taken back
    Cleaned run(CompactionSource source, CleanableRange range, LogSettings settings, long nowMs) throws IOException {
        long endOffset = new DirtyKeys(keys, batches, maxUncompressedBytes).read(source, range);
        long deleteRetentionMs = settings.compaction().deleteRetentionMs();
        var bounds = new CleaningPass.Bounds(endOffset, nowMs, deleteRetentionMs, maxUncompressedBytes);
        var pass = new CleaningPass(keys, source.lastRecords(), bounds);
        var cleaned = new ArrayList<CleanedSegment>();
        if (endOffset > range.firstDirtyOffset()) {
            for (var group : SegmentGroup.allOf(source.segments(), settings.segments(), endOffset)) {
                var written = write(source, group, pass);
                source.swapIn(written);
                cleaned.add(written);
            }
        }
        return new Cleaned(endOffset, cleaned, pass.stats(), pass.damages());
    }

    private CleanedSegment write(CompactionSource source, SegmentGroup group, CleaningPass pass) throws IOException {
        try (var file = new CleanedFile(source.openCleaned(group.baseOffset()), writeBuffer, throttle)) {
            for (var segment : group.segments()) {
                pass.expect(source.abortedTransactions(segment.baseOffset(), group.endOffsetOf(segment)));
                batches.open(segment, group.endOffsetOf(segment));
                for (var batch = batches.next(); batch != null; batch = batches.next()) {
                    boolean last = segment.equals(group.lastWithBatches()) && batches.isAtEnd();
                    pass.pass(batch, last, file);
                }
            }
            file.force();
            return new CleanedSegment(
                    group.baseOffsets(), file.sizeInBytes(), group.largestTimestamp(), pass.takeAborted());
        } catch (IOException | RuntimeException e) {
            discard(source, group.baseOffset(), e);
            throw e;
        }
    }

    private static void discard(CompactionSource source, long baseOffset, Exception cause) {
        try {
            source.discardCleaned(baseOffset);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }
}
