package io.vitrine.timeline;

import io.vitrine.group.GroupType;
import io.vitrine.timeline.ModernStep.ModernMember;
import io.vitrine.timeline.ModernStep.PatternFound;
import io.vitrine.timeline.ModernStep.Reconciled;
import io.vitrine.timeline.ModernStep.Target;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupCurrentMemberAssignmentKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupCurrentMemberAssignmentValue;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupMemberMetadataKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupMemberMetadataValue;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupMetadataKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupMetadataValue;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupRegularExpressionKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupRegularExpressionValue;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupTargetAssignmentMemberKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupTargetAssignmentMemberValue;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupTargetAssignmentMetadataKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupTargetAssignmentMetadataValue;
import org.jspecify.annotations.Nullable;

/// Reads the records of groups of consumers (KIP-848).
final class ConsumerRecords {
    private final Function<Uuid, String> topicName;

    ConsumerRecords(Function<Uuid, String> topicName) {
        this.topicName = topicName;
    }

    Optional<ModernStep.Of> read(ApiMessage key, @Nullable ApiMessage value) {
        return switch (key) {
            case ConsumerGroupMetadataKey of ->
                ModernRecords.groupEpoch(
                        of.groupId(),
                        GroupType.CONSUMER,
                        (ConsumerGroupMetadataValue) value,
                        ConsumerGroupMetadataValue::epoch);
            case ConsumerGroupMemberMetadataKey of ->
                ModernRecords.member(
                        of.groupId(),
                        GroupType.CONSUMER,
                        of.memberId(),
                        (ConsumerGroupMemberMetadataValue) value,
                        ConsumerRecords::member);
            case ConsumerGroupTargetAssignmentMemberKey of ->
                ModernRecords.target(
                        of.groupId(),
                        of.memberId(),
                        (ConsumerGroupTargetAssignmentMemberValue) value,
                        target -> new Target(of.memberId(), partitions(target)));
            case ConsumerGroupTargetAssignmentMetadataKey of ->
                ModernRecords.assigned(
                        of.groupId(),
                        (ConsumerGroupTargetAssignmentMetadataValue) value,
                        ConsumerGroupTargetAssignmentMetadataValue::assignmentEpoch);
            case ConsumerGroupCurrentMemberAssignmentKey of ->
                ModernRecords.told(
                        of.groupId(),
                        (ConsumerGroupCurrentMemberAssignmentValue) value,
                        current -> reconciled(of.memberId(), current));
            case ConsumerGroupRegularExpressionKey of ->
                ModernRecords.told(
                        of.groupId(),
                        (ConsumerGroupRegularExpressionValue) value,
                        found -> new PatternFound(
                                of.regularExpression(), found.topics().size()));
            default -> Optional.empty();
        };
    }

    private static ModernMember member(ConsumerGroupMemberMetadataValue value) {
        var pattern = value.subscribedTopicRegex();
        var wants = value.subscribedTopicNames()
                + (pattern == null || pattern.isEmpty() ? "" : " and '%s'".formatted(pattern));
        return ModernRecords.member(
                value.clientId(), value.clientHost(), value.instanceId(), wants, value.rebalanceTimeoutMs());
    }

    private Map<String, List<Integer>> partitions(ConsumerGroupTargetAssignmentMemberValue value) {
        return ModernRecords.byTopic(
                value.topicPartitions(),
                topic -> topicName.apply(topic.topicId()),
                ConsumerGroupTargetAssignmentMemberValue.TopicPartition::partitions);
    }

    private Reconciled reconciled(String memberId, ConsumerGroupCurrentMemberAssignmentValue value) {
        var has = partitions(value.assignedPartitions());
        var gives = partitions(value.partitionsPendingRevocation());
        return new Reconciled(memberId, value.memberEpoch(), value.state(), has, gives);
    }

    private Map<String, List<Integer>> partitions(
            List<ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions> topics) {
        return ModernRecords.byTopic(
                topics,
                topic -> topicName.apply(topic.topicId()),
                ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions::partitions);
    }
}
