package io.vitrine;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RehearsalTests {
    /// Fails when the broker has come to serve other versions than those asked for here, or answers no longer.
    @Test
    void theRehearsalIsServed(@TempDir Path directory) {
        assertThatCode(() -> Rehearsal.rehearse(directory)).doesNotThrowAnyException();
    }
}
