package io.vitrine;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The threads on which is done for requests what may take a while: writing the metadata log, searching a log.
final class BlockingWork implements Executor, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(BlockingWork.class);
    private static final int THREADS = 4;

    private final ExecutorService threads = Executors.newFixedThreadPool(
            THREADS, Thread.ofPlatform().name("blocking-", 0).daemon().factory());

    @Override
    public void execute(Runnable work) {
        threads.execute(work);
    }

    /// What writes the metadata log is finished, not interrupted.
    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(1, TimeUnit.SECONDS)) {
                log.warn("Some requests were still at work when the broker stopped");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
