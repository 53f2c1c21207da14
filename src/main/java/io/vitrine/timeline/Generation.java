package io.vitrine.timeline;

import java.util.Map;
import java.util.Optional;

/// Who was in a group, and who was to read what, from one rebalance to the next.
///
/// @param epoch of a classic group its generation, else the epoch of its target assignment
/// @param timestampMs when that was written
/// @param replayed was it read from the log at a start of the broker?
/// @param protocol how the partitions were shared out, such as `range`; empty where that is not written
/// @param leader the member that shared them out; empty where the broker did
/// @param members by their ids
public record Generation(
        int epoch, long timestampMs, boolean replayed, String protocol, String leader, Map<String, Member> members) {
    private static final int BYTES_PER_MEMBER = 300;

    public Generation {
        members = Map.copyOf(members);
    }

    /// One member of a generation.
    ///
    /// @param instanceId its `group.instance.id`, if it has one
    /// @param host as the coordinator writes it, `/127.0.0.1`
    public record Member(
            String memberId, Optional<String> instanceId, String clientId, String host, Assignment assignment) {}

    /// Partitions shared out to members; one that two members are to read counts twice.
    public int partitionCount() {
        return members.values().stream()
                .mapToInt(member -> member.assignment().size())
                .sum();
    }

    /// About how much memory it takes.
    int sizeInBytes() {
        return BYTES_PER_MEMBER
                + members.values().stream()
                        .mapToInt(
                                member -> BYTES_PER_MEMBER + member.assignment().sizeInBytes())
                        .sum();
    }
}
