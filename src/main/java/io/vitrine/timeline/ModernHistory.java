package io.vitrine.timeline;

import io.vitrine.coordinator.TappedRecord;
import io.vitrine.group.GroupType;
import io.vitrine.timeline.Generation.Member;
import io.vitrine.timeline.ModernStep.Assigned;
import io.vitrine.timeline.ModernStep.GroupEpoch;
import io.vitrine.timeline.ModernStep.GroupGone;
import io.vitrine.timeline.ModernStep.MemberGone;
import io.vitrine.timeline.ModernStep.MemberIs;
import io.vitrine.timeline.ModernStep.ModernMember;
import io.vitrine.timeline.ModernStep.PatternFound;
import io.vitrine.timeline.ModernStep.Reconciled;
import io.vitrine.timeline.ModernStep.Target;
import io.vitrine.timeline.ModernStep.TargetGone;
import io.vitrine.timeline.ModernStep.Topology;
import io.vitrine.timeline.TimelineEvent.Kind;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Understands what happens to a group of a newer protocol. Its coordinator writes a record for each step: members,
/// the group's epoch, the target assignment, and what each member has of it. Only why a member is gone has to be
/// concluded, from whether it asked to leave.
///
/// Guarded by the history.
final class ModernHistory {
    private static final String[] STATES = {"stable", "gives up partitions", "waits for partitions of others"};

    private final GroupHistory history;
    private final PendingCauses pending = new PendingCauses();
    private final Map<String, ModernMember> members = new HashMap<>();
    private final Map<String, Assignment> targets = new HashMap<>();
    // The topics that the parts of a topology read; none in groups without one.
    private Map<String, List<String>> sources = Map.of();
    // Why members leave that have asked for it.
    private final Map<String, String> leaving = new HashMap<>();
    private int epoch = -1;

    ModernHistory(GroupHistory history) {
        this.history = history;
    }

    /// Is the group one of such a protocol?
    boolean isAlive() {
        return epoch >= 0;
    }

    void leaves(String memberId, String reason) {
        if (members.containsKey(memberId)) {
            leaving.put(memberId, TimelineEvent.cut(reason));
        }
    }

    void leaveRefused(String memberId) {
        leaving.remove(memberId);
    }

    /// The id of the static member with this name, if there is one.
    Optional<String> findMember(String instanceId) {
        return members.entrySet().stream()
                .filter(member -> member.getValue().instanceId().equals(Optional.of(instanceId)))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    void recorded(ModernStep step, TappedRecord record) {
        switch (step) {
            case GroupEpoch(GroupType ofType, int newEpoch) -> groupEpoch(ofType, newEpoch, record);
            case GroupGone(GroupType ofType) -> groupGone(ofType, record);
            case MemberIs is -> member(is, record);
            case MemberGone(String memberId) -> {
                if (members.containsKey(memberId)) {
                    gone(memberId, record);
                }
            }
            case Target(String memberId, var partitions) -> targets.put(memberId, assignment(partitions));
            case TargetGone(String memberId) -> targets.remove(memberId);
            case Assigned(int ofEpoch) -> assigned(ofEpoch, record);
            case Reconciled reconciled -> reconciled(reconciled, record);
            case PatternFound(String pattern, int topics) ->
                because(record, RebalanceCause.TOPICS_CHANGED, "%d topics match '%s'".formatted(topics, pattern));
            case Topology topology -> topology(topology, record);
        }
    }

    void reset() {
        members.clear();
        targets.clear();
        sources = Map.of();
        leaving.clear();
        pending.clear();
        epoch = -1;
    }

    private void groupEpoch(GroupType ofType, int newEpoch, TappedRecord record) {
        if (!isAlive() && history.isDeleted() && ofType == GroupType.CONSUMER) {
            history.add(event(record, Kind.CONVERTED, "", "to the consumer protocol"));
        }
        epoch = newEpoch;
        if (!record.replayed()) {
            var cause = pending.isEmpty() ? RebalanceCause.TOPICS_CHANGED : pending.first();
            var text = pending.isEmpty() ? "no member did anything, so its topics must have changed" : pending.text();
            var event = event(record, Kind.REBALANCED, "", text).because(cause);
            history.add(pending.isEmpty() ? event.asInferred() : event);
            history.owner().rebalanced(cause);
            pending.clear();
        }
    }

    private void groupGone(GroupType ofType, TappedRecord record) {
        if (!record.replayed() || isAlive()) {
            history.end(event(record, Kind.DELETED, "", "the %s group is gone".formatted(ofType.label())));
        }
    }

    private void member(MemberIs step, TappedRecord record) {
        var memberId = step.memberId();
        var member = step.member();
        var before = members.put(memberId, member);
        if (before == null) {
            joined(step, record);
        } else if (!before.wantsTheSameAs(member)) {
            history.add(event(
                    record,
                    Kind.SUBSCRIPTION_CHANGED,
                    memberId,
                    "from %s to %s".formatted(before.wants(), member.wants())));
            because(
                    record,
                    RebalanceCause.SUBSCRIPTION_CHANGED,
                    "%s is for %s now".formatted(memberId, member.wants()));
        }
        var activity = history.activity(memberId, member.clientId(), member.clientHost(), System.currentTimeMillis());
        activity.setTimeouts(
                history.owner().sessionTimeoutMs(step.type(), history.groupId()), member.rebalanceTimeoutMs());
    }

    private void joined(MemberIs step, TappedRecord record) {
        var memberId = step.memberId();
        var member = step.member();
        var text = "%s at %s%s, %s %s"
                .formatted(
                        member.clientId(),
                        member.clientHost().startsWith("/")
                                ? member.clientHost().substring(1)
                                : member.clientHost(),
                        member.instanceId().map(", static member "::concat).orElse(""),
                        step.type() == GroupType.STREAMS ? "runs" : "subscribed to",
                        member.wants());
        history.add(event(record, Kind.JOIN, memberId, text));
        because(record, RebalanceCause.MEMBER_JOINED, memberId + " joined");
    }

    private void gone(String memberId, TappedRecord record) {
        members.remove(memberId);
        var reason = leaving.remove(memberId);
        if (reason != null || record.replayed()) {
            var text = reason == null ? "its end is in the log" : reason;
            history.add(event(record, Kind.LEAVE, memberId, text));
            because(record, RebalanceCause.MEMBER_LEFT, "%s left: %s".formatted(memberId, text));
        } else {
            expired(memberId, record);
        }
        history.forget(memberId);
    }

    private void expired(String memberId, TappedRecord record) {
        var activity = history.activity(memberId);
        long nowMs = record.timestampMs();
        boolean silent = activity == null || activity.isSilent(nowMs);
        var cause = silent ? RebalanceCause.SESSION_EXPIRED : RebalanceCause.REBALANCE_TIMEOUT;
        var contact = activity == null ? null : activity.contact(memberId);
        var text = contact == null
                ? "it did not ask to leave"
                : silent
                        ? "nothing heard for %d ms, the session timeout is %d ms"
                                .formatted(nowMs - contact.lastHeardMs(), contact.sessionTimeoutMs())
                        : "alive %d ms ago, but did not give up partitions; its rebalance timeout is %d ms"
                                .formatted(nowMs - contact.lastHeardMs(), contact.rebalanceTimeoutMs());
        history.add(event(record, Kind.EXPIRED, memberId, text).because(cause).asInferred());
        because(record, cause, memberId + ": " + text);
    }

    private void topology(Topology topology, TappedRecord record) {
        sources = topology.sources();
        var text = "topology %d reads %s".formatted(topology.epoch(), sources.values());
        history.add(event(record, Kind.TOPOLOGY_CHANGED, "", text));
        because(record, RebalanceCause.TOPOLOGY_CHANGED, text);
    }

    private void assigned(int ofEpoch, TappedRecord record) {
        var shared = new HashMap<String, Member>();
        members.forEach((memberId, member) -> shared.put(
                memberId,
                new Member(
                        memberId,
                        member.instanceId(),
                        member.clientId(),
                        member.clientHost(),
                        targets.getOrDefault(memberId, Assignment.NONE))));
        var generation = new Generation(ofEpoch, record.timestampMs(), record.replayed(), "", "", shared);
        history.keep(generation);
        history.add(TimelineEvent.of(
                        record.timestampMs(),
                        shared.isEmpty() ? Kind.EMPTY : Kind.ASSIGNED,
                        ofEpoch,
                        "",
                        shared.isEmpty()
                                ? "no member is left"
                                : "%d partitions to %d members".formatted(generation.partitionCount(), shared.size()))
                .asReplayed(record.replayed()));
    }

    private void reconciled(Reconciled step, TappedRecord record) {
        int state = step.state();
        var gives = assignment(step.gives());
        var text = "%s; has [%s]%s"
                .formatted(
                        state >= 0 && state < STATES.length ? STATES[state] : "state " + state,
                        assignment(step.has()),
                        gives.size() == 0 ? "" : ", gives up [%s]".formatted(gives));
        history.add(TimelineEvent.of(record.timestampMs(), Kind.RECONCILED, step.memberEpoch(), step.memberId(), text)
                .asReplayed(record.replayed()));
    }

    /// A task reads the partitions of its number in all topics of its part of the topology.
    private Assignment assignment(Map<String, List<Integer>> partitions) {
        if (sources.isEmpty()) {
            return Assignment.of(partitions);
        }
        var byTopic = new HashMap<String, Set<Integer>>();
        partitions.forEach((part, tasks) -> sources.getOrDefault(part, List.of(part))
                .forEach(topic ->
                        byTopic.computeIfAbsent(topic, _ -> new HashSet<>()).addAll(tasks)));
        return Assignment.of(byTopic);
    }

    /// What was read from the log has had its effect before the broker started.
    private void because(TappedRecord record, RebalanceCause cause, String text) {
        if (!record.replayed()) {
            pending.add(cause, "", text, record.timestampMs());
        }
    }

    private TimelineEvent event(TappedRecord record, Kind kind, String memberId, String detail) {
        return TimelineEvent.of(record.timestampMs(), kind, epoch, memberId, detail)
                .asReplayed(record.replayed());
    }
}
