package io.vitrine.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vitrine.inspect.ReadableLog;
import io.vitrine.inspect.StableOffsetHolder;
import io.vitrine.log.Offsets;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.metadata.TopicPartitionState;
import io.vitrine.partition.CleanerState;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One partition. The marks and sizes are absent where its log could not be opened or lies on another broker.
///
/// @param leader node id, or -1 for none
/// @param lastStableOffsetHeldBy whose open transaction begins there; absent while all that is there is stable
/// @param cleaner absent where the log is not compacted, or has not been looked at yet
/// @param offline why nothing can be appended; absent while all is well
@JsonInclude(JsonInclude.Include.NON_NULL)
record PartitionView(
        String topic,
        int partition,
        int leader,
        int leaderEpoch,
        List<Integer> replicas,
        List<Integer> isr,
        @Nullable Long logStartOffset,
        @Nullable Long lastStableOffset,
        @Nullable Long highWatermark,
        @Nullable Long logEndOffset,
        @Nullable Long durableOffset,
        @Nullable Long sizeBytes,
        @Nullable Integer segments,
        @Nullable HolderView lastStableOffsetHeldBy,
        @Nullable CleanerView cleaner,
        @Nullable String offline,
        PartitionLinks links) {

    record PartitionLinks(
            String self, String offsets, String segments, String batches, String records, String producers) {}

    /// @param transactionalId absent if the coordinator does not know it
    /// @param sinceTimestamp of its first batch here; -1 if that is not known
    record HolderView(
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String transactionalId,

            long producerId,
            int producerEpoch,
            long firstOffset,
            long sinceTimestamp,
            @Nullable String sinceIso) {
        static HolderView of(StableOffsetHolder holder, TransactionalIds ids) {
            return new HolderView(
                    ids.find(List.of(holder.producerId())).get(holder.producerId()),
                    holder.producerId(),
                    holder.producerEpoch(),
                    holder.firstOffset(),
                    holder.sinceMs(),
                    Timestamps.iso(holder.sinceMs()));
        }
    }

    static PartitionView of(
            String topic,
            TopicPartitionState state,
            Optional<ReadableLog> log,
            Optional<CleanerState> cleaner,
            TransactionalIds ids) {
        var name = new TopicPartition(topic, state.index());
        var marks = log.flatMap(ReadableLog::findOffsets);
        return new PartitionView(
                topic,
                state.index(),
                state.leader(),
                state.leaderEpoch(),
                state.replicas(),
                state.inSyncReplicas(),
                marks.map(Offsets::logStartOffset).orElse(null),
                marks.map(Offsets::lastStableOffset).orElse(null),
                marks.map(Offsets::highWatermark).orElse(null),
                marks.map(Offsets::logEndOffset).orElse(null),
                marks.map(Offsets::durableOffset).orElse(null),
                marks.flatMap(_ -> log).map(ReadableLog::sizeInBytes).orElse(null),
                marks.flatMap(_ -> log).map(opened -> opened.segments().size()).orElse(null),
                log.flatMap(ReadableLog::findHolder)
                        .map(holder -> HolderView.of(holder, ids))
                        .orElse(null),
                cleaner.map(CleanerView::of).orElse(null),
                log.flatMap(ReadableLog::offlineReason).orElse(null),
                new PartitionLinks(
                        ApiPath.partition(name),
                        ApiPath.partition(name) + "/offsets",
                        ApiPath.segments(name),
                        ApiPath.batches(name),
                        ApiPath.records(name),
                        ApiPath.producers(name)));
    }
}
