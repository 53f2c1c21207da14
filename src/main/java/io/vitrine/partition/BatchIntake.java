package io.vitrine.partition;

import io.vitrine.record.BatchRules;
import io.vitrine.record.BatchVerdict;
import java.time.Clock;

/// Gives a sound batch the timestamps that its topic asks for.
final class BatchIntake {
    static final long CLIENT_TIMESTAMPS = -1;

    private BatchIntake() {}

    /// Writes into the batch's header what the broker says of its times.
    ///
    /// @return the time that the broker gives its records, or -1 where they keep the client's
    static long stamp(BatchVerdict.Sound sound, BatchRules rules, Clock clock) {
        var batch = sound.batch();
        if (rules.logAppendTime()) {
            long nowMs = clock.millis();
            batch.stampLogAppendTime(nowMs);
            return nowMs;
        }
        if (batch.maxTimestamp() != sound.maxTimestamp()) {
            // Kafka corrects a greatest timestamp that is not that of the records; finding by time relies on it.
            batch.stampMaxTimestamp(sound.maxTimestamp());
        }
        return CLIENT_TIMESTAMPS;
    }
}
