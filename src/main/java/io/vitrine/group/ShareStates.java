package io.vitrine.group;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.ReadShareGroupStateRequestData;
import org.apache.kafka.common.message.ReadShareGroupStateResponseData;
import org.apache.kafka.common.message.WriteShareGroupStateRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// What is kept of share partitions: from where on records are delivered, and what has become of those behind that.
/// What is written is on disk when that is told. Thread-safe.
public final class ShareStates {
    private final ShareCoordinatorCalls coordinator;
    private final GroupService groups;
    private final List<Consumer<ShareKey>> listeners = new CopyOnWriteArrayList<>();

    ShareStates(ShareCoordinatorCalls coordinator, GroupService groups) {
        this.coordinator = coordinator;
        this.groups = groups;
    }

    /// Some records that the same has become of.
    ///
    /// @param deliveryState Kafka's number: 0 available, 2 acknowledged, 4 archived
    /// @param deliveryCount how often they were delivered
    public record Batch(long firstOffset, long lastOffset, byte deliveryState, short deliveryCount) {}

    /// What is kept of a share partition.
    ///
    /// @param stateEpoch rises when the state is set from outside
    /// @param startOffset records are delivered from here on; -1 if nobody has said where
    public record Stored(int stateEpoch, long startOffset, List<Batch> batches) {}

    /// What has changed of a share partition.
    ///
    /// @param leaderEpoch of the partition's leader, which fences those before
    /// @param deliveryCompleteCount how many records behind the start are done with
    public record Change(
            int stateEpoch, int leaderEpoch, long startOffset, int deliveryCompleteCount, List<Batch> batches) {}

    /// What holds for a group at the moment of asking, as soon as that is known.
    public CompletableFuture<Supplier<ShareRules>> rules(String groupId) {
        return groups.rules().thenApply(rules -> () -> rules.forShares(groupId));
    }

    /// Reads the state.
    ///
    /// @return fails with Kafka's exception if there is none, or it can't be had
    public CompletableFuture<Stored> read(ShareKey key, int leaderEpoch) {
        var request = new ReadShareGroupStateRequestData()
                .setGroupId(key.groupId())
                .setTopics(List.of(new ReadShareGroupStateRequestData.ReadStateData()
                        .setTopicId(key.topicId())
                        .setPartitions(List.of(new ReadShareGroupStateRequestData.PartitionData()
                                .setPartition(key.partition())
                                .setLeaderEpoch(leaderEpoch)))));
        return coordinator
                .ask(new ShareCoordinatorCalls.Question<>(
                        key.groupId(),
                        key.topicId(),
                        key.partition(),
                        shares -> shares.readState(null, request),
                        answer -> only(answer).errorCode()))
                .thenApply(answer -> {
                    var found = only(answer);
                    check(found.errorCode(), found.errorMessage());
                    return new Stored(
                            found.stateEpoch(),
                            found.startOffset(),
                            found.stateBatches().stream()
                                    .map(batch -> new Batch(
                                            batch.firstOffset(),
                                            batch.lastOffset(),
                                            batch.deliveryState(),
                                            batch.deliveryCount()))
                                    .toList());
                });
    }

    /// Writes what has changed.
    ///
    /// @return completed when it is on disk; fails with Kafka's exception if it was refused
    public CompletableFuture<@Nullable Void> write(ShareKey key, Change change) {
        var request = new WriteShareGroupStateRequestData()
                .setGroupId(key.groupId())
                .setTopics(List.of(new WriteShareGroupStateRequestData.WriteStateData()
                        .setTopicId(key.topicId())
                        .setPartitions(List.of(toRequest(key, change)))));
        return coordinator
                .ask(new ShareCoordinatorCalls.Question<>(
                        key.groupId(),
                        key.topicId(),
                        key.partition(),
                        shares -> shares.writeState(null, request),
                        answer -> answer.results()
                                .getFirst()
                                .partitions()
                                .getFirst()
                                .errorCode()))
                .thenApply(answer -> {
                    var result = answer.results().getFirst().partitions().getFirst();
                    check(result.errorCode(), result.errorMessage());
                    return null;
                });
    }

    /// Has `listener` hear of each share partition whose state was set from outside, or deleted.
    public void listen(Consumer<ShareKey> listener) {
        listeners.add(listener);
    }

    void replaced(ShareKey key) {
        listeners.forEach(listener -> listener.accept(key));
    }

    private static WriteShareGroupStateRequestData.PartitionData toRequest(ShareKey key, Change change) {
        return new WriteShareGroupStateRequestData.PartitionData()
                .setPartition(key.partition())
                .setStateEpoch(change.stateEpoch())
                .setLeaderEpoch(change.leaderEpoch())
                .setStartOffset(change.startOffset())
                .setDeliveryCompleteCount(change.deliveryCompleteCount())
                .setStateBatches(change.batches().stream()
                        .map(batch -> new WriteShareGroupStateRequestData.StateBatch()
                                .setFirstOffset(batch.firstOffset())
                                .setLastOffset(batch.lastOffset())
                                .setDeliveryState(batch.deliveryState())
                                .setDeliveryCount(batch.deliveryCount()))
                        .toList());
    }

    private static ReadShareGroupStateResponseData.PartitionResult only(ReadShareGroupStateResponseData answer) {
        return answer.results().getFirst().partitions().getFirst();
    }

    /// Kafka tells clients of a fenced leader as of one that is none, of its own coordinator's troubles as of one that
    /// can't be had, and of all else, which they could do nothing about, as of a failure: they try again.
    private static void check(short code, @Nullable String message) {
        var error = Errors.forCode(code);
        if (error == Errors.NONE) {
            return;
        }
        var told =
                switch (error) {
                    case FENCED_LEADER_EPOCH, FENCED_STATE_EPOCH -> Errors.NOT_LEADER_OR_FOLLOWER;
                    case NOT_COORDINATOR, COORDINATOR_NOT_AVAILABLE, COORDINATOR_LOAD_IN_PROGRESS ->
                        Errors.COORDINATOR_NOT_AVAILABLE;
                    case GROUP_ID_NOT_FOUND, UNKNOWN_TOPIC_OR_PARTITION -> error;
                    default -> Errors.UNKNOWN_SERVER_ERROR;
                };
        ApiException failure = told.exception(message == null ? error.message() : message);
        throw failure;
    }
}
