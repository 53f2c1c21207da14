package io.vitrine.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class SoundExtentsTests {
    static final List<Long> SEEDS = List.of(1L, 2L, 3L, 4L, 5L);
    private static final int SIZE = 300;
    private static final int APPENDED_FROM = 200;

    @Test
    void whatThisProcessAppendsIsSound() {
        var extents = new SoundExtents(APPENDED_FROM);

        assertThat(extents.holds(APPENDED_FROM, 1_000_000)).isTrue();
        assertThat(extents.holds(APPENDED_FROM - 1, APPENDED_FROM)).isFalse();
    }

    @Test
    void ofManyExtentsTheSmallestIsForgotten() {
        var extents = new SoundExtents(100_000);
        for (int i = 0; i < 1000; i++) {
            extents.add(i * 10, i * 10 + (i == 500 ? 2 : 5));
        }

        assertThat(extents.holds(9_990, 9_995)).isTrue();
        assertThat(extents.holds(5_000, 5_002)).isFalse();
    }

    @ParameterizedTest(name = "seed {0}")
    @FieldSource("SEEDS")
    void holdsWhatASetOfBytesWould(long seed) {
        var random = new Random(seed);
        var extents = new SoundExtents(APPENDED_FROM);
        var model = new BitSet();
        model.set(APPENDED_FROM, SIZE);
        for (int i = 0; i < 2000; i++) {
            int from = random.nextInt(SIZE);
            int to = from + random.nextInt(Math.min(40, SIZE - from) + 1);
            if (random.nextInt(3) > 0) {
                extents.add(from, to);
                model.set(from, to);
            } else {
                extents.forget(from, to);
                model.clear(from, to);
            }
            int askedFrom = random.nextInt(SIZE);
            int askedTo = askedFrom + 1 + random.nextInt(SIZE - askedFrom);
            assertThat(extents.holds(askedFrom, askedTo))
                    .as("%d to %d", askedFrom, askedTo)
                    .isEqualTo(model.nextClearBit(askedFrom) >= askedTo);
            assertThat(extents.holdsFrom(askedFrom)).isEqualTo(model.nextClearBit(askedFrom) >= SIZE);
        }
    }
}
