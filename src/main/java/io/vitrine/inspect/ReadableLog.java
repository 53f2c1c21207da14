package io.vitrine.inspect;

import io.vitrine.log.Offsets;
import io.vitrine.log.ReadableSegment;
import io.vitrine.log.SegmentInfo;
import io.vitrine.log.TimestampSearch;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.ReadOutcome;
import io.vitrine.partition.TransactionFate;
import io.vitrine.record.BatchSlice;
import io.vitrine.record.RecordBatch;
import java.util.List;
import java.util.Optional;

/// A log that can be looked into: a hosted partition or the metadata log, read the same way.
public interface ReadableLog {
    TopicPartition name();

    /// What is known of the records it holds.
    RecordKind recordKind();

    /// The marks at this moment; empty if the log could not be opened.
    Optional<Offsets> findOffsets();

    long sizeInBytes();

    /// The segments, oldest first; none if the log could not be opened.
    List<SegmentInfo> segments();

    /// The segment with this base offset; empty if there is none.
    Optional<ReadableSegment> findSegment(long baseOffset);

    /// Finds records by time; empty if the log could not be opened or has no times worth the name.
    Optional<TimestampSearch> findTimestamps();

    /// What has become of the transaction that a batch of this log is part of; empty if it is part of none.
    ///
    /// @throws UnreadableLogException if that can't be found out
    default Optional<TransactionFate> fateOf(RecordBatch batch) throws UnreadableLogException {
        return Optional.empty();
    }

    /// Who has the first open transaction; empty if all that is there is stable.
    default Optional<StableOffsetHolder> findHolder() {
        return Optional.empty();
    }

    /// Why nothing can be appended; empty while all is well.
    Optional<String> offlineReason();

    /// Reads whole batches, beginning with the one that holds `offset`.
    ///
    /// @param maxBytes how much to return; the first batch comes whole even if it is larger
    ReadOutcome<BatchSlice> read(long offset, int maxBytes);
}
