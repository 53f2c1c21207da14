package io.vitrine.timeline;

/// When something was last heard of a member.
///
/// @param lastHeardMs its last heartbeat or join; after a restart of the broker not before the start
/// @param sessionTimeoutMs after so long without a heartbeat it is no member any more; 0 if that is not known
/// @param rebalanceTimeoutMs so long it may take to join again or to give up partitions; 0 if that is not known
public record MemberContact(
        String memberId,
        String clientId,
        String host,
        long lastHeardMs,
        int sessionTimeoutMs,
        int rebalanceTimeoutMs) {}
