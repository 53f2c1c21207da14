package io.vitrine.group;

import io.vitrine.group.GroupMember.Subscription;
import io.vitrine.metadata.TopicPartition;
import java.util.List;
import java.util.function.ToIntFunction;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.Assignment;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.Member;

/// Reads what the coordinator says of consumer groups.
final class ConsumerGroups {
    private static final String PROTOCOL_TYPE = "consumer";

    private ConsumerGroups() {}

    static GroupAnswer answer(DescribedGroup group, ToIntFunction<String> partition) {
        return GroupAnswer.of(
                group.errorCode(),
                group.errorMessage(),
                () -> new GroupDescription(
                        new GroupSummary(
                                group.groupId(),
                                GroupType.CONSUMER,
                                group.groupState(),
                                PROTOCOL_TYPE,
                                partition.applyAsInt(group.groupId())),
                        group.assignorName(),
                        group.groupEpoch(),
                        group.assignmentEpoch(),
                        group.members().stream().map(ConsumerGroups::member).toList()));
    }

    private static GroupMember member(Member member) {
        var pattern = member.subscribedTopicRegex();
        return new GroupMember(
                member.memberId(),
                member.instanceId(),
                member.rackId(),
                member.clientId(),
                member.clientHost(),
                member.memberEpoch(),
                // While a group changes over, it has members of both protocols.
                member.memberType() == 0 ? GroupType.CLASSIC.label() : GroupType.CONSUMER.label(),
                new Subscription(member.subscribedTopicNames(), pattern == null || pattern.isEmpty() ? null : pattern),
                partitions(member.assignment()),
                partitions(member.targetAssignment()));
    }

    private static List<TopicPartition> partitions(Assignment assignment) {
        return assignment.topicPartitions().stream()
                .flatMap(topic -> Partitions.of(topic.topicName(), topic.partitions()))
                .toList();
    }
}
