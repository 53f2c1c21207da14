package io.vitrine.group;

import java.util.concurrent.CompletableFuture;
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
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;

/// Sees what members ask and are told, for the timelines of their groups. What comes with every heartbeat or commit
/// costs a look into two maps.
final class GroupWatch {
    private static final int LEAVE_EPOCH = -1;
    private static final int STATIC_LEAVE_EPOCH = -2;

    private final GroupTimelines timelines;

    GroupWatch(GroupTimelines timelines) {
        this.timelines = timelines;
    }

    /// Has a look at what is asked, asks, and has a look at the answer.
    CompletableFuture<JoinGroupResponseData> join(
            GroupCaller caller, JoinGroupRequestData request, Asking<JoinGroupResponseData> asking) {
        if (request.groupId().isEmpty()) {
            return asking.ask();
        }
        var history = timelines.open(request.groupId(), now());
        long id;
        synchronized (history) {
            id = history.classic().joins(caller, request, now());
        }
        return asking.ask().whenComplete((answer, thrown) -> {
            var error = thrown == null ? Errors.forCode(answer.errorCode()) : failure(thrown);
            synchronized (history) {
                if (error == Errors.NONE) {
                    history.classic().joined(id, caller, request, answer, now());
                } else {
                    history.classic().joinRefused(id);
                }
            }
            note(history, "JoinGroup", request.memberId(), error);
        });
    }

    CompletableFuture<SyncGroupResponseData> sync(
            GroupCaller caller, SyncGroupRequestData request, Asking<SyncGroupResponseData> asking) {
        var history = timelines.history(request.groupId());
        if (history == null) {
            return asking.ask();
        }
        long id;
        synchronized (history) {
            id = history.classic().syncs(caller, request.memberId(), now());
        }
        return asking.ask().whenComplete((answer, thrown) -> {
            synchronized (history) {
                history.classic().synced(id);
            }
            history.heard(request.memberId(), now());
            var error = thrown == null ? Errors.forCode(answer.errorCode()) : failure(thrown);
            note(history, "SyncGroup", request.memberId(), error);
        });
    }

    CompletableFuture<HeartbeatResponseData> heartbeat(
            HeartbeatRequestData request, Asking<HeartbeatResponseData> asking) {
        var history = timelines.history(request.groupId());
        if (history == null) {
            return asking.ask();
        }
        history.heard(request.memberId(), now());
        return asking.ask().whenComplete((answer, thrown) -> {
            var error = thrown == null ? Errors.forCode(answer.errorCode()) : failure(thrown);
            note(history, "Heartbeat", request.memberId(), error);
        });
    }

    CompletableFuture<LeaveGroupResponseData> leave(
            LeaveGroupRequestData request, Asking<LeaveGroupResponseData> asking) {
        var history = timelines.history(request.groupId());
        if (history == null) {
            return asking.ask();
        }
        request.members().forEach(member -> leaves(history, member));
        return asking.ask().whenComplete((answer, thrown) -> {
            if (thrown == null) {
                answer.members().stream()
                        .filter(member -> member.errorCode() != Errors.NONE.code())
                        .forEach(
                                member -> leaveRefused(history, member.memberId(), Errors.forCode(member.errorCode())));
            }
        });
    }

    CompletableFuture<ConsumerGroupHeartbeatResponseData> consumerHeartbeat(
            ConsumerGroupHeartbeatRequestData request, Asking<ConsumerGroupHeartbeatResponseData> asking) {
        var history = timelines.history(request.groupId());
        if (history == null) {
            return asking.ask();
        }
        history.heard(request.memberId(), now());
        int epoch = request.memberEpoch();
        if (epoch == LEAVE_EPOCH || epoch == STATIC_LEAVE_EPOCH) {
            synchronized (history) {
                history.modern()
                        .leaves(
                                request.memberId(),
                                epoch == LEAVE_EPOCH
                                        ? "it asked to"
                                        : "it asked to, as a static member that may return");
            }
        }
        return asking.ask().whenComplete((answer, thrown) -> {
            var error = thrown == null ? Errors.forCode(answer.errorCode()) : failure(thrown);
            note(history, "ConsumerGroupHeartbeat", request.memberId(), error);
        });
    }

    CompletableFuture<OffsetCommitResponseData> commit(
            OffsetCommitRequestData request, Asking<OffsetCommitResponseData> asking) {
        timelines.countCommit();
        var history = timelines.history(request.groupId());
        if (history == null) {
            return asking.ask();
        }
        history.heard(request.memberId(), now());
        return asking.ask().whenComplete((answer, thrown) -> {
            var error = thrown == null ? firstError(answer) : failure(thrown);
            history.counts().committed(error != Errors.NONE, now());
            note(history, "OffsetCommit", request.memberId(), error);
        });
    }

    void offsetsFetched(String groupId) {
        timelines.countOffsetFetch();
        var history = timelines.history(groupId);
        if (history != null) {
            history.counts().fetched();
        }
    }

    /// What is looked at.
    @FunctionalInterface
    interface Asking<T> {
        CompletableFuture<T> ask();
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

    private static Errors failure(Throwable thrown) {
        var cause = thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        return Errors.forException(cause);
    }

    private static long now() {
        return System.currentTimeMillis();
    }
}
