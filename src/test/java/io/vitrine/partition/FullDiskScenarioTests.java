package io.vitrine.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.log.LogDirectory;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever becomes of a disk that is full, nothing is lost that was answered for. The number of lives is that of the
/// property `vitrine.fullDisks`; the first seed, that of `vitrine.fullDisks.seed`.
class FullDiskScenarioTests {
    private static final int LIVES = Integer.getInteger("vitrine.fullDisks", 200);
    private static final long FIRST_SEED = Long.getLong("vitrine.fullDisks.seed", 1);

    @TempDir
    Path directory;

    @Test
    void nothingIsLostThatWasAnsweredFor() throws IOException {
        int acknowledged = 0;
        int broughtBack = 0;
        try (var logDirectory = LogDirectory.open(directory)) {
            for (long seed = FIRST_SEED; seed < FIRST_SEED + LIVES; seed++) {
                try (var scenario = new FullDiskScenario(seed, logDirectory)) {
                    scenario.run();
                    acknowledged += scenario.acknowledgedCount();
                    broughtBack += scenario.broughtBack();
                } catch (IOException | RuntimeException | AssertionError e) {
                    throw new AssertionError("To see it again: -Dvitrine.fullDisks.seed=" + seed, e);
                }
            }
        }

        assertThat(acknowledged).as("batches answered for").isGreaterThan(10 * LIVES);
        assertThat(broughtBack).as("times a partition came back by itself").isGreaterThan(LIVES / 2);
    }
}
