package io.vitrine.protocol;

import java.util.concurrent.atomic.LongAdder;

/// Which acknowledgements producers have asked for since the broker started, in requests.
public final class ProduceCounters {
    private static final short ALL = -1;
    private static final short NONE = 0;

    private final LongAdder none = new LongAdder();
    private final LongAdder leader = new LongAdder();
    private final LongAdder all = new LongAdder();

    /// Counts a request; one that asks for what there is not is refused, and not counted.
    public void count(short acks) {
        switch (acks) {
            case ALL -> all.increment();
            case NONE -> none.increment();
            case 1 -> leader.increment();
            default -> {
                // Refused.
            }
        }
    }

    /// With acks=0.
    public long none() {
        return none.sum();
    }

    /// With acks=1.
    public long leader() {
        return leader.sum();
    }

    /// With acks=all.
    public long all() {
        return all.sum();
    }
}
