package io.vitrine.group;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A group and its members at one moment.
///
/// @param assignor what shares out the partitions; empty if nothing does at this moment
/// @param epoch how often members or subscriptions have changed; null for a classic group
/// @param assignmentEpoch the epoch of the target assignment; null for a classic group
public record GroupDescription(
        GroupSummary summary,
        String assignor,
        @Nullable Integer epoch,
        @Nullable Integer assignmentEpoch,
        List<GroupMember> members) {
    public GroupDescription {
        members = List.copyOf(members);
    }
}
