package io.vitrine.handler;

import java.util.HashMap;
import java.util.Map;

/// Counts how often one request asks about a group. Different parts of it may be asked about one by one; but an answer
/// may be a thousand times as long as what asks for it.
final class RepeatedGroups {
    static final int MOST = 100;

    private final Map<String, Integer> asked = new HashMap<>();

    /// Has it been asked about often enough?
    boolean isTooMuch(String groupId) {
        return asked.merge(groupId, 1, Integer::sum) > MOST;
    }
}
