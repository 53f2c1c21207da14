package io.vitrine.timeline;

import java.util.List;
import java.util.Optional;

/// What is known of a group's past, as of one moment.
///
/// @param events oldest first
/// @param droppedEvents how many older ones there were
/// @param generations the last ones, oldest first
/// @param contacts when something was last heard of each member
/// @param waiting requests of its members that wait for others
/// @param rebalancingSince when the first thing happened that the next generation of a classic group is due to
/// @param asOfMs the moment
public record GroupTimeline(
        String groupId,
        List<TimelineEvent> events,
        long droppedEvents,
        List<Generation> generations,
        List<MemberContact> contacts,
        List<WaitingMember> waiting,
        Optional<Long> rebalancingSince,
        Offsets offsets,
        long asOfMs) {

    /// What was asked of the group's offsets since the start of the broker.
    ///
    /// @param commits requests that commit offsets
    /// @param refused those of them that were refused, if only for one partition
    public record Offsets(long commits, long refused, Optional<Long> lastCommitMs, long fetches) {}

    /// The generation with this epoch, if it is still kept; the last one, if the group has begun anew since.
    public Optional<Generation> findGeneration(int epoch) {
        return generations.reversed().stream()
                .filter(generation -> generation.epoch() == epoch)
                .findFirst();
    }

    /// When something was last heard of a member, if that is known.
    public Optional<MemberContact> findContact(String memberId) {
        return contacts.stream()
                .filter(contact -> contact.memberId().equals(memberId))
                .findFirst();
    }
}
