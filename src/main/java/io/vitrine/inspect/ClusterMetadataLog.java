package io.vitrine.inspect;

import io.vitrine.log.Offsets;
import io.vitrine.log.ReadableSegment;
import io.vitrine.log.SegmentInfo;
import io.vitrine.log.TimestampSearch;
import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.ReadOutcome;
import io.vitrine.record.BatchSlice;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The metadata log, which Kafka shows as partition 0 of a topic `__cluster_metadata` that no client can read.
record ClusterMetadataLog(MetadataService metadata) implements ReadableLog {
    static final TopicPartition NAME = new TopicPartition("__cluster_metadata", 0);
    private static final Logger log = LoggerFactory.getLogger(ClusterMetadataLog.class);

    @Override
    public TopicPartition name() {
        return NAME;
    }

    @Override
    public RecordKind recordKind() {
        return RecordKind.METADATA;
    }

    /// Every change is forced to disk before anybody sees it, so all marks but the first are one.
    @Override
    public Optional<Offsets> findOffsets() {
        return Optional.of(offsets());
    }

    @Override
    public long sizeInBytes() {
        return metadata.sizeInBytes();
    }

    /// Found by reading through the log, which is small: the service keeps its files to itself.
    @Override
    public List<SegmentInfo> segments() {
        var segments = new ArrayList<SegmentInfo>();
        var offsets = offsets();
        var cursor = new BatchCursor(this, offsets.logStartOffset());
        try {
            for (var next = cursor.next(); next.isPresent(); next = cursor.next()) {
                addTo(segments, next.get());
            }
        } catch (UnreadableLogException e) {
            log.warn("{}: segments are listed as far as the log can be read", NAME, e);
        }
        if (segments.isEmpty()) {
            segments.add(new SegmentInfo(offsets.logStartOffset(), offsets.logEndOffset(), 0, true));
        }
        return List.copyOf(segments);
    }

    @Override
    public Optional<ReadableSegment> findSegment(long baseOffset) {
        return segments().stream()
                .filter(segment -> segment.baseOffset() == baseOffset)
                .findFirst()
                .map(segment -> new MetadataSegment(metadata.directory(), segment));
    }

    @Override
    public Optional<TimestampSearch> findTimestamps() {
        return Optional.empty();
    }

    @Override
    public Optional<String> offlineReason() {
        return Optional.empty();
    }

    @Override
    public ReadOutcome<BatchSlice> read(long offset, int maxBytes) {
        var offsets = offsets();
        if (offset < offsets.logStartOffset() || offset > offsets.logEndOffset()) {
            return new ReadOutcome.OutOfRange<>(offset, offsets);
        }
        try {
            return new ReadOutcome.Batches<>(metadata.readLog(offset, maxBytes), offsets);
        } catch (IOException e) {
            log.warn("{}: reading at offset {} failed", NAME, offset, e);
            return new ReadOutcome.StorageFailed<>(String.valueOf(e.getMessage()));
        }
    }

    private Offsets offsets() {
        long start = metadata.logStartOffset();
        long end = Math.max(start, metadata.logEndOffset());
        return new Offsets(start, end, end, end, end);
    }

    /// The last one of a log is the one being appended to, so a batch of another segment closes the one before.
    private static void addTo(List<SegmentInfo> segments, LocatedBatch located) {
        long baseOffset = located.segmentBaseOffset();
        if (!segments.isEmpty() && segments.getLast().baseOffset() == baseOffset) {
            segments.removeLast();
        } else if (!segments.isEmpty()) {
            var closed = segments.removeLast();
            segments.add(new SegmentInfo(closed.baseOffset(), closed.nextOffset(), closed.sizeInBytes(), false));
        }
        var batch = located.batch();
        long sizeInBytes = located.position() + batch.sizeInBytes();
        segments.add(new SegmentInfo(baseOffset, batch.nextOffset(), sizeInBytes, true));
    }
}
