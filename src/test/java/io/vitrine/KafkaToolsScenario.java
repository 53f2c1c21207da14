package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/// A running broker and Kafka's own tools, which know nothing of us. Each test has topics of its own.
@TestInstance(Lifecycle.PER_CLASS)
abstract class KafkaToolsScenario {
    static final String TOPICS = "org.apache.kafka.tools.TopicCommand";

    @TempDir
    static Path directory;

    @TempDir
    static Path work;

    RunningBroker broker;
    KafkaTools tools;

    @BeforeAll
    void start() {
        broker = RunningBroker.in(directory, Map.of("group.initial.rebalance.delay.ms", "0"));
        tools = new KafkaTools();
    }

    @AfterAll
    void stop() {
        tools.close();
        broker.close();
    }

    void topic(String name, int partitions) {
        ok(TOPICS, "--create", "--topic", name, "--partitions", String.valueOf(partitions));
    }

    void produce(String topic, int records) {
        var output = tools.run(
                        "org.apache.kafka.tools.ProducerPerformance",
                        "--topic",
                        topic,
                        "--num-records",
                        String.valueOf(records),
                        "--record-size",
                        "100",
                        "--throughput",
                        "-1",
                        "--command-property",
                        "bootstrap.servers=" + broker.bootstrapServers(),
                        "acks=all")
                .requireSuccess()
                .output();
        assertThat(output).contains(records + " records sent");
    }

    /// What a tool prints, which has to end well.
    String ok(String tool, String... arguments) {
        return run(tool, arguments).requireSuccess().output();
    }

    KafkaTools.Result run(String tool, String... arguments) {
        var all = new ArrayList<>(List.of("--bootstrap-server", broker.bootstrapServers()));
        all.addAll(List.of(arguments));
        return tools.run(tool, all.toArray(String[]::new));
    }
}
