package io.vitrine;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A running broker whose tests may do anything to it over REST, and clients that meet what comes of it.
abstract class TestControlsScenario {
    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init")
    RunningBroker broker;

    @SuppressWarnings("NullAway.Init")
    GroupClients clients;

    @SuppressWarnings("NullAway.Init")
    Rest rest;

    @BeforeEach
    void start() {
        start(more());
    }

    void start(Map<String, String> more) {
        var settings = new HashMap<>(GroupClients.QUICK_GROUPS);
        settings.put("vitrine.test-controls", "true");
        settings.putAll(more);
        broker = RunningBroker.in(directory, settings);
        clients = new GroupClients(broker);
        rest = new Rest(broker);
    }

    @AfterEach
    void stop() {
        rest.close();
        broker.close();
    }

    /// Further settings.
    Map<String, String> more() {
        return Map.of();
    }

    KafkaProducer<String, String> producer() {
        return new KafkaProducer<>(
                Map.<String, Object>of(
                        "bootstrap.servers", broker.bootstrapServers(), "linger.ms", "0", "retry.backoff.ms", "20"),
                new StringSerializer(),
                new StringSerializer());
    }
}
