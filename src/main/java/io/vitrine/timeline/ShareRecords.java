package io.vitrine.timeline;

import io.vitrine.group.GroupType;
import io.vitrine.timeline.ModernStep.ModernMember;
import io.vitrine.timeline.ModernStep.Reconciled;
import io.vitrine.timeline.ModernStep.Target;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.coordinator.group.generated.ShareGroupCurrentMemberAssignmentKey;
import org.apache.kafka.coordinator.group.generated.ShareGroupCurrentMemberAssignmentValue;
import org.apache.kafka.coordinator.group.generated.ShareGroupMemberMetadataKey;
import org.apache.kafka.coordinator.group.generated.ShareGroupMemberMetadataValue;
import org.apache.kafka.coordinator.group.generated.ShareGroupMetadataKey;
import org.apache.kafka.coordinator.group.generated.ShareGroupMetadataValue;
import org.apache.kafka.coordinator.group.generated.ShareGroupTargetAssignmentMemberKey;
import org.apache.kafka.coordinator.group.generated.ShareGroupTargetAssignmentMemberValue;
import org.apache.kafka.coordinator.group.generated.ShareGroupTargetAssignmentMetadataKey;
import org.apache.kafka.coordinator.group.generated.ShareGroupTargetAssignmentMetadataValue;
import org.jspecify.annotations.Nullable;

/// Reads the records of share groups (KIP-932). A partition may be given to several members, and none has to give it
/// up first.
final class ShareRecords {
    private final Function<Uuid, String> topicName;

    ShareRecords(Function<Uuid, String> topicName) {
        this.topicName = topicName;
    }

    Optional<ModernStep.Of> read(ApiMessage key, @Nullable ApiMessage value) {
        return switch (key) {
            case ShareGroupMetadataKey of ->
                ModernRecords.groupEpoch(
                        of.groupId(), GroupType.SHARE, (ShareGroupMetadataValue) value, ShareGroupMetadataValue::epoch);
            case ShareGroupMemberMetadataKey of ->
                ModernRecords.member(
                        of.groupId(),
                        GroupType.SHARE,
                        of.memberId(),
                        (ShareGroupMemberMetadataValue) value,
                        ShareRecords::member);
            case ShareGroupTargetAssignmentMemberKey of ->
                ModernRecords.target(
                        of.groupId(),
                        of.memberId(),
                        (ShareGroupTargetAssignmentMemberValue) value,
                        target -> new Target(of.memberId(), partitions(target)));
            case ShareGroupTargetAssignmentMetadataKey of ->
                ModernRecords.assigned(
                        of.groupId(),
                        (ShareGroupTargetAssignmentMetadataValue) value,
                        ShareGroupTargetAssignmentMetadataValue::assignmentEpoch);
            case ShareGroupCurrentMemberAssignmentKey of ->
                ModernRecords.told(
                        of.groupId(),
                        (ShareGroupCurrentMemberAssignmentValue) value,
                        current -> reconciled(of.memberId(), current));
            default -> Optional.empty();
        };
    }

    private static ModernMember member(ShareGroupMemberMetadataValue value) {
        return ModernRecords.member(
                value.clientId(),
                value.clientHost(),
                null,
                value.subscribedTopicNames().toString(),
                0);
    }

    private Map<String, List<Integer>> partitions(ShareGroupTargetAssignmentMemberValue value) {
        return ModernRecords.byTopic(
                value.topicPartitions(),
                topic -> topicName.apply(topic.topicId()),
                ShareGroupTargetAssignmentMemberValue.TopicPartition::partitions);
    }

    private Reconciled reconciled(String memberId, ShareGroupCurrentMemberAssignmentValue value) {
        var has = ModernRecords.byTopic(
                value.assignedPartitions(),
                topic -> topicName.apply(topic.topicId()),
                ShareGroupCurrentMemberAssignmentValue.TopicPartitions::partitions);
        return new Reconciled(memberId, value.memberEpoch(), value.state(), has, Map.of());
    }
}
