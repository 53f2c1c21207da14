package io.vitrine.tap;

import java.util.Comparator;

/// Where an exchange stands among all that are kept: in the order in which they ended.
public record ExchangeMark(long endedNanos, int ring, long sequence) implements Comparable<ExchangeMark> {
    private static final Comparator<ExchangeMark> ORDER = Comparator.comparingLong(ExchangeMark::endedNanos)
            .thenComparingInt(ExchangeMark::ring)
            .thenComparingLong(ExchangeMark::sequence);

    public static ExchangeMark of(Exchange exchange) {
        return new ExchangeMark(exchange.times().ended(), exchange.ring(), exchange.sequence());
    }

    /// Had `exchange` ended before?
    boolean isBehind(Exchange exchange) {
        return of(exchange).compareTo(this) < 0;
    }

    @Override
    public int compareTo(ExchangeMark other) {
        return ORDER.compare(this, other);
    }
}
