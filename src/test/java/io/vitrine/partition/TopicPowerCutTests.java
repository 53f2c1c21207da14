package io.vitrine.partition;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// Topics that are made, deleted and made again outlive the loss of power as they were answered for. The number of
/// power cuts is that of the property `vitrine.powerCuts`; the first seed, that of `vitrine.powerCuts.seed`.
class TopicPowerCutTests {
    private static final int POWER_CUTS = Math.min(200, Integer.getInteger("vitrine.powerCuts", 500));
    private static final long FIRST_SEED = Long.getLong("vitrine.powerCuts.seed", 1);
    private static final int POWER_CUTS_PER_SEED = 10;
    private static final Logger LOGGER = (Logger) LoggerFactory.getLogger("io.vitrine");

    @TempDir
    Path work;

    @BeforeAll
    static void beQuiet() {
        LOGGER.setLevel(Level.OFF);
    }

    @AfterAll
    static void beHeard() {
        LOGGER.setLevel(null);
    }

    @Test
    void aTopicHasWhatWasAcknowledgedAndNothingOfAFormerOne() throws Exception {
        assertThat(run(false)).isPositive();
    }

    @Test
    void aTopicHasNothingOfAFormerOneIfTheDiskRefusesToKeepNames() throws Exception {
        assertThat(run(true)).isPositive();
    }

    /// @return how many topics were made under a name that had been used before
    private int run(boolean failing) throws Exception {
        int cuts = 0;
        int madeAgain = 0;
        for (long seed = FIRST_SEED; cuts < POWER_CUTS; seed++) {
            var directory = Files.createDirectories(work.resolve(failing + "-" + seed));
            try (var scenario = new TopicPowerCutScenario(seed, failing, directory)) {
                scenario.run(POWER_CUTS_PER_SEED);
                cuts += scenario.powerCuts();
                madeAgain += scenario.madeAgain();
            } catch (Exception | AssertionError e) {
                throw new AssertionError("To see it again: -Dvitrine.powerCuts.seed=" + seed, e);
            }
        }
        return madeAgain;
    }
}
