package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// Every file in `http-examples`, run as its readers would run it, with its own assertions.
@Isolated
class HttpExamplesTests {
    @TempDir
    Path directory;

    @Test
    void everyExampleHolds() throws Exception {
        boolean installed = Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "httpyac")));
        if (!installed) {
            System.out.println("Skipping HttpExamplesTests: httpyac is not on the PATH");
        }
        assumeTrue(installed, "httpyac is not on the PATH");

        var settings = new HashMap<>(GroupClients.QUICK_GROUPS);
        settings.put("vitrine.test-controls", "true");
        try (var broker = RunningBroker.in(directory, settings);
                var web = WebSide.start(broker.broker())) {
            produce(broker);
            commit(broker);
            consume(broker);
            var host = "host=http://localhost:" + web.getEnvironment().getProperty("local.server.port");
            var process = new ProcessBuilder(
                            "httpyac", "send", "http-examples/*.http", "--all", "--var", host, "--output", "none")
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(process.waitFor()).as(output).isZero();
            assertThat(output).contains("requests processed").doesNotContainPattern("(?m)^0 requests processed");
        }
    }

    private static void produce(RunningBroker broker) {
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers()),
                new StringSerializer(),
                new StringSerializer())) {
            producer.send(new ProducerRecord<>("orders", "order-1", "{\"item\":\"apple\",\"count\":3}"));
        }
    }

    private static void commit(RunningBroker broker) throws Exception {
        try (var admin = new GroupClients(broker).admin()) {
            admin.alterConsumerGroupOffsets(
                            "billing/nightly", Map.of(new TopicPartition("orders", 0), new OffsetAndMetadata(0)))
                    .all()
                    .get();
        }
    }

    /// A group whose only member has come and gone.
    private static void consume(RunningBroker broker) {
        try (var member = new GroupClients(broker).member("readers", Map.of())) {
            member.subscribe(List.of("orders"));
            GroupClients.poll(member, 1);
            member.commitSync();
        }
    }
}
