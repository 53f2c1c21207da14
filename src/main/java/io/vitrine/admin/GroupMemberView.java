package io.vitrine.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vitrine.group.GroupMember;
import io.vitrine.metadata.TopicPartition;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One member of a group.
///
/// @param instanceId of a static member
/// @param epoch absent for members of a classic group
/// @param subscription absent where it is not known, as while a classic group rebalances
/// @param assignment what it reads
/// @param target what it is to read when all members have caught up; absent for a classic group
@JsonInclude(JsonInclude.Include.NON_NULL)
record GroupMemberView(
        String memberId,
        @Nullable String instanceId,
        @Nullable String rackId,
        String clientId,
        String host,
        @Nullable Integer epoch,
        String protocol,
        @Nullable SubscriptionView subscription,
        List<TopicView> assignment,
        @Nullable List<TopicView> target) {

    record Members(List<GroupMemberView> items) {}

    /// @param pattern of topic names
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record SubscriptionView(List<String> topics, @Nullable String pattern) {}

    record TopicView(String topic, List<Integer> partitions) {}

    static GroupMemberView of(GroupMember member) {
        var subscription = member.subscription();
        var target = member.target();
        return new GroupMemberView(
                member.id(),
                member.instanceId(),
                member.rackId(),
                member.clientId(),
                member.host(),
                member.epoch(),
                member.protocol(),
                subscription == null ? null : new SubscriptionView(subscription.topics(), subscription.pattern()),
                byTopic(member.assigned()),
                target == null ? null : byTopic(target));
    }

    private static List<TopicView> byTopic(List<TopicPartition> partitions) {
        return partitions.stream()
                .collect(Collectors.groupingBy(
                        TopicPartition::topic,
                        TreeMap::new,
                        Collectors.mapping(TopicPartition::partition, Collectors.toList())))
                .entrySet()
                .stream()
                .map(topic -> new TopicView(topic.getKey(), topic.getValue()))
                .toList();
    }
}
