package io.vitrine.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimitTests {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final AtomicLong clock = new AtomicLong(-5);
    private final RateLimit limit = new RateLimit(1000, clock::get, clock::addAndGet);

    @Test
    void whatPassesTakesItsTime() throws IOException {
        for (int i = 0; i < 11; i++) {
            limit.acquire(500);
        }

        assertThat(clock.get()).isEqualTo(-5 + 5 * SECOND);
    }

    @Test
    void idleTimeIsNotSaved() throws IOException {
        limit.acquire(1000);
        clock.addAndGet(100 * SECOND);
        limit.acquire(1000);
        limit.acquire(1000);

        assertThat(clock.get()).isEqualTo(-5 + 101 * SECOND);
    }

    @Test
    void anotherRateHoldsFromTheNextPiece() throws IOException {
        limit.acquire(1_000_000);
        limit.use(500);
        limit.acquire(500);
        limit.acquire(500);

        assertThat(clock.get()).isEqualTo(-5 + SECOND);
    }

    @Test
    void anInterruptEndsTheWork() {
        Thread.currentThread().interrupt();

        assertThatExceptionOfType(InterruptedIOException.class).isThrownBy(() -> limit.acquire(1));

        assertThat(Thread.interrupted()).isTrue();
    }
}
