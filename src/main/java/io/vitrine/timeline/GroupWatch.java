package io.vitrine.timeline;

import io.vitrine.group.GroupCallListener;
import io.vitrine.group.GroupCaller;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.ShareGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ShareGroupHeartbeatResponseData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.Message;
import org.jspecify.annotations.Nullable;

/// Sees what members ask and are told, for the timelines of their groups. What comes with every heartbeat or commit
/// costs a look into two maps.
final class GroupWatch implements GroupCallListener {
    private static final int LEAVE_EPOCH = -1;
    private static final int STATIC_LEAVE_EPOCH = -2;
    // One request may name a million; what is kept of a group would hold only those.
    private static final int MOST_LEAVING = 100;

    private final GroupTimelines timelines;

    GroupWatch(GroupTimelines timelines) {
        this.timelines = timelines;
    }

    @Override
    public Answered asked(GroupCaller caller, Message request) {
        return switch (request) {
            case JoinGroupRequestData join -> join(caller, join);
            case SyncGroupRequestData sync -> sync(caller, sync);
            case HeartbeatRequestData heartbeat -> heartbeat(heartbeat);
            case LeaveGroupRequestData leave -> leave(leave);
            case ConsumerGroupHeartbeatRequestData heartbeat ->
                heartbeat("ConsumerGroupHeartbeat", heartbeat.groupId(), heartbeat.memberId(), heartbeat.memberEpoch());
            case ShareGroupHeartbeatRequestData heartbeat ->
                heartbeat("ShareGroupHeartbeat", heartbeat.groupId(), heartbeat.memberId(), heartbeat.memberEpoch());
            case StreamsGroupHeartbeatRequestData heartbeat ->
                heartbeat("StreamsGroupHeartbeat", heartbeat.groupId(), heartbeat.memberId(), heartbeat.memberEpoch());
            case OffsetCommitRequestData commit -> commit(commit);
            case OffsetFetchRequestGroup fetch -> offsetsFetched(fetch.groupId());
            default -> Answered.NOTHING;
        };
    }

    private Answered join(GroupCaller caller, JoinGroupRequestData request) {
        if (request.groupId().isEmpty()) {
            return Answered.NOTHING;
        }
        var history = timelines.open(request.groupId(), now());
        long id;
        synchronized (history) {
            id = history.classic().joins(caller, request, now());
        }
        return (answer, thrown) -> {
            var error = errorOf(answer, thrown);
            synchronized (history) {
                if (error == Errors.NONE && answer instanceof JoinGroupResponseData joined) {
                    history.classic().joined(id, caller, request, joined, now());
                } else {
                    history.classic().joinRefused(id);
                }
            }
            note(history, "JoinGroup", request.memberId(), error);
        };
    }

    private Answered sync(GroupCaller caller, SyncGroupRequestData request) {
        var history = timelines.history(request.groupId());
        if (history == null) {
            return Answered.NOTHING;
        }
        long id;
        synchronized (history) {
            id = history.classic().syncs(caller, request.memberId(), now());
        }
        return (answer, thrown) -> {
            synchronized (history) {
                history.classic().synced(id);
            }
            history.heard(request.memberId(), now());
            note(history, "SyncGroup", request.memberId(), errorOf(answer, thrown));
        };
    }

    private Answered heartbeat(HeartbeatRequestData request) {
        var history = timelines.history(request.groupId());
        if (history == null) {
            return Answered.NOTHING;
        }
        history.heard(request.memberId(), now());
        return (answer, thrown) -> note(history, "Heartbeat", request.memberId(), errorOf(answer, thrown));
    }

    private Answered leave(LeaveGroupRequestData request) {
        var history = timelines.history(request.groupId());
        if (history == null) {
            return Answered.NOTHING;
        }
        request.members().stream().limit(MOST_LEAVING).forEach(member -> leaves(history, member));
        return (answer, _) -> {
            if (answer instanceof LeaveGroupResponseData left) {
                left.members().stream()
                        .limit(MOST_LEAVING)
                        .filter(member -> member.errorCode() != Errors.NONE.code())
                        .forEach(
                                member -> leaveRefused(history, member.memberId(), Errors.forCode(member.errorCode())));
            }
        };
    }

    /// The one call of the newer protocols.
    private Answered heartbeat(String api, String groupId, String memberId, int epoch) {
        var history = timelines.history(groupId);
        if (history == null) {
            return Answered.NOTHING;
        }
        history.heard(memberId, now());
        if (epoch == LEAVE_EPOCH || epoch == STATIC_LEAVE_EPOCH) {
            synchronized (history) {
                history.modern()
                        .leaves(
                                memberId,
                                epoch == LEAVE_EPOCH
                                        ? "it asked to"
                                        : "it asked to, as a static member that may return");
            }
        }
        return (answer, thrown) -> note(history, api, memberId, errorOf(answer, thrown));
    }

    private Answered commit(OffsetCommitRequestData request) {
        timelines.countCommit();
        var history = timelines.history(request.groupId());
        if (history == null) {
            return Answered.NOTHING;
        }
        history.heard(request.memberId(), now());
        return (answer, thrown) -> {
            var error = errorOf(answer, thrown);
            history.counts().committed(error != Errors.NONE, now());
            note(history, "OffsetCommit", request.memberId(), error);
        };
    }

    private Answered offsetsFetched(String groupId) {
        timelines.countOffsetFetch();
        var history = timelines.history(groupId);
        if (history != null) {
            history.counts().fetched();
        }
        return Answered.NOTHING;
    }

    private static void leaves(GroupHistory history, MemberIdentity member) {
        var reason = member.reason() == null || member.reason().isEmpty() ? "it gave no reason" : member.reason();
        synchronized (history) {
            var memberId = member.memberId();
            if (memberId.isEmpty() && member.groupInstanceId() != null) {
                memberId = history.findStaticMember(member.groupInstanceId());
            }
            history.modern().leaves(memberId, reason);
            history.classic().leaves(memberId, reason, now());
        }
    }

    private static void leaveRefused(GroupHistory history, String memberId, Errors error) {
        synchronized (history) {
            history.modern().leaveRefused(memberId);
            history.classic().leaveRefused(memberId);
        }
        note(history, "LeaveGroup", memberId, error);
    }

    /// Errors that are steps of the protocol, or say that the group is not served, are none of the group's doing.
    private static void note(GroupHistory history, String api, String memberId, Errors error) {
        switch (error) {
            case NONE,
                    MEMBER_ID_REQUIRED,
                    COORDINATOR_LOAD_IN_PROGRESS,
                    COORDINATOR_NOT_AVAILABLE,
                    NOT_COORDINATOR -> {}
            case REBALANCE_IN_PROGRESS -> {
                synchronized (history) {
                    history.classic().rebalances(now());
                }
            }
            default ->
                history.add(TimelineEvent.of(
                        now(), TimelineEvent.Kind.REFUSED, -1, memberId, api + " was answered " + error.name()));
        }
    }

    private static Errors firstError(OffsetCommitResponseData answer) {
        for (var topic : answer.topics()) {
            for (var partition : topic.partitions()) {
                if (partition.errorCode() != Errors.NONE.code()) {
                    return Errors.forCode(partition.errorCode());
                }
            }
        }
        return Errors.NONE;
    }

    private static Errors errorOf(@Nullable Message answer, @Nullable Throwable thrown) {
        if (thrown != null) {
            var cause = thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
            return Errors.forException(cause);
        }
        return switch (answer) {
            case JoinGroupResponseData joined -> Errors.forCode(joined.errorCode());
            case SyncGroupResponseData synced -> Errors.forCode(synced.errorCode());
            case HeartbeatResponseData heard -> Errors.forCode(heard.errorCode());
            case ConsumerGroupHeartbeatResponseData heard -> Errors.forCode(heard.errorCode());
            case ShareGroupHeartbeatResponseData heard -> Errors.forCode(heard.errorCode());
            case StreamsGroupHeartbeatResponseData heard -> Errors.forCode(heard.errorCode());
            case OffsetCommitResponseData committed -> firstError(committed);
            case null, default -> Errors.NONE;
        };
    }

    private static long now() {
        return System.currentTimeMillis();
    }
}
