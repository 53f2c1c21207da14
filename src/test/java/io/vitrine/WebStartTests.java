package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebStartTests {
    @TempDir
    Path directory;

    @TempDir
    Path work;

    @Test
    void aBrokerStaysThoughTheWebSideIsStillStartingWhenItHasOpened() throws Exception {
        var output = work.resolve("output");
        var broker = ChildJvm.start(output, "", ImpatientWebSide.class.getName(), directory.toString());
        try {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> !broker.isAlive() || Files.readString(output).contains("REST and Actuator"));

            assertThat(broker.isAlive()).as(Files.readString(output)).isTrue();
        } finally {
            broker.destroyForcibly();
        }
    }
}
