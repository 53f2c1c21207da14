package io.vitrine.timeline;

import io.vitrine.coordinator.TappedRecord;
import io.vitrine.group.GroupCaller;
import io.vitrine.timeline.Generation.Member;
import io.vitrine.timeline.TimelineEvent.Kind;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.coordinator.group.generated.GroupMetadataValue;
import org.jspecify.annotations.Nullable;

/// Understands what happens to a group of the classic protocol. Its coordinator writes one record for each
/// generation, when the leader has shared out the partitions, and none for what leads to it. So this looks at what
/// members ask and are told, too; a member that is gone without having asked to leave must have been silent for too
/// long.
///
/// Guarded by the history.
final class ClassicHistory {
    private static final String LEAVE_KEY = "leave ";
    // Of those that a request waits for.
    private static final int MOST_NAMED = 100;

    private final GroupHistory history;
    private final PendingCauses pending = new PendingCauses();
    private final Map<Long, Waiting> waiting = new LinkedHashMap<>();
    // Members of the generation that are known not to be in the next one.
    private final Set<String> gone = new HashSet<>();
    private int epoch = -1;
    private String leader = "";
    private long nextWaitingId;

    private record Waiting(String api, String memberId, GroupCaller caller, long sinceMs, int timeoutMs) {
        WaitingMember show(String groupId, List<String> waitsFor) {
            return new WaitingMember(
                    groupId,
                    api,
                    memberId,
                    caller.clientId(),
                    "/" + caller.clientAddress().getHostAddress(),
                    sinceMs,
                    sinceMs + Math.max(timeoutMs, 0),
                    waitsFor);
        }
    }

    ClassicHistory(GroupHistory history) {
        this.history = history;
    }

    /// A member asks to join.
    ///
    /// @return a number for this request
    long joins(GroupCaller caller, JoinGroupRequestData request, long nowMs) {
        var memberId = request.memberId();
        long id = waits("JoinGroup", memberId, caller, nowMs, request.rebalanceTimeoutMs());
        boolean isFirstOfTwo = memberId.isEmpty() && caller.requestVersion() >= 4 && request.groupInstanceId() == null;
        if (isFirstOfTwo) {
            return id;
        }
        var cause = causeOf(request);
        var reason = request.reason() == null || request.reason().isEmpty() ? "" : ": " + request.reason();
        history.add(TimelineEvent.of(
                nowMs,
                Kind.JOIN,
                epoch,
                memberId,
                "%s at %s%s%s"
                        .formatted(
                                caller.clientId(),
                                caller.clientAddress().getHostAddress(),
                                request.groupInstanceId() == null ? "" : ", static member " + request.groupInstanceId(),
                                reason)));
        boolean follows = cause == RebalanceCause.MEMBER_REJOINED && !pending.isEmpty();
        if (!follows && !history.modern().isAlive()) {
            pending.add(cause, keyOf(id), describe(cause, name(memberId, caller.clientId())) + reason, nowMs);
        }
        return id;
    }

    /// The answer to a request to join.
    void joined(long id, GroupCaller caller, JoinGroupRequestData request, JoinGroupResponseData answer, long nowMs) {
        waiting.remove(id);
        var activity = history.activity(
                answer.memberId(),
                caller.clientId(),
                "/" + caller.clientAddress().getHostAddress(),
                nowMs);
        activity.setTimeouts(request.sessionTimeoutMs(), Math.max(request.rebalanceTimeoutMs(), 0));
        activity.heard(nowMs);
        if (history.modern().isAlive()) {
            return;
        }
        if (answer.generationId() == epoch) {
            // Nothing has changed for it.
            pending.withdraw(keyOf(id));
        }
        leader = answer.leader();
        advance(answer.generationId(), nowMs);
    }

    void joinRefused(long id) {
        waiting.remove(id);
        pending.withdraw(keyOf(id));
    }

    /// A member waits for what the leader assigns to it.
    long syncs(GroupCaller caller, String memberId, long nowMs) {
        var known = history.activity(memberId);
        int timeoutMs = known == null ? 0 : known.contact(memberId).rebalanceTimeoutMs();
        return waits("SyncGroup", memberId, caller, nowMs, timeoutMs);
    }

    void synced(long id) {
        waiting.remove(id);
    }

    /// Somebody asks that a member leaves.
    void leaves(String memberId, String reason, long nowMs) {
        history.add(TimelineEvent.of(nowMs, Kind.LEAVE, epoch, memberId, reason));
        if (!history.modern().isAlive() && isMember(memberId)) {
            gone.add(memberId);
            pending.add(
                    RebalanceCause.MEMBER_LEFT,
                    LEAVE_KEY + memberId,
                    name(memberId, "a member") + " left: " + reason,
                    nowMs);
        }
    }

    void leaveRefused(String memberId) {
        if (gone.remove(memberId)) {
            pending.withdraw(LEAVE_KEY + memberId);
        }
    }

    /// A member was told that the group shares out anew. If nobody has asked for that, somebody must have gone
    /// silently.
    void rebalances(long nowMs) {
        if (!pending.isEmpty() || history.modern().isAlive()) {
            return;
        }
        var silent = members().keySet().stream()
                .filter(member -> !gone.contains(member))
                .filter(member -> {
                    var activity = history.activity(member);
                    return activity != null && activity.isSilent(nowMs);
                })
                .sorted(Comparator.comparingLong(member -> -silentMs(member, nowMs)))
                .toList();
        for (var member : silent) {
            var activity = history.activity(member);
            // The one that was silent for longest, and others only if there is no doubt.
            if (activity != null && (pending.isEmpty() || activity.hasExpired(nowMs))) {
                expire(member, activity, nowMs);
            }
        }
    }

    private long silentMs(String memberId, long nowMs) {
        var activity = history.activity(memberId);
        return activity == null ? 0 : activity.silentMs(nowMs);
    }

    /// A generation was written, or the end of the group.
    void recorded(@Nullable GroupMetadataValue value, TappedRecord record) {
        if (value == null) {
            if (!record.replayed() || epoch >= 0) {
                history.end(TimelineEvent.of(record.timestampMs(), Kind.DELETED, epoch, "", "the classic group is gone")
                        .asReplayed(record.replayed()));
            }
            return;
        }
        var next = ClassicGeneration.of(value, record);
        if (!record.replayed()) {
            noteMissing(next, record.timestampMs());
            advance(next.epoch(), record.timestampMs());
        }
        epoch = next.epoch();
        leader = next.leader();
        gone.clear();
        history.keep(next);
        history.add(ClassicGeneration.event(next));
    }

    /// Requests that wait for others.
    List<WaitingMember> waiting() {
        var missing = new HashMap<String, List<String>>();
        return waiting.values().stream()
                .map(some -> some.show(history.groupId(), missing.computeIfAbsent(some.api(), this::missing)))
                .toList();
    }

    Optional<Long> pendingSince() {
        return pending.since();
    }

    void reset() {
        epoch = -1;
        leader = "";
        gone.clear();
        pending.clear();
    }

    private void advance(int newEpoch, long nowMs) {
        if (newEpoch <= epoch) {
            return;
        }
        rebalances(nowMs);
        var cause = pending.first();
        history.add(TimelineEvent.of(
                        nowMs,
                        Kind.REBALANCED,
                        newEpoch,
                        "",
                        "took %d ms: %s".formatted(nowMs - pending.since().orElse(nowMs), pending.text()))
                .because(cause));
        history.owner().rebalanced(cause);
        pending.clear();
        epoch = newEpoch;
    }

    /// Members of the generation before that nobody has said anything about.
    private void noteMissing(Generation next, long nowMs) {
        var instances = next.members().values().stream()
                .flatMap(member -> member.instanceId().stream())
                .collect(Collectors.toSet());
        members().forEach((memberId, member) -> {
            if (next.members().containsKey(memberId)) {
                return;
            }
            var activity = history.activity(memberId);
            if (member.instanceId().filter(instances::contains).isPresent()) {
                history.add(TimelineEvent.of(
                                nowMs,
                                Kind.REPLACED,
                                next.epoch(),
                                memberId,
                                "static member " + member.instanceId().get() + " came back")
                        .because(RebalanceCause.STATIC_MEMBER_REPLACED));
            } else if (!gone.contains(memberId) && activity != null) {
                expire(memberId, activity, nowMs);
            }
            history.forget(memberId);
        });
    }

    private void expire(String memberId, MemberActivity activity, long nowMs) {
        boolean silent = activity.isSilent(nowMs);
        var contact = activity.contact(memberId);
        var cause = silent ? RebalanceCause.SESSION_EXPIRED : RebalanceCause.REBALANCE_TIMEOUT;
        var detail = silent
                ? "nothing heard for %d ms, its session timeout is %d ms"
                        .formatted(nowMs - contact.lastHeardMs(), contact.sessionTimeoutMs())
                : "alive %d ms ago, but did not join again; its rebalance timeout is %d ms"
                        .formatted(nowMs - contact.lastHeardMs(), contact.rebalanceTimeoutMs());
        gone.add(memberId);
        history.add(TimelineEvent.of(nowMs, Kind.EXPIRED, epoch, memberId, detail)
                .because(cause)
                .asInferred());
        if (silent) {
            pending.add(cause, memberId, name(memberId, contact.clientId()) + ": " + detail, nowMs);
        }
    }

    private RebalanceCause causeOf(JoinGroupRequestData request) {
        if (isMember(request.memberId())) {
            return RebalanceCause.MEMBER_REJOINED;
        }
        var instance = request.groupInstanceId();
        boolean isBack = instance != null
                && members().values().stream()
                        .anyMatch(member -> member.instanceId().equals(Optional.of(instance)));
        return isBack ? RebalanceCause.STATIC_MEMBER_REPLACED : RebalanceCause.MEMBER_JOINED;
    }

    private static String describe(RebalanceCause cause, String who) {
        return switch (cause) {
            case MEMBER_REJOINED -> who + " joined again";
            case STATIC_MEMBER_REPLACED -> who + " came back as a static member";
            default -> who + " joined";
        };
    }

    private static String keyOf(long id) {
        return "join " + id;
    }

    private long waits(String api, String memberId, GroupCaller caller, long nowMs, int timeoutMs) {
        waiting.put(++nextWaitingId, new Waiting(api, memberId, caller, nowMs, timeoutMs));
        return nextWaitingId;
    }

    /// Members that have not asked yet what others ask; some of them, if they are many.
    private List<String> missing(String api) {
        var ready = waiting.values().stream()
                .filter(some -> some.api().equals(api))
                .map(Waiting::memberId)
                .collect(Collectors.toSet());
        var others = api.equals("SyncGroup") ? Set.of(leader) : members().keySet();
        return others.stream()
                .filter(other -> !ready.contains(other) && !gone.contains(other))
                .sorted()
                .limit(MOST_NAMED)
                .toList();
    }

    private boolean isMember(String memberId) {
        return members().containsKey(memberId);
    }

    private Map<String, Member> members() {
        var generation = history.generation();
        return generation == null || history.isDeleted() ? Map.of() : generation.members();
    }

    private String name(String memberId, String fallback) {
        return memberId.isEmpty() ? fallback : memberId;
    }
}
