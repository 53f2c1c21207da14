package io.vitrine;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Starts the web side once, when it is told to or when it has waited long enough.
final class WebStart {
    private static final Logger log = LoggerFactory.getLogger(WebStart.class);

    private final Broker broker;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final CountDownLatch told = new CountDownLatch(1);

    WebStart(Broker broker) {
        this.broker = broker;
    }

    /// Starts it on a thread of its own if [#start] is not called within `patience`. No daemon: the main thread may be
    /// through before Spring has threads that keep the process alive.
    void startUnlessToldWithin(Duration patience) {
        Thread.ofPlatform().name("web-start").start(() -> {
            try {
                if (!told.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                    startOnce();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /// Starts it now, unless that has begun.
    void start() {
        told.countDown();
        startOnce();
    }

    private void startOnce() {
        if (!begun.compareAndSet(false, true)) {
            return;
        }
        try {
            WebSide.start(broker);
        } catch (RuntimeException e) {
            log.error("The web side could not start; stopping the broker", e);
            System.exit(1);
        }
    }
}
