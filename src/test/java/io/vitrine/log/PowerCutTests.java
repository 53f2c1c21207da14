package io.vitrine.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/// What was acknowledged outlives the loss of power, whatever the log was doing. The number of power cuts is that of
/// the property `vitrine.powerCuts`; the first seed, that of `vitrine.powerCuts.seed`.
class PowerCutTests {
    private static final int POWER_CUTS = Integer.getInteger("vitrine.powerCuts", 500);
    private static final long FIRST_SEED = Long.getLong("vitrine.powerCuts.seed", 1);
    private static final int POWER_CUTS_PER_LOG = 10;

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
        int damaged = 0;
        long seed = FIRST_SEED;
        for (; cuts < POWER_CUTS; seed++) {
            var scenario = run(seed, failing);
            cuts += scenario.powerCuts();
            damaged += scenario.endedDamaged() ? 1 : 0;
        }
        assertThat(damaged)
                .as("of %d logs reported as damaged", seed - FIRST_SEED)
                .isLessThan(cuts / 20);
        return cuts;
    }

    private static PowerCutScenario run(long seed, boolean failing) {
        try {
            var scenario = new PowerCutScenario(seed, failing);
            scenario.run(POWER_CUTS_PER_LOG);
            return scenario;
        } catch (IOException | RuntimeException | AssertionError e) {
            throw new AssertionError("To see it again: -Dvitrine.powerCuts.seed=" + seed, e);
        }
    }
}
