package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every line of `docs/curl.md`, run as its readers would run it.
class CurlPageTests {
    private static final Pattern BLOCK = Pattern.compile("```\\n(.*?)```", Pattern.DOTALL);

    @TempDir
    Path directory;

    @Test
    void everyLineGetsAnAnswer() throws Exception {
        for (var program : List.of("bash", "curl", "jq")) {
            boolean installed = Stream.of(System.getenv("PATH").split(":"))
                    .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
            if (!installed) {
                System.out.println("Skipping CurlPageTests: %s is not on the PATH".formatted(program));
            }
            assumeTrue(installed, program + " is not on the PATH");
        }
        var lines = lines();
        assertThat(lines).hasSizeGreaterThan(20);

        var settings = new HashMap<>(TransactionClients.QUICK_TRANSACTIONS);
        settings.putAll(GroupClients.QUICK_GROUPS);
        try (var broker = RunningBroker.in(directory, settings);
                var rest = new Rest(broker);
                var admin = new GroupClients(broker).admin();
                var hanging = new TransactionClients(broker.bootstrapServers()).producer("billing")) {
            broker.createTopic("orders", 1, Map.of("retention.ms", "86400000"));
            produce(broker);
            admin.alterConsumerGroupOffsets(
                            "readers", Map.of(new TopicPartition("orders", 0), new OffsetAndMetadata(1)))
                    .all()
                    .get();
            hanging.initTransactions();
            hanging.beginTransaction();
            TransactionClients.send(hanging, "orders", 0, "{\"hangs\":true}");
            admin.deleteTopics(List.of("never-made"))
                    .all()
                    .toCompletionStage()
                    .exceptionally(_ -> null)
                    .toCompletableFuture()
                    .get();

            for (var line : lines) {
                var answer = run(rest.base(), line);
                boolean mute = line.contains("-X DELETE");
                assertThat(answer.isBlank()).as("%s\n%s", line, answer).isEqualTo(mute);
                assertThat(answer)
                        .as(line)
                        .isNotEqualTo("null\n")
                        .doesNotStartWith("[null")
                        .doesNotContainPattern("\"status\":[45]");
            }
        }
    }

    private static List<String> lines() throws IOException {
        var lines = new ArrayList<String>();
        var blocks = BLOCK.matcher(Files.readString(Path.of("docs/curl.md")));
        while (blocks.find()) {
            blocks.group(1).lines().filter(line -> !line.startsWith("V=")).forEach(lines::add);
        }
        return lines;
    }

    private static String run(String base, String line) throws IOException, InterruptedException {
        var script = "V=%s/api/v1\n%s".formatted(base.replace("http://", ""), line);
        var process = new ProcessBuilder("bash", "-c", script)
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(line).isTrue();
        assertThat(process.exitValue()).as("%s\n%s", line, output).isZero();
        return output;
    }

    private static void produce(RunningBroker broker) {
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers()),
                new StringSerializer(),
                new StringSerializer())) {
            producer.send(new ProducerRecord<>("orders", "order-1", "{\"item\":\"apple\",\"count\":3}"));
            producer.send(new ProducerRecord<>("orders", "order-2", "{\"item\":\"pear\",\"count\":1}"));
        }
    }
}
