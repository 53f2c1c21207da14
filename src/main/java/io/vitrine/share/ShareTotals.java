package io.vitrine.share;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/// What share groups have done since the start, in records.
public final class ShareTotals {
    private final LongAdder acquired = new LongAdder();
    private final LongAdder redelivered = new LongAdder();
    private final LongAdder lockTimeouts = new LongAdder();
    private final LongAdder unreadable = new LongAdder();
    private final Map<AcknowledgeType, LongAdder> acknowledged = new EnumMap<>(AcknowledgeType.class);

    public ShareTotals() {
        for (var type : AcknowledgeType.values()) {
            acknowledged.put(type, new LongAdder());
        }
    }

    /// Given to members, be it again.
    public long acquired() {
        return acquired.sum();
    }

    /// Given to members again.
    public long redelivered() {
        return redelivered.sum();
    }

    /// Held for so long that they were taken away.
    public long lockTimeouts() {
        return lockTimeouts.sum();
    }

    /// Left out because the log can't read them any more.
    public long unreadable() {
        return unreadable.sum();
    }

    /// Of which a member has said this, and it holds.
    public long acknowledged(AcknowledgeType type) {
        var adder = acknowledged.get(type);
        return adder == null ? 0 : adder.sum();
    }

    void countAcquired(AcquiredRecords records) {
        acquired.add(records.count());
        if (records.deliveryCount() > 1) {
            redelivered.add(records.count());
        }
    }

    void countTimeouts(long records) {
        lockTimeouts.add(records);
    }

    void countUnreadable(long records) {
        unreadable.add(records);
    }

    void countAcknowledged(AcknowledgeType type, long records) {
        var adder = acknowledged.get(type);
        if (adder != null) {
            adder.add(records);
        }
    }
}
