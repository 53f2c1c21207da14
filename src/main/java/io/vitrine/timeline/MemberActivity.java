package io.vitrine.timeline;

/// When something was last heard of a member. Written by every heartbeat without a lock.
final class MemberActivity {
    /// About how much memory one takes, but for the id of its member.
    static final int BYTES = 400;

    private final String clientId;
    private final String host;
    private volatile int sessionTimeoutMs;
    private volatile int rebalanceTimeoutMs;
    private volatile long lastHeardMs;

    MemberActivity(String clientId, String host, long nowMs) {
        this.clientId = clientId;
        this.host = host;
        this.lastHeardMs = nowMs;
    }

    void setTimeouts(int newSessionTimeoutMs, int newRebalanceTimeoutMs) {
        sessionTimeoutMs = newSessionTimeoutMs;
        rebalanceTimeoutMs = newRebalanceTimeoutMs;
    }

    void heard(long nowMs) {
        lastHeardMs = nowMs;
    }

    /// For how long nothing was heard of it.
    long silentMs(long nowMs) {
        return nowMs - lastHeardMs;
    }

    /// If it is no member any more, is its silence why? The coordinator counts from a moment of its own, a little
    /// before or after ours, while a member that is alive is heard of several times in its session timeout.
    boolean isSilent(long nowMs) {
        return sessionTimeoutMs > 0 && 2 * silentMs(nowMs) >= sessionTimeoutMs;
    }

    /// Must its session have ended by now?
    boolean hasExpired(long nowMs) {
        return sessionTimeoutMs > 0 && silentMs(nowMs) >= sessionTimeoutMs;
    }

    /// When the member's session began or was last prolonged.
    MemberContact contact(String memberId) {
        return new MemberContact(memberId, clientId, host, lastHeardMs, sessionTimeoutMs, rebalanceTimeoutMs);
    }
}
