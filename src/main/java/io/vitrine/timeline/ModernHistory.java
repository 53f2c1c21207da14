package io.vitrine.timeline;

import io.vitrine.group.GroupRecord;
import io.vitrine.group.GroupType;
import io.vitrine.timeline.Generation.Member;
import io.vitrine.timeline.TimelineEvent.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupCurrentMemberAssignmentKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupCurrentMemberAssignmentValue;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupMemberMetadataKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupMemberMetadataValue;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupMetadataKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupMetadataValue;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupRegularExpressionKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupRegularExpressionValue;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupTargetAssignmentMemberKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupTargetAssignmentMemberValue;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupTargetAssignmentMetadataKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupTargetAssignmentMetadataValue;
import org.jspecify.annotations.Nullable;

/// Understands what happens to a group of the newer protocol (KIP-848). Its coordinator writes a record for each
/// step: members, the group's epoch, the target assignment, and what each member has of it. Only why a member is
/// gone has to be concluded, from whether it asked to leave.
///
/// Guarded by the history.
final class ModernHistory {
    private static final String[] STATES = {"stable", "gives up partitions", "waits for partitions of others"};

    private final GroupHistory history;
    private final PendingCauses pending = new PendingCauses();
    private final Map<String, ConsumerGroupMemberMetadataValue> members = new HashMap<>();
    private final Map<String, Assignment> targets = new HashMap<>();
    // Why members leave that have asked for it.
    private final Map<String, String> leaving = new HashMap<>();
    private int epoch = -1;

    ModernHistory(GroupHistory history) {
        this.history = history;
    }

    /// Is the group one of this protocol?
    boolean isAlive() {
        return epoch >= 0;
    }

    void leaves(String memberId, String reason) {
        if (members.containsKey(memberId)) {
            leaving.put(memberId, reason);
        }
    }

    void leaveRefused(String memberId) {
        leaving.remove(memberId);
    }

    /// The id of the static member with this name, if there is one.
    Optional<String> findMember(String instanceId) {
        return members.entrySet().stream()
                .filter(member -> instanceId.equals(member.getValue().instanceId()))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    void recorded(GroupRecord record) {
        switch (record.key()) {
            case ConsumerGroupMetadataKey _ -> groupEpoch((ConsumerGroupMetadataValue) record.value(), record);
            case ConsumerGroupMemberMetadataKey key ->
                member(key.memberId(), (ConsumerGroupMemberMetadataValue) record.value(), record);
            case ConsumerGroupTargetAssignmentMemberKey key ->
                target(key.memberId(), (ConsumerGroupTargetAssignmentMemberValue) record.value());
            case ConsumerGroupTargetAssignmentMetadataKey _ ->
                assigned((ConsumerGroupTargetAssignmentMetadataValue) record.value(), record);
            case ConsumerGroupCurrentMemberAssignmentKey key ->
                reconciled(key.memberId(), (ConsumerGroupCurrentMemberAssignmentValue) record.value(), record);
            case ConsumerGroupRegularExpressionKey key ->
                pattern(key.regularExpression(), (ConsumerGroupRegularExpressionValue) record.value(), record);
            default -> {
                // Written by older versions, which is of no interest any more.
            }
        }
    }

    void reset() {
        members.clear();
        targets.clear();
        leaving.clear();
        pending.clear();
        epoch = -1;
    }

    private void groupEpoch(@Nullable ConsumerGroupMetadataValue value, GroupRecord record) {
        if (value == null) {
            if (!record.replayed() || isAlive()) {
                history.end(event(record, Kind.DELETED, "", "the consumer group is gone"));
            }
            return;
        }
        if (!isAlive() && history.isDeleted()) {
            history.add(event(record, Kind.CONVERTED, "", "to the consumer protocol"));
        }
        epoch = value.epoch();
        if (!record.replayed()) {
            var cause = pending.isEmpty() ? RebalanceCause.TOPICS_CHANGED : pending.first();
            var text = pending.isEmpty() ? "no member did anything, so its topics must have changed" : pending.text();
            var event = event(record, Kind.REBALANCED, "", text).because(cause);
            history.add(pending.isEmpty() ? event.asInferred() : event);
            history.owner().rebalanced(cause);
            pending.clear();
        }
    }

    private void member(String memberId, @Nullable ConsumerGroupMemberMetadataValue value, GroupRecord record) {
        if (value == null) {
            if (members.containsKey(memberId)) {
                gone(memberId, record);
            }
            return;
        }
        var before = members.put(memberId, value);
        if (before == null) {
            joined(memberId, value, record);
        } else if (!subscription(before).equals(subscription(value))) {
            history.add(event(
                    record,
                    Kind.SUBSCRIPTION_CHANGED,
                    memberId,
                    "from %s to %s".formatted(subscription(before), subscription(value))));
            because(
                    record,
                    RebalanceCause.SUBSCRIPTION_CHANGED,
                    "%s subscribed to %s".formatted(memberId, subscription(value)));
        }
        var activity = history.activity(memberId, value.clientId(), value.clientHost(), System.currentTimeMillis());
        activity.setTimeouts(
                history.owner().sessionTimeoutMs(GroupType.CONSUMER, history.groupId()), value.rebalanceTimeoutMs());
    }

    private void joined(String memberId, ConsumerGroupMemberMetadataValue value, GroupRecord record) {
        var text = "%s at %s%s, subscribed to %s"
                .formatted(
                        value.clientId(),
                        value.clientHost().startsWith("/") ? value.clientHost().substring(1) : value.clientHost(),
                        value.instanceId() == null ? "" : ", static member " + value.instanceId(),
                        subscription(value));
        history.add(event(record, Kind.JOIN, memberId, text));
        because(record, RebalanceCause.MEMBER_JOINED, memberId + " joined");
    }

    private void gone(String memberId, GroupRecord record) {
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

    private void expired(String memberId, GroupRecord record) {
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

    private void target(String memberId, @Nullable ConsumerGroupTargetAssignmentMemberValue value) {
        if (value == null) {
            targets.remove(memberId);
            return;
        }
        var partitions = new HashMap<String, List<Integer>>();
        value.topicPartitions()
                .forEach(topic -> partitions.put(history.owner().topicName(topic.topicId()), topic.partitions()));
        targets.put(memberId, Assignment.of(partitions));
    }

    private void assigned(@Nullable ConsumerGroupTargetAssignmentMetadataValue value, GroupRecord record) {
        if (value == null) {
            return;
        }
        var shared = new HashMap<String, Member>();
        members.forEach((memberId, member) -> shared.put(
                memberId,
                new Member(
                        memberId,
                        Optional.ofNullable(member.instanceId()),
                        member.clientId(),
                        member.clientHost(),
                        targets.getOrDefault(memberId, Assignment.NONE))));
        var generation =
                new Generation(value.assignmentEpoch(), record.timestampMs(), record.replayed(), "", "", shared);
        history.keep(generation);
        history.add(TimelineEvent.of(
                        record.timestampMs(),
                        shared.isEmpty() ? Kind.EMPTY : Kind.ASSIGNED,
                        value.assignmentEpoch(),
                        "",
                        shared.isEmpty()
                                ? "no member is left"
                                : "%d partitions to %d members".formatted(generation.partitionCount(), shared.size()))
                .asReplayed(record.replayed()));
    }

    private void reconciled(
            String memberId, @Nullable ConsumerGroupCurrentMemberAssignmentValue value, GroupRecord record) {
        if (value == null) {
            return;
        }
        var has = new HashMap<String, List<Integer>>();
        value.assignedPartitions()
                .forEach(topic -> has.put(history.owner().topicName(topic.topicId()), topic.partitions()));
        var gives = new ArrayList<String>();
        value.partitionsPendingRevocation()
                .forEach(topic -> topic.partitions()
                        .forEach(index -> gives.add(history.owner().topicName(topic.topicId()) + "-" + index)));
        int state = value.state();
        var text = "%s; has [%s]%s"
                .formatted(
                        state >= 0 && state < STATES.length ? STATES[state] : "state " + state,
                        Assignment.of(has),
                        gives.isEmpty() ? "" : ", gives up " + gives);
        history.add(TimelineEvent.of(record.timestampMs(), Kind.RECONCILED, value.memberEpoch(), memberId, text)
                .asReplayed(record.replayed()));
    }

    private void pattern(String pattern, @Nullable ConsumerGroupRegularExpressionValue value, GroupRecord record) {
        if (value != null) {
            because(
                    record,
                    RebalanceCause.TOPICS_CHANGED,
                    "%d topics match '%s'".formatted(value.topics().size(), pattern));
        }
    }

    /// What was read from the log has had its effect before the broker started.
    private void because(GroupRecord record, RebalanceCause cause, String text) {
        if (!record.replayed()) {
            pending.add(cause, "", text, record.timestampMs());
        }
    }

    private TimelineEvent event(GroupRecord record, Kind kind, String memberId, String detail) {
        return TimelineEvent.of(record.timestampMs(), kind, epoch, memberId, detail)
                .asReplayed(record.replayed());
    }

    private static String subscription(ConsumerGroupMemberMetadataValue value) {
        boolean hasPattern = value.subscribedTopicRegex() != null
                && !value.subscribedTopicRegex().isEmpty();
        return value.subscribedTopicNames() + (hasPattern ? " and '%s'".formatted(value.subscribedTopicRegex()) : "");
    }
}
