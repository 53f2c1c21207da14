package io.vitrine;

import io.vitrine.config.SettingsFile;
import io.vitrine.metadata.CreateTopicOutcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;

/// A broker in this process, on a port that the system chooses, with its data in a directory of the test.
public final class RunningBroker implements AutoCloseable {
    private final Broker broker;

    private RunningBroker(Broker broker) {
        this.broker = broker;
    }

    /// Starts one with the defaults.
    public static RunningBroker in(Path directory) {
        return in(directory, Map.of());
    }

    /// Starts one with more settings, by Kafka's names.
    public static RunningBroker in(Path directory, Map<String, String> settings) {
        var properties = new Properties();
        properties.setProperty("listeners", "PLAINTEXT://127.0.0.1:0");
        properties.setProperty("log.dirs", directory.toString());
        properties.setProperty("vitrine.http.port", "0");
        properties.putAll(settings);
        try {
            return new RunningBroker(Broker.start(SettingsFile.parse(properties)));
        } catch (Exception e) {
            throw new IllegalStateException("The broker did not start: " + e.getMessage(), e);
        }
    }

    public Broker broker() {
        return broker;
    }

    public int port() {
        return Objects.requireNonNull(broker.listener().addresses().get("PLAINTEXT"))
                .getPort();
    }

    public String bootstrapServers() {
        return "127.0.0.1:" + port();
    }

    /// Makes a topic as if a client had asked for it.
    public void createTopic(String name, int partitions, Map<String, String> configs) {
        try {
            var outcome = broker.metadata().createTopic(name, partitions, configs);
            if (!(outcome instanceof CreateTopicOutcome.Created)) {
                throw new IllegalStateException("Topic %s was not made: %s".formatted(name, outcome));
            }
        } catch (IOException e) {
            throw new IllegalStateException("Topic %s could not be made".formatted(name), e);
        }
    }

    public void createTopic(String name, int partitions) {
        createTopic(name, partitions, Map.of());
    }

    @Override
    public void close() {
        broker.close();
    }
}
