package io.vitrine.group;

import io.vitrine.group.GroupMember.Subscription;
import io.vitrine.metadata.TopicPartition;
import java.util.List;
import java.util.function.ToIntFunction;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroupMember;

/// Reads what the coordinator says of classic groups. What their members want and have is known to themselves only;
/// it is read where they are consumers.
final class ClassicGroups {
    private ClassicGroups() {}

    static GroupAnswer answer(DescribedGroup group, ToIntFunction<String> partition) {
        return GroupAnswer.of(
                group.errorCode(),
                group.errorMessage(),
                () -> new GroupDescription(
                        new GroupSummary(
                                group.groupId(),
                                GroupType.CLASSIC,
                                group.groupState(),
                                group.protocolType(),
                                partition.applyAsInt(group.groupId())),
                        group.protocolData(),
                        null,
                        null,
                        group.members().stream()
                                .map(member -> member(group.protocolType(), member))
                                .toList()));
    }

    private static GroupMember member(String protocolType, DescribedGroupMember member) {
        boolean consumer = ClientMetadata.isOfConsumers(protocolType);
        var subscription = consumer
                ? ClientMetadata.findSubscription(member.memberMetadata())
                        .map(found -> new Subscription(found.topics(), null))
                        .orElse(null)
                : null;
        List<TopicPartition> assigned = consumer
                ? ClientMetadata.findAssignment(member.memberAssignment()).stream()
                        .flatMap(found -> found.assignedPartitions().stream())
                        .flatMap(topic -> Partitions.of(topic.topic(), topic.partitions()))
                        .toList()
                : List.of();
        return new GroupMember(
                member.memberId(),
                member.groupInstanceId(),
                null,
                member.clientId(),
                member.clientHost(),
                null,
                GroupType.CLASSIC.label(),
                subscription,
                assigned,
                null);
    }
}
