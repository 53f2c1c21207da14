package io.vitrine.tap;

import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How far somebody has come in each of the rings; as text `run.position.position…`, in the order of the rings.
final class RingPositions {
    private static final Pattern TEXT = Pattern.compile("[0-9a-f]{8}(\\.\\d{1,18}){0,1024}");

    private final RecentExchanges exchanges;
    private long[] positions;
    private long missed;

    private RingPositions(RecentExchanges exchanges, long[] positions) {
        this.exchanges = exchanges;
        this.positions = positions;
    }

    /// Behind all there is.
    static RingPositions latest(RecentExchanges exchanges) {
        return new RingPositions(
                exchanges,
                exchanges.rings().stream().mapToLong(ExchangeRing::next).toArray());
    }

    /// Before all that is kept.
    static RingPositions earliest(RecentExchanges exchanges) {
        return new RingPositions(
                exchanges,
                exchanges.rings().stream().mapToLong(ExchangeRing::oldest).toArray());
    }

    /// Could this be the text of some positions?
    static boolean isText(String text) {
        return TEXT.matcher(text).matches();
    }

    /// From a text; of an earlier run of the broker nothing is left, and all of this one is new.
    static RingPositions of(RecentExchanges exchanges, String text) {
        var parts = text.split("\\.", -1);
        if (!parts[0].equals(exchanges.run())) {
            return earliest(exchanges);
        }
        return new RingPositions(
                exchanges,
                Arrays.stream(parts).skip(1).mapToLong(Long::parseLong).toArray());
    }

    /// The exchange that ended first among those behind the positions, of which there is one more then; null if there
    /// is none.
    @Nullable
    Exchange next() {
        var rings = exchanges.rings();
        if (positions.length < rings.size()) {
            positions = Arrays.copyOf(positions, rings.size());
        }
        @Nullable Exchange first = null;
        for (var ring : rings) {
            var found = find(ring);
            if (found != null && (first == null || ExchangeMark.of(found).compareTo(ExchangeMark.of(first)) < 0)) {
                first = found;
            }
        }
        if (first != null) {
            positions[first.ring()]++;
        }
        return first;
    }

    /// Takes a step back, so that this one comes next again.
    void back(@Nullable Exchange exchange) {
        if (exchange != null) {
            positions[exchange.ring()]--;
        }
    }

    /// How many have made room since this was last asked.
    long takeMissed() {
        long count = missed;
        missed = 0;
        return count;
    }

    /// The next one of a ring, behind those that have made room.
    private @Nullable Exchange find(ExchangeRing ring) {
        int index = ring.index();
        while (positions[index] < ring.next()) {
            var exchange = ring.find(positions[index]);
            if (exchange != null) {
                return exchange;
            }
            long behind = Math.max(positions[index] + 1, ring.oldest());
            missed += behind - positions[index];
            positions[index] = behind;
        }
        return null;
    }

    String text() {
        var text = new StringBuilder(exchanges.run());
        for (long position : positions) {
            text.append('.').append(position);
        }
        return text.toString();
    }
}
