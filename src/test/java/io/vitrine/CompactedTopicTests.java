package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.CleanerState;
import io.vitrine.partition.Partition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A compacted topic as clients see it.
class CompactedTopicTests {
    private static final int RECORDS = 3000;
    private static final int KEYS = 50;
    private static final Map<String, String> COMPACTING = Map.of(
            "log.cleanup.policy", "compact",
            "log.segment.bytes", "8192",
            "log.initial.task.delay.ms", "0",
            "log.cleaner.backoff.ms", "20",
            "log.cleaner.min.cleanable.ratio", "0.01",
            "log.segment.delete.delay.ms", "0");

    @TempDir
    Path directory;

    @TempDir
    Path work;

    private final Map<String, String> lastValues = new TreeMap<>();

    @Test
    void aConsumerSeesTheLastValueOfEachKey() throws Exception {
        long end;
        try (var broker = RunningBroker.in(directory, COMPACTING)) {
            broker.createTopic("states", 1);
            write(broker, "none", 1);
            write(broker, "zstd", 2);
            awaitCompacted(broker);

            var records = consume(broker);

            end = partition(broker).findOffsets().orElseThrow().logEndOffset();
            assertThat(end).isEqualTo(2 * RECORDS);
            assertThat(records).hasSizeLessThan(RECORDS / 2);
            assertThat(valuesOf(records)).isEqualTo(lastValues);
            assertThat(broker.broker().partitions().cleaner().totals().recordsDropped())
                    .isPositive();
        }
        requireSoundFiles();
        assertThat(Files.readAllLines(directory.resolve("cleaner-offset-checkpoint")))
                .anyMatch(line -> line.startsWith("states 0 "));
        try (var broker = RunningBroker.in(directory, COMPACTING)) {
            assertThat(valuesOf(consume(broker))).isEqualTo(lastValues);
            assertThat(partition(broker).findOffsets().orElseThrow().logEndOffset())
                    .isEqualTo(end);
        }
    }

    @Test
    void aDamagedLogIsLeftAloneAndTheOthersGoOn() throws Exception {
        var notYet = new HashMap<>(COMPACTING);
        notYet.put("log.cleaner.enable", "false");
        try (var broker = RunningBroker.in(directory, notYet)) {
            broker.createTopic("states", 1);
            broker.createTopic("damaged", 1);
            write(broker, "none", 1);
            try (var producer = producer(broker, "none")) {
                for (int i = 0; i < RECORDS; i++) {
                    producer.send(new ProducerRecord<>("damaged", "key", "value-" + i));
                }
            }
        }
        var segment = secondSegment("damaged-0");
        try (var file = FileChannel.open(segment, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(new byte[] {1}), 8);
        }
        var before = Files.readAllBytes(segment);

        try (var broker = RunningBroker.in(directory, COMPACTING)) {
            awaitCompacted(broker);
            var damaged = partition(broker, "damaged");
            var cleaner = broker.broker().partitions().cleaner();
            await().untilAsserted(() -> assertThat(cleaner.find(damaged)
                            .flatMap(CleanerState::findUncleanableReason)
                            .orElse(""))
                    .contains("damage keeps it from being compacted"));

            assertThat(cleaner.uncleanableCount()).isEqualTo(1);
            assertThat(damaged.offlineReason()).isEmpty();
            assertThat(valuesOf(consume(broker))).isEqualTo(lastValues);
        }
        assertThat(segment).hasBinaryContent(before);
    }

    private Path secondSegment(String partition) throws IOException {
        try (var paths = Files.list(directory.resolve(partition))) {
            return paths.filter(path -> path.toString().endsWith(".log"))
                    .sorted()
                    .skip(1)
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void aRecordWithoutAKeyIsRefused() {
        try (var broker = RunningBroker.in(directory, COMPACTING);
                var producer = producer(broker, "none")) {
            broker.createTopic("states", 1);

            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> producer.send(new ProducerRecord<>("states", "value without a key"))
                            .get())
                    .withCauseInstanceOf(InvalidRecordException.class);
        }
    }

    @Test
    void aBrokerThatHasNothingToCompactStartsNoCleaner() {
        try (var broker = RunningBroker.in(directory, Map.of("log.initial.task.delay.ms", "0"))) {
            broker.createTopic("orders", 1);

            assertThat(cleanerThreads()).isEmpty();
            broker.createTopic("states", 1, Map.of("cleanup.policy", "compact"));
            assertThat(cleanerThreads()).hasSize(1);
        }
        assertThat(cleanerThreads()).isEmpty();
    }

    private static List<Thread> cleanerThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("log-cleaner-"))
                .toList();
    }

    private void write(RunningBroker broker, String codec, long seed) {
        var random = new Random(seed);
        try (var producer = producer(broker, codec)) {
            for (int i = 0; i < RECORDS; i++) {
                var key = "key-" + random.nextInt(KEYS);
                var value = random.nextInt(10) == 0 ? null : codec + "-value-" + i;
                producer.send(new ProducerRecord<>("states", key, value));
                if (value == null) {
                    lastValues.remove(key);
                } else {
                    lastValues.put(key, value);
                }
            }
        }
    }

    /// All that is closed and can be compacted is.
    private static void awaitCompacted(RunningBroker broker) {
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            var segments = partition(broker).segments();
            var state = broker.broker().partitions().cleaner().find(partition(broker));
            assertThat(state).isPresent();
            assertThat(state.orElseThrow().findUncleanableReason()).isEmpty();
            assertThat(state.orElseThrow().firstDirtyOffset())
                    .isEqualTo(segments.getLast().baseOffset());
        });
    }

    private static Partition partition(RunningBroker broker) {
        return partition(broker, "states");
    }

    private static Partition partition(RunningBroker broker, String topic) {
        return broker.broker().partitions().find(new TopicPartition(topic, 0)).orElseThrow();
    }

    private static KafkaProducer<String, String> producer(RunningBroker broker, String codec) {
        var settings = new HashMap<String, Object>(Map.of("compression.type", codec, "batch.size", "2000"));
        settings.put("bootstrap.servers", broker.bootstrapServers());
        return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }

    private static List<ConsumerRecord<String, String>> consume(RunningBroker broker) {
        var settings = Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers());
        var records = new ArrayList<ConsumerRecord<String, String>>();
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            var partition = new org.apache.kafka.common.TopicPartition("states", 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = Objects.requireNonNull(
                    consumer.endOffsets(List.of(partition)).get(partition));
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }

    private static Map<String, String> valuesOf(List<ConsumerRecord<String, String>> records) {
        var values = new TreeMap<String, String>();
        for (var record : records) {
            if (record.value() == null) {
                values.remove(record.key());
            } else {
                values.put(record.key(), record.value());
            }
        }
        return values;
    }

    /// Kafka's `kafka-dump-log` finds nothing to complain about, neither in the segments nor in their indexes.
    private void requireSoundFiles() throws Exception {
        try (var paths = Files.list(directory.resolve("states-0"))) {
            for (var path : paths.toList()) {
                var name = path.getFileName().toString();
                assertThat(name).doesNotEndWith(".cleaned").doesNotEndWith(".swap");
                if (name.endsWith(".log") || name.endsWith(".index")) {
                    assertThat(dump(path))
                            .as(name)
                            .doesNotContain("isvalid: false", "Exception", "Found", "Index", "mismatch");
                } else if (name.endsWith(".timeindex")) {
                    // An entry of a batch that has lost its records makes the tool miss their time.
                    assertThat(dump(path).lines().filter(line -> line.contains("Index")))
                            .as(name)
                            .allMatch(line -> line.endsWith("log timestamp: -1"));
                }
            }
        }
    }

    private String dump(Path file) throws Exception {
        var output = work.resolve("dump.txt");
        var process = ChildJvm.start(
                output,
                Path.of("target", "kafka-tools", "*").toString(),
                "org.apache.kafka.tools.DumpLogSegments",
                "--files",
                file.toString(),
                "--deep-iteration");
        assertThat(ChildJvm.await(process)).isZero();
        return Files.readString(output, StandardCharsets.UTF_8);
    }
}
