package io.vitrine.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class ArrivalsTests {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final HandClock clock = new HandClock();
    private final Arrivals arrivals = new Arrivals(clock);

    /// Moves when it is told to.
    private static final class HandClock extends Clock {
        private Instant now = Instant.EPOCH;

        void pass(Duration time) {
            now = now.plus(time);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    @Test
    void whoAsksAgainAndAgainIsLostWhenPatienceIsAtAnEnd() {
        var first = bootstrap("app", 1);
        clock.pass(Duration.ofSeconds(3));
        arrivals.left(first, "app");
        bootstrap("app", 2);

        assertThat(arrivals.stranded(PATIENCE)).isEmpty();
        clock.pass(Duration.ofSeconds(3));
        assertThat(arrivals.stranded(PATIENCE)).singleElement().satisfies(lost -> {
            assertThat(lost.asked()).isEqualTo(2);
            assertThat(lost.open()).isEqualTo(1);
            assertThat(lost.cameBy()).isEqualTo(new Arrivals.Way("PLAINTEXT", "localhost:9092"));
        });
    }

    @Test
    void whoAsksOnceAndIsIdleIsNot() {
        bootstrap("admin", 1);

        clock.pass(Duration.ofHours(1));

        assertThat(arrivals.stranded(PATIENCE)).isEmpty();
    }

    @Test
    void whoAskedAndGaveUpIsAndWhoLookedQuicklyIsNot() {
        var patient = bootstrap("patient", 1);
        var quick = bootstrap("quick", 2);
        arrivals.left(quick, "quick");
        clock.pass(Duration.ofSeconds(60));
        arrivals.left(patient, "patient");

        assertThat(arrivals.stranded(PATIENCE))
                .extracting(Arrivals.Stranded::clientId)
                .containsExactly("patient");
    }

    @Test
    void whoHasComeIsForgottenWhenItLeavesSoThatTheNextOfItsNameIsLookedAt() {
        var caller = bootstrap("app", 1);
        arrivals.asked(caller, "app");
        arrivals.came(caller, "app");
        clock.pass(Duration.ofSeconds(60));
        assertThat(arrivals.stranded(PATIENCE)).isEmpty();

        arrivals.left(caller, "app");
        var next = bootstrap("app", 2);
        arrivals.asked(next, "app");
        clock.pass(Duration.ofSeconds(60));

        assertThat(arrivals.stranded(PATIENCE)).hasSize(1);
    }

    @Test
    void onlyTheLastThousandAreKept() {
        for (int i = 0; i < 3000; i++) {
            arrivals.asked(bootstrap("app-" + i, i), "app-" + i);
        }
        clock.pass(Duration.ofSeconds(60));

        assertThat(arrivals.stranded(PATIENCE)).hasSize(1000);
        assertThat(arrivals.ways()).hasSize(1).containsValue(3000L);
    }

    private Caller bootstrap(String clientId, long id) {
        var caller = new Caller(id, "10.0.0.7:" + (5000 + id), "localhost", 9092, "PLAINTEXT");
        arrivals.connected(caller, clientId);
        arrivals.asked(caller, clientId);
        return caller;
    }
}
