package io.vitrine.group;

import io.vitrine.group.GroupMember.Subscription;
import java.util.function.ToIntFunction;
import org.apache.kafka.common.message.ShareGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.message.ShareGroupDescribeResponseData.Member;

/// Reads what the coordinator says of share groups.
final class ShareGroups {
    private ShareGroups() {}

    static GroupAnswer answer(DescribedGroup group, ToIntFunction<String> partition) {
        return GroupAnswer.of(
                group.errorCode(),
                group.errorMessage(),
                () -> new GroupDescription(
                        new GroupSummary(
                                group.groupId(),
                                GroupType.SHARE,
                                group.groupState(),
                                GroupType.SHARE.label(),
                                partition.applyAsInt(group.groupId())),
                        group.assignorName(),
                        group.groupEpoch(),
                        group.assignmentEpoch(),
                        group.members().stream().map(ShareGroups::member).toList()));
    }

    private static GroupMember member(Member member) {
        return new GroupMember(
                member.memberId(),
                null,
                member.rackId(),
                member.clientId(),
                member.clientHost(),
                member.memberEpoch(),
                GroupType.SHARE.label(),
                new Subscription(member.subscribedTopicNames(), null),
                member.assignment().topicPartitions().stream()
                        .flatMap(topic -> Partitions.of(topic.topicName(), topic.partitions()))
                        .toList(),
                null);
    }
}
