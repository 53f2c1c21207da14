package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A word count of Kafka Streams with the classic group protocol. It is restarted, and its broker killed, while lines
/// come in.
class WordCountTests {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final List<String> WORDS = List.of("red", "green", "blue", "grey", "black");
    private static final int PARTITIONS = 2;

    @TempDir
    Path directory;

    @TempDir
    Path work;

    @Test
    void atLeastOnceNoWordIsLostAndNoneCountedTwiceUnlessTheBrokerWasKilled() throws Exception {
        countThroughRestarts("at_least_once", WordCountTests::requireAll);
    }

    @Test
    void exactlyOnceEachWordIsCountedOnceThoughTheBrokerWasKilled() throws Exception {
        countThroughRestarts(
                "exactly_once_v2", (counts, written) -> assertThat(counts).isEqualTo(written));
    }

    /// @param afterKill requires what holds when the broker was killed
    private void countThroughRestarts(String guarantee, BiConsumer<Map<String, Long>, Map<String, Long>> afterKill)
            throws Exception {
        try (var broker = new ChildBroker(directory, work.resolve("broker.log"), GroupClients.QUICK_GROUPS)) {
            createTopics(broker);
            try (var lines = new Lines(broker);
                    var counts = new Counts(broker, "counts")) {
                lines.flow();
                var first = start(broker, "first", guarantee);
                awaitMore(counts);
                stop(first);
                var second = start(broker, "second", guarantee);
                awaitMore(counts);
                lines.stop();
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(counts.read()).isEqualTo(lines.written()));

                lines.flow();
                awaitMore(counts);
                broker.kill();
                broker.start();
                awaitMore(counts);
                lines.stop();
                await().atMost(SOON).untilAsserted(() -> afterKill.accept(counts.read(), lines.written()));
                stop(second);
                try (var changelog = new Counts(broker, "counter-totals-changelog")) {
                    assertThat(changelog.read()).isEqualTo(counts.read());
                }
            }
        }
    }

    /// At least once: a word may be counted again, but not be missing.
    private static void requireAll(Map<String, Long> counts, Map<String, Long> written) {
        assertThat(counts).containsOnlyKeys(written.keySet());
        written.forEach((word, count) -> assertThat(counts)
                .hasEntrySatisfying(word, counted -> assertThat(counted).isGreaterThanOrEqualTo(count)));
    }

    private static void awaitMore(Counts counts) {
        long before = sum(counts.read());
        await().atMost(SOON).until(() -> sum(counts.read()) > before + 100);
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private static void createTopics(ChildBroker broker) throws Exception {
        try (var admin = new GroupClients(broker.bootstrapServers()).admin()) {
            admin.createTopics(
                            List.of(new NewTopic("lines", PARTITIONS, (short) 1), new NewTopic("counts", 1, (short) 1)))
                    .all()
                    .get();
        }
    }

    private Process start(ChildBroker broker, String instance, String guarantee) throws IOException {
        return ChildJvm.start(
                work.resolve(instance + ".log"),
                Path.of("target", "kafka-streams", "*").toString(),
                WordCount.class.getName(),
                broker.bootstrapServers(),
                work.resolve("state").toString(),
                "classic",
                guarantee);
    }

    private static void stop(Process application) throws Exception {
        application.getOutputStream().close();
        assertThat(ChildJvm.await(application)).isZero();
    }

    /// Writes lines, each of which is acknowledged before the next, and knows the words in them.
    private static final class Lines implements AutoCloseable {
        private final KafkaProducer<String, String> producer;
        private final Map<String, Long> written = new ConcurrentHashMap<>();
        private final Random random = new Random(1);
        private volatile boolean flowing;
        private Thread writer = new Thread(this::write);

        Lines(ChildBroker broker) {
            producer = new KafkaProducer<>(
                    Map.of(
                            "bootstrap.servers", broker.bootstrapServers(),
                            "delivery.timeout.ms", "600000",
                            "reconnect.backoff.max.ms", "100"),
                    new StringSerializer(),
                    new StringSerializer());
        }

        void flow() {
            flowing = true;
            writer = Thread.ofPlatform().start(this::write);
        }

        void stop() throws InterruptedException {
            flowing = false;
            writer.join();
        }

        /// How often each word was written.
        Map<String, Long> written() {
            return written;
        }

        private void write() {
            while (flowing) {
                var words = List.of(word(), word(), word());
                var line = new ProducerRecord<String, String>(
                        "lines", random.nextInt(PARTITIONS), null, String.join(" ", words));
                try {
                    producer.send(line).get();
                } catch (InterruptedException | ExecutionException e) {
                    throw new IllegalStateException("A line was not taken", e);
                }
                words.forEach(word -> written.merge(word, 1L, Long::sum));
            }
        }

        private String word() {
            return WORDS.get(random.nextInt(WORDS.size()));
        }

        @Override
        public void close() {
            flowing = false;
            await().atMost(SOON).until(() -> !writer.isAlive());
            producer.close();
        }
    }

    /// The newest count of each word in a topic.
    private static final class Counts implements AutoCloseable {
        private final KafkaConsumer<String, Long> consumer;
        private final List<TopicPartition> partitions;
        private final Map<String, Long> counts = new HashMap<>();

        Counts(ChildBroker broker, String topic) {
            consumer = new KafkaConsumer<>(
                    Map.of(
                            "bootstrap.servers", broker.bootstrapServers(),
                            "isolation.level", "read_committed",
                            "reconnect.backoff.max.ms", "100"),
                    new StringDeserializer(),
                    new LongDeserializer());
            partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
        }

        /// Reads all that is there now.
        Map<String, Long> read() {
            var ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> counts.put(record.key(), record.value()));
            }
            return counts;
        }

        @Override
        public void close() {
            consumer.close();
        }
    }
}
