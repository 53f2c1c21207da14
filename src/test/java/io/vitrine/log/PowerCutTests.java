package io.vitrine.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// What was acknowledged outlives the loss of power, whatever the log was doing. The number of power cuts is that of
/// the property `vitrine.powerCuts`; the first seed, that of `vitrine.powerCuts.seed`.
class PowerCutTests {
    private static final int POWER_CUTS = Integer.getInteger("vitrine.powerCuts", 500);
    private static final long FIRST_SEED = Long.getLong("vitrine.powerCuts.seed", 1);
    private static final int POWER_CUTS_PER_LOG = 10;
    private static final Logger LOGGER = (Logger) LoggerFactory.getLogger("io.vitrine.log");

    @BeforeAll
    static void beQuiet() {
        LOGGER.setLevel(Level.OFF);
    }

    @AfterAll
    static void beHeard() {
        LOGGER.setLevel(null);
    }

    @Test
    void whatWasAcknowledgedOutlivesPowerCuts() {
        assertThat(run(false)).isGreaterThanOrEqualTo(POWER_CUTS);
    }

    @Test
    void whatWasAcknowledgedOutlivesPowerCutsOfADiskThatFails() {
        assertThat(run(true)).isGreaterThanOrEqualTo(POWER_CUTS);
    }

    private static int run(boolean failing) {
        int cuts = 0;
        for (long seed = FIRST_SEED; cuts < POWER_CUTS; seed++) {
            cuts += run(seed, failing);
        }
        return cuts;
    }

    private static int run(long seed, boolean failing) {
        try {
            var scenario = new PowerCutScenario(seed, failing);
            scenario.run(POWER_CUTS_PER_LOG);
            return scenario.powerCuts();
        } catch (IOException | RuntimeException | AssertionError e) {
            throw new AssertionError("To see it again: -Dvitrine.powerCuts.seed=" + seed, e);
        }
    }
}
