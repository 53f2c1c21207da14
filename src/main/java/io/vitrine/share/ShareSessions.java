package io.vitrine.share;

import io.vitrine.group.ShareKey;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.InvalidShareSessionEpochException;
import org.apache.kafka.common.errors.ShareSessionLimitReachedException;
import org.apache.kafka.common.errors.ShareSessionNotFoundException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The share sessions of all members: one each, which lives as long as the connection it was begun on. When it ends,
/// what the member holds is given to others. Thread-safe.
public final class ShareSessions {
    private static final Logger log = LoggerFactory.getLogger(ShareSessions.class);

    private final SharePartitions partitions;
    private final Map<Member, ShareSession> sessions = new HashMap<>();

    /// A member of a group.
    public record Member(String groupId, String id) {}

    public ShareSessions(SharePartitions partitions) {
        this.partitions = partitions;
    }

    /// Begins a session, in the place of the one that the member may have.
    ///
    /// @param maxSessions how many there may be in all
    /// @throws ShareSessionLimitReachedException if there are as many
    public synchronized void open(Member member, long connectionId, Collection<ShareKey> keys, int maxSessions) {
        if (!sessions.containsKey(member) && sessions.size() >= maxSessions) {
            throw new ShareSessionLimitReachedException(
                    "There are %d share sessions (group.share.max.share.sessions)".formatted(maxSessions));
        }
        sessions.put(member, new ShareSession(member.groupId(), member.id(), connectionId, keys));
    }

    /// Takes a request of a session that changes what the member reads.
    ///
    /// @return what it reads now
    /// @throws ShareSessionNotFoundException if there is no session
    /// @throws InvalidShareSessionEpochException if another request is next
    public synchronized List<ShareKey> update(
            Member member, int epoch, Collection<ShareKey> added, Collection<ShareKey> forgotten) {
        var session = next(member, epoch);
        session.update(added, forgotten);
        return session.keys();
    }

    /// Takes a request of a session.
    ///
    /// @throws ShareSessionNotFoundException if there is no session
    /// @throws InvalidShareSessionEpochException if another request is next
    public synchronized void touch(Member member, int epoch) {
        var unused = next(member, epoch);
        log.trace("{} goes on with epoch {}", member, unused.epoch());
    }

    /// Is there a session?
    ///
    /// @throws ShareSessionNotFoundException if not
    public synchronized void require(Member member) {
        var unused = find(member);
        log.trace("{} is at epoch {}", member, unused.epoch());
    }

    /// Ends a session, if there is one.
    public void close(Member member) {
        @Nullable ShareSession session;
        synchronized (this) {
            session = sessions.remove(member);
        }
        if (session != null) {
            release(session);
        }
    }

    /// A connection is gone, and with it the sessions that were begun on it.
    public void connectionClosed(long connectionId) {
        List<ShareSession> gone;
        synchronized (this) {
            gone = sessions.values().stream()
                    .filter(session -> session.connectionId() == connectionId)
                    .toList();
            sessions.values().removeAll(gone);
        }
        gone.forEach(this::release);
    }

    /// How many there are.
    public synchronized int count() {
        return sessions.size();
    }

    private ShareSession next(Member member, int epoch) {
        var session = find(member);
        if (session.epoch() != epoch) {
            throw new InvalidShareSessionEpochException(
                    "expected epoch %d, found %d".formatted(session.epoch(), epoch));
        }
        session.nextEpoch();
        return session;
    }

    private ShareSession find(Member member) {
        var session = sessions.get(member);
        if (session == null) {
            throw new ShareSessionNotFoundException(
                    "member %s of group %s has no share session".formatted(member.id(), member.groupId()));
        }
        return session;
    }

    private void release(ShareSession session) {
        partitions.release(session.keys(), session.member()).whenComplete((_, thrown) -> {
            @Nullable Throwable failure = thrown;
            if (failure != null) {
                log.warn(
                        "What {} of {} held is free when its locks end: {}",
                        session.member(),
                        session.groupId(),
                        failure);
            }
            forgetIfEmpty(session.groupId());
        });
    }

    private synchronized void forgetIfEmpty(String groupId) {
        if (sessions.keySet().stream().noneMatch(member -> member.groupId().equals(groupId))) {
            partitions.forgetGroup(groupId);
        }
    }
}
