package io.vitrine.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vitrine.inspect.LocatedBatch;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.record.Codec;
import org.jspecify.annotations.Nullable;

/// The header of one batch, where it lies on disk, and on demand all of its bytes explained.
///
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

    record BatchLinks(String self, String annotated, String records) {}

    static BatchView of(
            TopicPartition partition,
            LocatedBatch located,
            @Nullable SearchView search,
            @Nullable AnatomyView anatomy) {
        var batch = located.batch();
        long computedCrc = batch.computedCrc();
        var self = ApiPath.batches(partition) + "/" + batch.baseOffset();
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
                new BatchLinks(
                        self, self + "?annotate=true", ApiPath.records(partition) + "?from=" + batch.baseOffset()));
    }
}
