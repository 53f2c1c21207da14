package io.vitrine.inspect;

import io.vitrine.log.Offsets;
import io.vitrine.log.ReadableSegment;
import io.vitrine.log.SegmentInfo;
import io.vitrine.log.TimestampSearch;
import io.vitrine.metadata.MetadataHistory;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.ReadOutcome;
import io.vitrine.record.BatchSlice;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A checkpoint of the metadata log, read like a log: its records are numbered from 0.
///
/// @param checkpoint name of its file
public record CheckpointLog(MetadataHistory history, String checkpoint) implements ReadableLog {
    private static final Logger log = LoggerFactory.getLogger(CheckpointLog.class);

    @Override
    public TopicPartition name() {
        return ClusterMetadataLog.NAME;
    }

    @Override
    public RecordKind recordKind() {
        return RecordKind.METADATA;
    }

    /// Its records are no place in a log.
    @Override
    public Optional<Offsets> findOffsets() {
        return Optional.empty();
    }

    @Override
    public long sizeInBytes() {
        return 0;
    }

    @Override
    public List<SegmentInfo> segments() {
        return List.of();
    }

    @Override
    public Optional<ReadableSegment> findSegment(long baseOffset) {
        return Optional.empty();
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
        try {
            Optional<BatchSlice> found = history.readCheckpoint(checkpoint, offset, maxBytes);
            return found.isPresent()
                    ? new ReadOutcome.Batches<>(found.get(), new Offsets(0, 0, 0, 0, 0))
                    : new ReadOutcome.StorageFailed<>("checkpoint %s is not there any more".formatted(checkpoint));
        } catch (IOException e) {
            log.warn("Reading checkpoint {} at {} failed", checkpoint, offset, e);
            return new ReadOutcome.StorageFailed<>(String.valueOf(e.getMessage()));
        }
    }
}
