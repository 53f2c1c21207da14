package io.vitrine.timeline;

import io.vitrine.group.GroupType;
import io.vitrine.timeline.ModernStep.ModernMember;
import io.vitrine.timeline.ModernStep.Reconciled;
import io.vitrine.timeline.ModernStep.Target;
import io.vitrine.timeline.ModernStep.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.coordinator.group.generated.StreamsGroupCurrentMemberAssignmentKey;
import org.apache.kafka.coordinator.group.generated.StreamsGroupCurrentMemberAssignmentValue;
import org.apache.kafka.coordinator.group.generated.StreamsGroupMemberMetadataKey;
import org.apache.kafka.coordinator.group.generated.StreamsGroupMemberMetadataValue;
import org.apache.kafka.coordinator.group.generated.StreamsGroupMetadataKey;
import org.apache.kafka.coordinator.group.generated.StreamsGroupMetadataValue;
import org.apache.kafka.coordinator.group.generated.StreamsGroupTargetAssignmentMemberKey;
import org.apache.kafka.coordinator.group.generated.StreamsGroupTargetAssignmentMemberValue;
import org.apache.kafka.coordinator.group.generated.StreamsGroupTargetAssignmentMetadataKey;
import org.apache.kafka.coordinator.group.generated.StreamsGroupTargetAssignmentMetadataValue;
import org.apache.kafka.coordinator.group.generated.StreamsGroupTopologyKey;
import org.apache.kafka.coordinator.group.generated.StreamsGroupTopologyValue;
import org.jspecify.annotations.Nullable;

/// Reads the records of streams groups (KIP-1071). Their members are given tasks; only active ones read, so standby
/// and warm-up tasks, which follow a changelog, are left out.
final class StreamsRecords {
    Optional<ModernStep.Of> read(ApiMessage key, @Nullable ApiMessage value) {
        return switch (key) {
            case StreamsGroupMetadataKey of ->
                ModernRecords.groupEpoch(
                        of.groupId(),
                        GroupType.STREAMS,
                        (StreamsGroupMetadataValue) value,
                        StreamsGroupMetadataValue::epoch);
            case StreamsGroupMemberMetadataKey of ->
                ModernRecords.member(
                        of.groupId(),
                        GroupType.STREAMS,
                        of.memberId(),
                        (StreamsGroupMemberMetadataValue) value,
                        StreamsRecords::member);
            case StreamsGroupTargetAssignmentMemberKey of ->
                ModernRecords.target(
                        of.groupId(),
                        of.memberId(),
                        (StreamsGroupTargetAssignmentMemberValue) value,
                        target -> target(of.memberId(), target));
            case StreamsGroupTargetAssignmentMetadataKey of ->
                ModernRecords.assigned(
                        of.groupId(),
                        (StreamsGroupTargetAssignmentMetadataValue) value,
                        StreamsGroupTargetAssignmentMetadataValue::assignmentEpoch);
            case StreamsGroupCurrentMemberAssignmentKey of ->
                ModernRecords.told(
                        of.groupId(),
                        (StreamsGroupCurrentMemberAssignmentValue) value,
                        current -> reconciled(of.memberId(), current));
            case StreamsGroupTopologyKey of ->
                ModernRecords.told(of.groupId(), (StreamsGroupTopologyValue) value, StreamsRecords::topology);
            default -> Optional.empty();
        };
    }

    private static ModernMember member(StreamsGroupMemberMetadataValue value) {
        return ModernRecords.member(
                value.clientId(),
                value.clientHost(),
                value.instanceId(),
                "topology %d".formatted(value.topologyEpoch()),
                value.rebalanceTimeoutMs());
    }

    private static Target target(String memberId, StreamsGroupTargetAssignmentMemberValue value) {
        return new Target(
                memberId,
                ModernRecords.byTopic(
                        value.activeTasks(),
                        StreamsGroupTargetAssignmentMemberValue.TaskIds::subtopologyId,
                        StreamsGroupTargetAssignmentMemberValue.TaskIds::partitions));
    }

    private static Reconciled reconciled(String memberId, StreamsGroupCurrentMemberAssignmentValue value) {
        var has = partitions(value.activeTasks());
        var gives = partitions(value.activeTasksPendingRevocation());
        return new Reconciled(memberId, value.memberEpoch(), value.state(), has, gives);
    }

    private static Map<String, List<Integer>> partitions(List<StreamsGroupCurrentMemberAssignmentValue.TaskIds> tasks) {
        return ModernRecords.byTopic(
                tasks,
                StreamsGroupCurrentMemberAssignmentValue.TaskIds::subtopologyId,
                StreamsGroupCurrentMemberAssignmentValue.TaskIds::partitions);
    }

    private static Topology topology(StreamsGroupTopologyValue value) {
        var sources = new TreeMap<String, List<String>>();
        for (var part : value.subtopologies()) {
            var topics = new ArrayList<>(part.sourceTopics());
            part.repartitionSourceTopics().forEach(topic -> topics.add(topic.name()));
            sources.put(part.subtopologyId(), topics);
        }
        return new Topology(value.epoch(), sources);
    }
}
