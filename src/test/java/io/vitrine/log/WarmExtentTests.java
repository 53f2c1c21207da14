package io.vitrine.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// How often the system is asked what is in its page cache.
class WarmExtentTests {
    private static final int MIB = 1024 * 1024;

    private final List<Long> asked = new ArrayList<>();
    private long nanos;
    private long warmEnd = 100L * MIB;
    private final WarmExtent extent = new WarmExtent(() -> nanos);

    @Test
    void whoReadsOnHasTheSystemAskedOnceForManyReads() throws IOException {
        assertThat(holds(20 * MIB)).isTrue();
        for (int i = 1; i <= 16; i++) {
            assertThat(holds((20L + i) * MIB)).isTrue();
        }

        assertThat(asked).containsExactly(20L * MIB, 21L * MIB, 29L * MIB);
    }

    @Test
    void anAnswerHoldsForAMomentOnly() throws IOException {
        holds(0);
        warmEnd = 0;
        nanos += 100_000_000;
        assertThat(holds(0)).isTrue();

        nanos += 100_000_000;

        assertThat(holds(0)).isFalse();
        assertThat(holds(0)).isFalse();
    }

    @Test
    void whatIsWarmInPartIsNotWarm() throws IOException {
        warmEnd = MIB + MIB / 2;

        assertThat(holds(0)).isTrue();
        assertThat(holds(MIB)).isFalse();
        assertThat(holds(2 * MIB)).isFalse();
    }

    private boolean holds(long position) throws IOException {
        return extent.holds(position, MIB, (from, count) -> {
            asked.add(from);
            return Math.clamp(warmEnd, from, from + count);
        });
    }
}
