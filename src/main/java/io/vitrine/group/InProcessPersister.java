package io.vitrine.group;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DeleteShareGroupStateRequestData;
import org.apache.kafka.common.message.InitializeShareGroupStateRequestData;
import org.apache.kafka.common.message.ReadShareGroupStateRequestData;
import org.apache.kafka.common.message.ReadShareGroupStateSummaryRequestData;
import org.apache.kafka.common.message.WriteShareGroupStateRequestData;
import org.apache.kafka.coordinator.share.ShareCoordinator;
import org.apache.kafka.server.share.persister.DeleteShareGroupStateParameters;
import org.apache.kafka.server.share.persister.DeleteShareGroupStateResult;
import org.apache.kafka.server.share.persister.GroupTopicPartitionData;
import org.apache.kafka.server.share.persister.InitializeShareGroupStateParameters;
import org.apache.kafka.server.share.persister.InitializeShareGroupStateResult;
import org.apache.kafka.server.share.persister.PartitionIdData;
import org.apache.kafka.server.share.persister.PartitionInfoData;
import org.apache.kafka.server.share.persister.PartitionStateBatchData;
import org.apache.kafka.server.share.persister.Persister;
import org.apache.kafka.server.share.persister.PersisterStateBatch;
import org.apache.kafka.server.share.persister.ReadShareGroupStateParameters;
import org.apache.kafka.server.share.persister.ReadShareGroupStateResult;
import org.apache.kafka.server.share.persister.ReadShareGroupStateSummaryParameters;
import org.apache.kafka.server.share.persister.ReadShareGroupStateSummaryResult;
import org.apache.kafka.server.share.persister.WriteShareGroupStateParameters;
import org.apache.kafka.server.share.persister.WriteShareGroupStateResult;

/// Keeps the state of share groups for the group coordinator, by asking the share coordinator in this process, where
/// Kafka's own persister would go over the network to the broker that has it.
final class InProcessPersister implements Persister {
    private final ShareCoordinatorCalls coordinator;
    private final Consumer<ShareKey> onReplaced;

    /// @param onReplaced hears of each share partition whose state was set from outside, or deleted
    InProcessPersister(ShareCoordinatorCalls coordinator, Consumer<ShareKey> onReplaced) {
        this.coordinator = coordinator;
        this.onReplaced = onReplaced;
    }

    @Override
    public CompletableFuture<InitializeShareGroupStateResult> initializeState(
            InitializeShareGroupStateParameters parameters) {
        var wanted = parameters.groupTopicPartitionData();
        var request = new InitializeShareGroupStateRequestData()
                .setGroupId(wanted.groupId())
                .setTopics(topics(
                        wanted,
                        partition -> new InitializeShareGroupStateRequestData.PartitionData()
                                .setPartition(partition.partition())
                                .setStateEpoch(partition.stateEpoch())
                                .setStartOffset(partition.startOffset()),
                        (id, partitions) -> new InitializeShareGroupStateRequestData.InitializeStateData()
                                .setTopicId(id)
                                .setPartitions(partitions)));
        return ask(
                        wanted,
                        shares -> shares.initializeState(null, request),
                        answer -> codes(
                                answer.results(), topic -> topic.partitions(), partition -> partition.errorCode()))
                .thenApply(answer -> {
                    tellReplaced(wanted);
                    return InitializeShareGroupStateResult.from(answer);
                });
    }

    @Override
    public CompletableFuture<ReadShareGroupStateResult> readState(ReadShareGroupStateParameters parameters) {
        var wanted = parameters.groupTopicPartitionData();
        var request = new ReadShareGroupStateRequestData()
                .setGroupId(wanted.groupId())
                .setTopics(topics(
                        wanted,
                        partition -> new ReadShareGroupStateRequestData.PartitionData()
                                .setPartition(partition.partition())
                                .setLeaderEpoch(partition.leaderEpoch()),
                        (id, partitions) -> new ReadShareGroupStateRequestData.ReadStateData()
                                .setTopicId(id)
                                .setPartitions(partitions)));
        return ask(
                        wanted,
                        shares -> shares.readState(null, request),
                        answer -> codes(
                                answer.results(), topic -> topic.partitions(), partition -> partition.errorCode()))
                .thenApply(ReadShareGroupStateResult::from);
    }

    @Override
    public CompletableFuture<ReadShareGroupStateSummaryResult> readSummary(
            ReadShareGroupStateSummaryParameters parameters) {
        var wanted = parameters.groupTopicPartitionData();
        var request = new ReadShareGroupStateSummaryRequestData()
                .setGroupId(wanted.groupId())
                .setTopics(topics(
                        wanted,
                        partition -> new ReadShareGroupStateSummaryRequestData.PartitionData()
                                .setPartition(partition.partition())
                                .setLeaderEpoch(partition.leaderEpoch()),
                        (id, partitions) -> new ReadShareGroupStateSummaryRequestData.ReadStateSummaryData()
                                .setTopicId(id)
                                .setPartitions(partitions)));
        return ask(
                        wanted,
                        shares -> shares.readStateSummary(null, request),
                        answer -> codes(
                                answer.results(), topic -> topic.partitions(), partition -> partition.errorCode()))
                .thenApply(ReadShareGroupStateSummaryResult::from);
    }

    @Override
    public CompletableFuture<DeleteShareGroupStateResult> deleteState(DeleteShareGroupStateParameters parameters) {
        var wanted = parameters.groupTopicPartitionData();
        var request = new DeleteShareGroupStateRequestData()
                .setGroupId(wanted.groupId())
                .setTopics(topics(
                        wanted,
                        partition -> new DeleteShareGroupStateRequestData.PartitionData()
                                .setPartition(partition.partition()),
                        (id, partitions) -> new DeleteShareGroupStateRequestData.DeleteStateData()
                                .setTopicId(id)
                                .setPartitions(partitions)));
        return ask(
                        wanted,
                        shares -> shares.deleteState(null, request),
                        answer -> codes(
                                answer.results(), topic -> topic.partitions(), partition -> partition.errorCode()))
                .thenApply(answer -> {
                    tellReplaced(wanted);
                    return DeleteShareGroupStateResult.from(answer);
                });
    }

    @Override
    public CompletableFuture<WriteShareGroupStateResult> writeState(WriteShareGroupStateParameters parameters) {
        var wanted = parameters.groupTopicPartitionData();
        var request = new WriteShareGroupStateRequestData()
                .setGroupId(wanted.groupId())
                .setTopics(topics(
                        wanted,
                        InProcessPersister::toRequest,
                        (id, partitions) -> new WriteShareGroupStateRequestData.WriteStateData()
                                .setTopicId(id)
                                .setPartitions(partitions)));
        return ask(
                        wanted,
                        shares -> shares.writeState(null, request),
                        answer -> codes(
                                answer.results(), topic -> topic.partitions(), partition -> partition.errorCode()))
                .thenApply(WriteShareGroupStateResult::from);
    }

    /// The share coordinator has a life of its own.
    @Override
    public void stop() {}

    private static WriteShareGroupStateRequestData.PartitionData toRequest(PartitionStateBatchData partition) {
        return new WriteShareGroupStateRequestData.PartitionData()
                .setPartition(partition.partition())
                .setStateEpoch(partition.stateEpoch())
                .setLeaderEpoch(partition.leaderEpoch())
                .setStartOffset(partition.startOffset())
                .setDeliveryCompleteCount(partition.deliveryCompleteCount())
                .setStateBatches(partition.stateBatches().stream()
                        .map(InProcessPersister::toRequest)
                        .toList());
    }

    private static WriteShareGroupStateRequestData.StateBatch toRequest(PersisterStateBatch batch) {
        return new WriteShareGroupStateRequestData.StateBatch()
                .setFirstOffset(batch.firstOffset())
                .setLastOffset(batch.lastOffset())
                .setDeliveryState(batch.deliveryState())
                .setDeliveryCount(batch.deliveryCount());
    }

    /// What a request names, topic by topic, in its own words.
    private static <P extends PartitionIdData & PartitionInfoData, T, U> List<U> topics(
            GroupTopicPartitionData<P> wanted, Function<P, T> toPartition, BiFunction<Uuid, List<T>, U> toTopic) {
        return wanted.topicsData().stream()
                .map(topic -> toTopic.apply(
                        topic.topicId(),
                        topic.partitions().stream().map(toPartition).toList()))
                .toList();
    }

    /// The errors of an answer.
    private static <T, P> IntStream codes(List<T> topics, Function<T, List<P>> partitions, ToIntFunction<P> code) {
        return topics.stream()
                .flatMap(topic -> partitions.apply(topic).stream())
                .mapToInt(code);
    }

    /// Asks of many partitions at once. If one of them is not loaded yet, all are asked of again later: what is asked
    /// here may be asked twice.
    private <P extends PartitionIdData & PartitionInfoData, T> CompletableFuture<T> ask(
            GroupTopicPartitionData<P> wanted,
            Function<ShareCoordinator, CompletableFuture<T>> call,
            Function<T, IntStream> errorCodes) {
        var topic = wanted.topicsData().getFirst();
        return coordinator.ask(new ShareCoordinatorCalls.Question<>(
                wanted.groupId(),
                topic.topicId(),
                topic.partitions().getFirst().partition(),
                call,
                answer -> errorCodes
                        .apply(answer)
                        .filter(code -> code != 0)
                        .findFirst()
                        .orElse(0)));
    }

    private <P extends PartitionIdData & PartitionInfoData> void tellReplaced(GroupTopicPartitionData<P> wanted) {
        for (var topic : wanted.topicsData()) {
            topic.partitions()
                    .forEach(partition ->
                            onReplaced.accept(new ShareKey(wanted.groupId(), topic.topicId(), partition.partition())));
        }
    }
}
