package io.vitrine.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vitrine.group.GroupDescription;
import io.vitrine.group.GroupRecordDecoder;
import io.vitrine.group.GroupSummary;
import io.vitrine.group.GroupType;
import io.vitrine.metadata.TopicPartition;
import org.jspecify.annotations.Nullable;

/// One group.
///
/// @param protocolType what its members are; empty for a group that has but offsets
/// @param assignor what shares out the partitions
/// @param epoch absent for a classic group
/// @param assignmentEpoch absent for a classic group
/// @param members how many; absent if the group has gone while the page was made
/// @param coordinatorPartition of `__consumer_offsets`
/// @param partitionsCommitted of how many partitions an offset is committed
/// @param lag of all partitions of which an offset is committed
@JsonInclude(JsonInclude.Include.NON_NULL)
record GroupView(
        String group,
        String type,
        String state,
        String protocolType,
        @Nullable String assignor,
        @Nullable Integer epoch,
        @Nullable Integer assignmentEpoch,
        @Nullable Integer members,
        int coordinatorPartition,
        int partitionsCommitted,
        long lag,
        GroupLinks links) {

    /// @param delivery what a share group is given at this moment; absent for others
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record GroupLinks(
            String self,
            String members,
            String offsets,
            String configs,
            String records,
            @Nullable String delivery) {
        static GroupLinks of(GroupSummary group) {
            var partition = new TopicPartition(GroupRecordDecoder.TOPIC, group.coordinatorPartition());
            return new GroupLinks(
                    ApiPath.group(group.id(), ""),
                    ApiPath.group(group.id(), "/members"),
                    ApiPath.group(group.id(), "/offsets"),
                    ApiPath.group(group.id(), "/configs"),
                    ApiPath.records(partition),
                    group.type() == GroupType.SHARE ? ApiPath.shareGroup(group.id()) : null);
        }
    }

    /// A group of which no more is known.
    static GroupView of(GroupSummary group, int partitionsCommitted, long lag) {
        return new GroupView(
                group.id(),
                group.type().label(),
                group.state(),
                group.protocolType(),
                null,
                null,
                null,
                null,
                group.coordinatorPartition(),
                partitionsCommitted,
                lag,
                GroupLinks.of(group));
    }

    static GroupView of(GroupDescription description, int partitionsCommitted, long lag) {
        var group = description.summary();
        return new GroupView(
                group.id(),
                group.type().label(),
                group.state(),
                group.protocolType(),
                description.assignor(),
                description.epoch(),
                description.assignmentEpoch(),
                description.members().size(),
                group.coordinatorPartition(),
                partitionsCommitted,
                lag,
                GroupLinks.of(group));
    }
}
