package io.vitrine.inspect;

import io.vitrine.group.CommittedOffset;
import io.vitrine.group.GroupDescription;
import io.vitrine.group.GroupMember;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.timeline.GroupTimeline;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// What is known of a group when it is looked at.
///
/// @param timeline empty if nothing is known of its past
/// @param silentMs without a heartbeat or a fetch for so long, something is worth telling
record GroupFacts(
        GroupDescription group,
        Map<TopicPartition, CommittedOffset> committed,
        Optional<GroupTimeline> timeline,
        long silentMs,
        long nowMs) {

    static GroupFacts of(
            GroupDescription group, List<CommittedOffset> offsets, Optional<GroupTimeline> timeline, long silentMs) {
        return new GroupFacts(
                group,
                offsets.stream().collect(Collectors.toMap(CommittedOffset::partition, offset -> offset)),
                timeline,
                silentMs,
                System.currentTimeMillis());
    }

    String groupId() {
        return group.summary().id();
    }

    String state() {
        return group.summary().state();
    }

    boolean isSettled() {
        return state().equals("Stable");
    }

    /// Who reads what.
    Map<TopicPartition, GroupMember> readers() {
        var readers = new HashMap<TopicPartition, GroupMember>();
        group.members().forEach(member -> member.assigned().forEach(partition -> readers.put(partition, member)));
        return readers;
    }

    /// Topics that members have named.
    Set<String> subscribedTopics() {
        var topics = new TreeSet<String>();
        for (var member : group.members()) {
            var subscription = member.subscription();
            if (subscription != null) {
                topics.addAll(subscription.topics());
            }
        }
        return topics;
    }

    /// Does a member subscribe to whatever has a name of some pattern?
    boolean hasPattern() {
        return group.members().stream()
                .map(GroupMember::subscription)
                .anyMatch(subscription -> subscription != null && subscription.pattern() != null);
    }
}
