package io.vitrine;

import io.vitrine.config.BrokerSettings;
import io.vitrine.config.SettingsException;
import io.vitrine.config.SettingsFile;
import io.vitrine.metadata.MetadataException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The main class: `Vitrine [server.properties]`. Starts the broker, then the web side beside it.
public final class Vitrine {
    private static final Logger log = LoggerFactory.getLogger(Vitrine.class);

    private static final Duration STOP_LIMIT = Duration.ofMillis(1700);
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final Duration CLOSE_LIMIT = Duration.ofMinutes(5);
    private static final int EXIT_STATUS_OF_SIGTERM = 128 + 15;

    private Vitrine() {}

    /// Starts the broker with the settings in the file named by the only argument, or with the defaults.
    public static void main(String[] args) {
        if (args.length > 1) {
            fail("expected at most one argument, the path of a server.properties");
            return;
        }
        try {
            var settings = args.length == 0 ? SettingsFile.defaults() : read(Path.of(args[0]));
            requireFree(settings.http());
            run(Broker.prepare(settings));
        } catch (SettingsException | MetadataException e) {
            fail(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            fail(describe(e));
        } catch (RuntimeException e) {
            log.error("Vitrine can't start, by a fault of its own", e);
            System.exit(1);
        }
    }

    /// Opens the broker first and the web side after it, as the Kafka port must not wait for Spring. Where the logs
    /// take long to open, the web side comes first and shows how far that is.
    private static void run(Broker broker) throws IOException {
        var web = new WebStart(broker);
        web.startUnlessToldWithin(PATIENCE);
        broker.open();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(broker), "broker-stop"));
        report(broker);
        web.start();
    }

    private static BrokerSettings read(Path file) throws SettingsException {
        try {
            return SettingsFile.read(file);
        } catch (IOException e) {
            throw new SettingsException("%s can't be read: %s".formatted(file, e.getMessage()));
        }
    }

    /// Runs beside Spring's own hook and does not wait for it, because it waits for a context that still starts.
    /// When the logs are closed, a signal ends the process in time. Closing them takes as long as the disk needs
    /// to take what is unforced. Who kills the process meanwhile loses the mark of an orderly stop, and the next
    /// start checks the logs.
    private static void stop(Broker broker) {
        log.info("Stopping");
        long begin = System.nanoTime();
        var closed = new CountDownLatch(1);
        Thread.ofPlatform().daemon().start(() -> {
            awaitUninterrupted(closed, CLOSE_LIMIT);
            LockSupport.parkNanos(STOP_LIMIT.toNanos() - (System.nanoTime() - begin));
            Runtime.getRuntime().halt(EXIT_STATUS_OF_SIGTERM);
        });
        try {
            broker.close();
            log.info("Stopped after {} ms: the logs are closed", (System.nanoTime() - begin) / 1_000_000);
        } finally {
            closed.countDown();
        }
    }

    private static void awaitUninterrupted(CountDownLatch latch, Duration limit) {
        try {
            if (!latch.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                log.error("The logs could not be closed within {}", limit);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void report(Broker broker) {
        broker.settings().notes().forEach(log::info);
        if (broker.settings().http().testControls()) {
            log.warn("Test controls are on: whoever reaches the web port can delete everything with one request;"
                    + " vitrine.test-controls=false switches them off");
        }
        log.info(
                "Kafka clients: {}; data: {}; topics: {}, partitions: {}; ready after {} ms",
                describe(broker.listener().addresses()),
                broker.settings().log().dirs(),
                broker.metadata().image().topics().size(),
                broker.partitions().partitions().size(),
                System.currentTimeMillis()
                        - ManagementFactory.getRuntimeMXBean().getStartTime());
    }

    /// Better no broker at all than one that dies when its web side finds the port taken, seconds after the first
    /// client.
    private static void requireFree(BrokerSettings.Http http) throws SettingsException {
        try (var probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(http.host(), http.port()));
        } catch (IOException e) {
            throw new SettingsException(
                    "the web port %s:%d can't be had (%s); set vitrine.http.host or vitrine.http.port"
                            .formatted(http.host(), http.port(), e.getMessage()));
        }
    }

    private static String describe(Map<String, InetSocketAddress> listeners) {
        return listeners.entrySet().stream()
                .map(listener -> "%s on port %d of %s"
                        .formatted(
                                listener.getKey(),
                                listener.getValue().getPort(),
                                listener.getValue().getAddress().isAnyLocalAddress()
                                        ? "all addresses"
                                        : listener.getValue().getAddress().getHostAddress()))
                .collect(Collectors.joining(", "));
    }

    private static String describe(IOException e) {
        return e.getClass().equals(IOException.class) ? String.valueOf(e.getMessage()) : e.toString();
    }

    private static void fail(String reason) {
        log.error("Vitrine can't start: {}", reason);
        System.exit(1);
    }
}
