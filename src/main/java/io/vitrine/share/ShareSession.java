package io.vitrine.share;

import io.vitrine.group.ShareKey;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What a member reads, so that it need not say so with each request, and which of its requests is next. Guarded by
/// the lock of [ShareSessions].
final class ShareSession {
    private final String groupId;
    private final String member;
    private final long connectionId;
    private final Set<ShareKey> keys;
    private int epoch = 1;

    ShareSession(String groupId, String member, long connectionId, Collection<ShareKey> keys) {
        this.groupId = groupId;
        this.member = member;
        this.connectionId = connectionId;
        this.keys = new LinkedHashSet<>(keys);
    }

    String groupId() {
        return groupId;
    }

    String member() {
        return member;
    }

    long connectionId() {
        return connectionId;
    }

    /// The epoch that the next request must have.
    int epoch() {
        return epoch;
    }

    /// 0 would begin a session.
    void nextEpoch() {
        epoch = epoch == Integer.MAX_VALUE ? 1 : epoch + 1;
    }

    void update(Collection<ShareKey> added, Collection<ShareKey> forgotten) {
        keys.addAll(added);
        forgotten.forEach(keys::remove);
    }

    List<ShareKey> keys() {
        return List.copyOf(keys);
    }
}
