package io.vitrine.admin;

import io.vitrine.inspect.SampleBroker;
import io.vitrine.log.LogSettings;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/// One broker and one web side for all tests of a class, because Spring takes seconds to start.
@TestInstance(Lifecycle.PER_CLASS)
abstract class RestScenario {
    @TempDir
    static Path directory;

    SampleBroker broker;
    RestServer rest;

    @BeforeAll
    void start() throws Exception {
        broker = new SampleBroker(
                directory,
                LogSettings.DEFAULTS.withSegments(new LogSettings.Segments(8192, Long.MAX_VALUE, 0, 1024, 10_000)));
        prepare();
        rest = new RestServer(broker);
    }

    /// Fills the logs before the first request.
    abstract void prepare() throws Exception;

    @AfterAll
    void stop() throws IOException {
        rest.close();
        broker.close();
    }
}
