package io.vitrine.timeline;

import java.util.List;

/// A JoinGroup or SyncGroup whose answer waits for others.
///
/// @param api `JoinGroup` or `SyncGroup`
/// @param memberId empty for one that has no id yet
/// @param sinceMs when it was asked
/// @param deadlineMs when the coordinator goes on without those it waits for, at the latest
/// @param waitsFor members that have not come yet; none if it waits for a delay to end
public record WaitingMember(
        String groupId,
        String api,
        String memberId,
        String clientId,
        String host,
        long sinceMs,
        long deadlineMs,
        List<String> waitsFor) {}
