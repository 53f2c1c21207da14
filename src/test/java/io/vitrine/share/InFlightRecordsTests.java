package io.vitrine.share;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.group.ShareStates;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Ranges say of each record what a list of single records would.
class InFlightRecordsTests {
    private static final List<DeliveryState> STATES = List.of(DeliveryState.values());

    static LongStream seeds() {
        return LongStream.range(0, 50);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void sayOfEachRecordWhatAListOfRecordsWould(long seed) {
        var random = new Random(seed);
        long start = random.nextInt(100);
        var records = new InFlightRecords(start);
        var model = new TreeMap<Long, InFlightRange>();
        long end = start;
        for (int step = 0; step < 300; step++) {
            if (random.nextInt(4) == 0) {
                long last = end + random.nextInt(10);
                var fresh = InFlightRange.of(end, last, DeliveryState.AVAILABLE, 0);
                records.append(fresh);
                put(model, fresh);
                end = last + 1;
            } else if (end > records.startOffset()) {
                long first = records.startOffset() + random.nextLong(end - records.startOffset());
                long last = Math.min(end - 1, first + random.nextInt(8));
                var changed = change(random, first, last);
                records.set(changed);
                put(model, changed);
            }
            if (random.nextInt(10) == 0) {
                records.startAt(records.startOffset() + random.nextInt(4));
                end = Math.max(end, records.nextOffset());
                model.headMap(records.startOffset()).clear();
            }
            records.advance();
            while (!model.isEmpty() && model.firstEntry().getValue().isOver()) {
                model.pollFirstEntry();
            }

            requireSame(records, model, end);
        }
    }

    @Test
    void whatIsArchivedIsWhatNobodyHas() {
        var records = new InFlightRecords(0);
        records.append(InFlightRange.of(0, 9, DeliveryState.AVAILABLE, 1));
        records.set(InFlightRange.of(4, 5, DeliveryState.AVAILABLE, 0).acquiredBy("somebody", 1));

        records.archive(2, 12);

        assertThat(records.ranges())
                .containsExactly(
                        InFlightRange.of(0, 1, DeliveryState.AVAILABLE, 1),
                        InFlightRange.of(2, 3, DeliveryState.ARCHIVED, 1),
                        InFlightRange.of(4, 5, DeliveryState.AVAILABLE, 0).acquiredBy("somebody", 1),
                        InFlightRange.of(6, 9, DeliveryState.ARCHIVED, 1),
                        InFlightRange.of(10, 12, DeliveryState.ARCHIVED, 0));
        assertThat(records.nextOffset()).isEqualTo(13);
    }

    @Test
    void whatLiesBetweenRecordsThatAreKeptIsFree() {
        var records = InFlightRecords.restore(
                10,
                List.of(
                        new ShareStates.Batch(5, 12, (byte) 2, (short) 1),
                        new ShareStates.Batch(15, 16, (byte) 4, (short) 3),
                        new ShareStates.Batch(18, 18, (byte) 0, (short) 2)));

        assertThat(records.startOffset()).isEqualTo(13);
        assertThat(records.nextOffset()).isEqualTo(19);
        assertThat(records.ranges())
                .containsExactly(
                        InFlightRange.of(13, 14, DeliveryState.AVAILABLE, 0),
                        InFlightRange.of(15, 16, DeliveryState.ARCHIVED, 3),
                        InFlightRange.of(17, 17, DeliveryState.AVAILABLE, 0),
                        InFlightRange.of(18, 18, DeliveryState.AVAILABLE, 2));
        assertThat(records.count()).isEqualTo(4);
    }

    private static InFlightRange change(Random random, long first, long last) {
        var state = STATES.get(random.nextInt(STATES.size()));
        var range = InFlightRange.of(first, last, state, random.nextInt(3));
        return state == DeliveryState.ACQUIRED && random.nextBoolean()
                ? range.becoming(DeliveryState.ACKNOWLEDGED, 1 + random.nextInt(2))
                : range;
    }

    private static void put(NavigableMap<Long, InFlightRange> model, InFlightRange range) {
        for (long offset = range.firstOffset(); offset <= range.lastOffset(); offset++) {
            model.put(offset, range.between(offset, offset));
        }
    }

    private static void requireSame(InFlightRecords records, NavigableMap<Long, InFlightRange> model, long end) {
        long start = model.isEmpty() ? end : model.firstKey();
        assertThat(records.startOffset()).isEqualTo(start);
        assertThat(records.nextOffset()).isEqualTo(end);
        long next = start;
        for (var range : records.ranges()) {
            assertThat(range.firstOffset()).isEqualTo(next);
            for (long offset = next; offset <= range.lastOffset(); offset++) {
                assertThat(range.between(offset, offset)).isEqualTo(model.get(offset));
            }
            next = range.lastOffset() + 1;
        }
        assertThat(next).isEqualTo(end);
        assertThat(records.count())
                .isEqualTo(model.values().stream()
                        .filter(range -> !range.state().isFinal())
                        .count());
    }
}
