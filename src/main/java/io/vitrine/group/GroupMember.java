package io.vitrine.group;

import io.vitrine.metadata.TopicPartition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One member of a group.
///
/// @param instanceId of a static member
/// @param epoch of the member; null where members speak the classic protocol of a classic group
/// @param protocol `classic`, or the type of the group: while a group changes over, it has members of both
/// @param subscription what it wants to read; null if that is not known at this moment
/// @param assigned what it reads
/// @param target what it is to read when all members have caught up; null where there is no such thing
public record GroupMember(
        String id,
        @Nullable String instanceId,
        @Nullable String rackId,
        String clientId,
        String host,
        @Nullable Integer epoch,
        String protocol,
        @Nullable Subscription subscription,
        List<TopicPartition> assigned,
        @Nullable List<TopicPartition> target) {

    /// What a member wants to read.
    ///
    /// @param pattern of topic names, which the broker looks for
    public record Subscription(
            List<String> topics, @Nullable String pattern) {
        public Subscription {
            topics = List.copyOf(topics);
        }
    }
}
