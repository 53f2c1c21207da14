package io.vitrine.timeline;

import io.vitrine.group.GroupType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One step of a group of a newer protocol, as its coordinator has written it down: the same for groups of consumers
/// (KIP-848), share groups (KIP-932) and streams groups (KIP-1071), whose records differ in their types only.
///
/// Where it names partitions, these are under the name of their topic, or in a streams group under that of their part
/// of the topology.
sealed interface ModernStep {
    /// The group has this epoch.
    record GroupEpoch(GroupType type, int epoch) implements ModernStep {}

    /// The group is gone.
    record GroupGone(GroupType type) implements ModernStep {}

    /// This is now so of a member.
    record MemberIs(GroupType type, String memberId, ModernMember member) implements ModernStep {}

    record MemberGone(String memberId) implements ModernStep {}

    /// What a member is to have.
    record Target(String memberId, Map<String, List<Integer>> partitions) implements ModernStep {}

    /// A member is to have nothing any more.
    record TargetGone(String memberId) implements ModernStep {}

    /// The targets before it belong to this epoch.
    record Assigned(int epoch) implements ModernStep {}

    /// What a member has.
    ///
    /// @param state Kafka's number: 0 stable, 1 gives up some, 2 waits for others
    /// @param gives what it is to give up
    record Reconciled(
            String memberId,
            int memberEpoch,
            int state,
            Map<String, List<Integer>> has,
            Map<String, List<Integer>> gives)
            implements ModernStep {}

    /// Topics were found by a pattern.
    record PatternFound(String pattern, int topics) implements ModernStep {}

    /// What a streams group does has this form.
    ///
    /// @param sources the topics that each part of it reads
    record Topology(int epoch, Map<String, List<String>> sources) implements ModernStep {}

    /// A step with the group that takes it.
    record Of(String groupId, ModernStep step) {}

    /// What is known of a member.
    ///
    /// @param wants what it is subscribed to, in words
    /// @param wantsHash tells apart what is too long to be kept whole
    /// @param rebalanceTimeoutMs 0 if it has none
    record ModernMember(
            String clientId,
            String clientHost,
            Optional<String> instanceId,
            String wants,
            int wantsHash,
            int rebalanceTimeoutMs) {
        public ModernMember {
            clientId = TimelineEvent.cut(clientId);
            instanceId = instanceId.map(TimelineEvent::cut);
            wants = TimelineEvent.cut(wants);
        }

        boolean wantsTheSameAs(ModernMember other) {
            return wantsHash == other.wantsHash && wants.equals(other.wants);
        }
    }
}
