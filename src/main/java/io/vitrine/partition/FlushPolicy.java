package io.vitrine.partition;

import io.vitrine.log.LogSettings;
import io.vitrine.log.PartitionLog;

/// When one partition's log is to be forced although nobody waits for it: `flush.messages` and `flush.ms`. The first
/// is for the owner of the partition's appends, the second for the one thread that looks now and then.
final class FlushPolicy {
    private long unforced;
    private long forcedAtMs = Long.MAX_VALUE;

    /// Notes an append.
    ///
    /// @return whether so much is unforced that the log is to be forced now
    boolean isDue(int recordCount, LogSettings.Flush rules) {
        if (rules.messages() == Long.MAX_VALUE) {
            return false;
        }
        unforced += recordCount;
        if (unforced < rules.messages()) {
            return false;
        }
        unforced = 0;
        return true;
    }

    /// Has something been unforced for so long that the log is to be forced now?
    boolean isOld(PartitionLog log, long nowMs) {
        var offsets = log.offsets();
        if (offsets.durableOffset() == offsets.logEndOffset()) {
            forcedAtMs = nowMs;
            return false;
        }
        if (nowMs - forcedAtMs < log.settings().flush().ms()) {
            forcedAtMs = Math.min(forcedAtMs, nowMs);
            return false;
        }
        forcedAtMs = nowMs;
        return true;
    }
}
