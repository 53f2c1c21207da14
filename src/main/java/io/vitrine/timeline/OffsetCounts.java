package io.vitrine.timeline;

import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/// What was asked of one group's offsets. Counted without a lock.
final class OffsetCounts {
    private final LongAdder commits = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder fetches = new LongAdder();
    private volatile long lastCommitMs;

    void committed(boolean wasRefused, long nowMs) {
        commits.increment();
        if (wasRefused) {
            refused.increment();
        } else {
            lastCommitMs = nowMs;
        }
    }

    void fetched() {
        fetches.increment();
    }

    GroupTimeline.Offsets show() {
        long last = lastCommitMs;
        return new GroupTimeline.Offsets(
                commits.sum(), refused.sum(), last == 0 ? Optional.empty() : Optional.of(last), fetches.sum());
    }
}
