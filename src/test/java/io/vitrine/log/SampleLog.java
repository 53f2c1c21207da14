package io.vitrine.log;

import io.vitrine.record.RecordBatch;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.jspecify.annotations.Nullable;

/// Segment files of a log that is compacted, and nothing else of a log. It is read back with Kafka's own classes.
final class SampleLog implements CompactionSource, Closeable {
    final Map<Long, LastRecord> lastRecords = new HashMap<>();
    final List<AbortedTransaction> aborted = new ArrayList<>();
    private final Disk disk;
    private final Path directory;
    private final List<SampleSegment> segments = new ArrayList<>();
    private long nextOffset;

    /// A record as it is read back.
    record Stored(
            long offset, @Nullable String key, @Nullable String value) {}

    SampleLog(Disk disk, Path directory) throws IOException {
        this.disk = disk;
        this.directory = directory;
        disk.createDirectories(directory);
        for (var name : disk.list(directory).stream().sorted().toList()) {
            if (name.endsWith(".log")) {
                segments.add(new SampleSegment(Long.parseLong(name.substring(0, 20))));
            }
        }
        if (segments.isEmpty()) {
            segments.add(new SampleSegment(0));
        }
    }

    /// Gives the batch the next offsets and appends it to the last segment.
    ///
    /// @return its base offset
    long append(ByteBuffer bytes) throws IOException {
        var batch = RecordBatch.at(bytes, 0);
        batch.assign(nextOffset, 7);
        segments.getLast().append(batch);
        nextOffset = batch.nextOffset();
        return batch.baseOffset();
    }

    void roll() throws IOException {
        if (segments.getLast().size > 0) {
            segments.add(new SampleSegment(nextOffset));
        }
    }

    long nextOffset() {
        return nextOffset;
    }

    /// All that is closed, dirty from `firstDirtyOffset` on.
    CleanableRange range(long firstDirtyOffset) {
        var settings = LogSettings.DEFAULTS.compaction();
        var offsets = new Offsets(0, nextOffset, nextOffset, nextOffset, nextOffset);
        return CleanableRange.of(segments, offsets, OptionalLong.of(firstDirtyOffset), settings, 0);
    }

    /// All batches, each found sound by Kafka.
    List<MutableRecordBatch> batches() throws IOException {
        var batches = new ArrayList<MutableRecordBatch>();
        for (var segment : segments) {
            for (var batch : segment.records().batches()) {
                batches.add(batch);
            }
        }
        return batches;
    }

    /// All records that are no control records.
    List<Stored> records() throws IOException {
        var records = new ArrayList<Stored>();
        for (var batch : batches()) {
            batch.ensureValid();
            if (!batch.isControlBatch()) {
                batch.forEach(
                        record -> records.add(new Stored(record.offset(), text(record.key()), text(record.value()))));
            }
        }
        return records;
    }

    List<String> values() throws IOException {
        return records().stream()
                .map(record -> record.key() + "=" + record.value())
                .toList();
    }

    List<Long> baseOffsets() {
        return segments.stream().map(SampleSegment::baseOffset).toList();
    }

    /// Changes a byte of the segment file that holds it.
    void flip(long baseOffset, long position) throws IOException {
        try (var file = SegmentFile.open(disk, directory.resolve(SegmentSwap.logName(baseOffset)))) {
            var one = ByteBuffer.allocate(1);
            file.read(one, position);
            file.write(ByteBuffer.allocate(1).put((byte) (one.get(0) ^ 1)).flip(), position);
        }
    }

    @Override
    public List<? extends CompactionSegment> segments() {
        return segments;
    }

    @Override
    public List<AbortedTransaction> abortedTransactions(long fromOffset, long toOffset) {
        return aborted.stream()
                .filter(one -> one.lastOffset() >= fromOffset && one.firstOffset() < toOffset)
                .toList();
    }

    @Override
    public Map<Long, LastRecord> lastRecords() {
        return lastRecords;
    }

    @Override
    public SegmentFile openCleaned(long baseOffset) throws IOException {
        return SegmentFile.open(disk, directory.resolve(SegmentSwap.logName(baseOffset) + SegmentSwap.CLEANED_SUFFIX));
    }

    @Override
    public void discardCleaned(long baseOffset) throws IOException {
        new SegmentSwap(disk, directory).discardCleaned(baseOffset);
    }

    @Override
    public void swapIn(CleanedSegment cleaned) throws IOException {
        int first = baseOffsets().indexOf(cleaned.baseOffset());
        int end = first + cleaned.replaced().size();
        long endOffset = segments.get(end).baseOffset();
        for (var old : segments.subList(first, end)) {
            old.close();
        }
        new SegmentSwap(disk, directory).replace(cleaned.replaced());
        segments.subList(first, end).clear();
        segments.add(first, new SampleSegment(cleaned.baseOffset()));
        aborted.removeIf(one -> one.lastOffset() >= cleaned.baseOffset() && one.lastOffset() < endOffset);
        aborted.addAll(cleaned.abortedTransactions());
    }

    @Override
    public void close() throws IOException {
        for (var segment : segments) {
            segment.close();
        }
    }

    private static @Nullable String text(@Nullable ByteBuffer bytes) {
        return bytes == null
                ? null
                : StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }

    /// One of the files. Its indexes are as large as if they had an entry per 100 bytes.
    private final class SampleSegment implements CompactionSegment, Closeable {
        private final long baseOffset;
        private final SegmentFile file;
        private int size;
        private long first = RecordBatch.NO_TIMESTAMP;
        private long largest = RecordBatch.NO_TIMESTAMP;

        SampleSegment(long baseOffset) throws IOException {
            this.baseOffset = baseOffset;
            this.file = SegmentFile.open(disk, directory.resolve(SegmentSwap.logName(baseOffset)));
            this.size = (int) file.sizeInBytes();
            for (var batch : records().batches()) {
                note(batch.maxTimestamp());
                nextOffset = Math.max(nextOffset, batch.nextOffset());
            }
        }

        void append(RecordBatch batch) throws IOException {
            file.write(batch.bytes(), size);
            size += batch.sizeInBytes();
            note(batch.maxTimestamp());
        }

        MemoryRecords records() throws IOException {
            var bytes = ByteBuffer.allocate(size);
            file.read(bytes, 0);
            return MemoryRecords.readableRecords(bytes.flip());
        }

        @Override
        public long baseOffset() {
            return baseOffset;
        }

        @Override
        public int sizeInBytes() {
            return size;
        }

        @Override
        public long firstBatchTimestamp() {
            return first;
        }

        @Override
        public long largestTimestamp() {
            return largest;
        }

        @Override
        public int offsetIndexBytes() {
            return size / 100 * 8;
        }

        @Override
        public int timeIndexBytes() {
            return size / 100 * 12;
        }

        @Override
        public void read(ByteBuffer target, long position) throws IOException {
            file.read(target, position);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }

        private void note(long timestamp) {
            first = first == RecordBatch.NO_TIMESTAMP ? timestamp : first;
            largest = Math.max(largest, timestamp);
        }
    }
}
