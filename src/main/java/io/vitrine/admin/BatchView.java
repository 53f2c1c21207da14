package io.vitrine.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vitrine.inspect.LocatedBatch;
import io.vitrine.inspect.ReadableLog;
import io.vitrine.inspect.UnreadableLogException;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.TransactionFate;
import io.vitrine.record.Codec;
import io.vitrine.record.EndMarker;
import io.vitrine.record.RecordBatch;
import org.jspecify.annotations.Nullable;

/// The header of one batch, where it lies on disk, and on demand all of its bytes explained.
///
/// @param transaction what has become of the one that it is part of; absent outside transactions
/// @param marker absent if it ends no transaction
/// @param search how a search for the offset asked for finds it; absent in lists
/// @param segment base offset that names the segment file
/// @param filePosition byte in that file at which the batch begins
/// @param computedCrc what the bytes really have; the batch is damaged if it differs from `crc`
record BatchView(
        long baseOffset,
        long lastOffset,
        int recordCount,
        long segment,
        long filePosition,
        int sizeBytes,
        int batchLength,
        int partitionLeaderEpoch,
        int magic,
        long crc,
        long computedCrc,
        boolean crcValid,
        int attributes,
        String codec,
        String timestampType,
        boolean transactional,
        boolean control,
        boolean hasDeleteHorizon,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable TransactionFate transaction,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable MarkerView marker,

        int lastOffsetDelta,
        long baseTimestamp,
        @Nullable String baseTimestampIso,
        long maxTimestamp,
        @Nullable String maxTimestampIso,
        long producerId,
        int producerEpoch,
        int baseSequence,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable SearchView search,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable AnatomyView anatomy,
        BatchLinks links) {

    /// @param hex for a terminal
    /// @param raw its bytes
    /// @param producers of the partition; absent if it has none
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record BatchLinks(
            String self,
            String annotated,
            String hex,
            String raw,
            String records,
            String segment,
            @Nullable String producers) {
        static BatchLinks of(TopicPartition partition, LocatedBatch located) {
            var batch = located.batch();
            var self = ApiPath.batches(partition) + "/" + batch.baseOffset();
            return new BatchLinks(
                    self,
                    self + "?annotate=true",
                    self + "?format=hex",
                    self + "?format=raw",
                    ApiPath.records(partition) + "?from=" + batch.baseOffset(),
                    ApiPath.segment(partition, located.segmentBaseOffset()),
                    batch.producerId() == RecordBatch.NO_PRODUCER_ID ? null : ApiPath.producers(partition));
        }
    }

    /// The end of a transaction of the batch's producer.
    ///
    /// @param type `COMMIT` or `ABORT`
    record MarkerView(String type, int coordinatorEpoch) {
        static @Nullable MarkerView of(RecordBatch batch) {
            var marker = batch.attributes().isControl() ? EndMarker.find(batch) : null;
            return marker == null
                    ? null
                    : new MarkerView(marker.commit() ? "COMMIT" : "ABORT", marker.coordinatorEpoch());
        }
    }

    /// @throws UnreadableLogException if what became of its transaction can't be found out
    static BatchView of(
            ReadableLog log, LocatedBatch located, @Nullable SearchView search, @Nullable AnatomyView anatomy)
            throws UnreadableLogException {
        var batch = located.batch();
        long computedCrc = batch.computedCrc();
        return new BatchView(
                batch.baseOffset(),
                batch.lastOffset(),
                batch.recordCount(),
                located.segmentBaseOffset(),
                located.position(),
                batch.sizeInBytes(),
                batch.batchLength(),
                batch.partitionLeaderEpoch(),
                batch.magic(),
                batch.crc(),
                computedCrc,
                computedCrc == batch.crc(),
                batch.attributes().bits(),
                Codec.find(batch.attributes().codecId())
                        .map(Codec::kafkaName)
                        .orElseGet(() -> "unknown-" + batch.attributes().codecId()),
                batch.attributes().usesLogAppendTime() ? "LogAppendTime" : "CreateTime",
                batch.attributes().isTransactional(),
                batch.attributes().isControl(),
                batch.attributes().hasDeleteHorizon(),
                log.fateOf(batch).orElse(null),
                MarkerView.of(batch),
                batch.lastOffsetDelta(),
                batch.baseTimestamp(),
                Timestamps.iso(batch.baseTimestamp()),
                batch.maxTimestamp(),
                Timestamps.iso(batch.maxTimestamp()),
                batch.producerId(),
                batch.producerEpoch(),
                batch.baseSequence(),
                search,
                anatomy,
                BatchLinks.of(log.name(), located));
    }
}
