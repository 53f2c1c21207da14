package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Kafka's own Java clients, as they come and with settings that matter to a broker.
class JavaClientTests {
    @TempDir
    Path directory;

    private RunningBroker broker;

    @BeforeEach
    void start() {
        broker = RunningBroker.in(directory);
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    @ParameterizedTest
    @CsvSource({"none,all", "gzip,all", "snappy,1", "lz4,1", "zstd,all", "none,1"})
    void readsBackWhatItWrote(String codec, String acks) throws Exception {
        broker.createTopic("orders", 3);
        var sent = new ArrayList<Future<RecordMetadata>>();
        try (var producer = producer(Map.of("compression.type", codec, "acks", acks, "enable.idempotence", "false"))) {
            for (int i = 0; i < 1000; i++) {
                sent.add(producer.send(new ProducerRecord<>("orders", i % 3, "key-" + i, "value-" + i)));
            }
        }

        var records = consumeAll("orders", 3);

        assertThat(records).hasSize(1000);
        for (int i = 0; i < 1000; i++) {
            assertThat(sent.get(i).get().offset()).isEqualTo(i / 3);
        }
        assertThat(records.stream().filter(record -> record.partition() == 1).map(JavaClientTests::value))
                .startsWith("value-1", "value-4", "value-7");
    }

    @Test
    void theIdempotentProducerThatIsKafkasDefaultWorks() throws Exception {
        try (var producer = producer(Map.of())) {
            for (int i = 0; i < 500; i++) {
                producer.send(new ProducerRecord<>("made-on-demand", "value-" + i));
            }
            producer.flush();
        }
        try (var producer = producer(Map.of())) {
            assertThat(producer.send(new ProducerRecord<>("made-on-demand", "last"))
                            .get()
                            .offset())
                    .isEqualTo(500);
        }
    }

    @Test
    void severalTopicsAtOnceKeepTheirOwnOffsets() throws Exception {
        broker.createTopic("apples", 2);
        broker.createTopic("pears", 1);
        var sent = new HashMap<String, List<Long>>();
        try (var producer = producer(Map.of("linger.ms", "50"))) {
            var futures = new ArrayList<Future<RecordMetadata>>();
            for (int i = 0; i < 30; i++) {
                futures.add(producer.send(new ProducerRecord<>("apples", i % 2, "k", "v" + i)));
                futures.add(producer.send(new ProducerRecord<>("pears", 0, "k", "v" + i)));
            }
            for (var future : futures) {
                var metadata = future.get();
                sent.computeIfAbsent(metadata.topic() + metadata.partition(), _ -> new ArrayList<>())
                        .add(metadata.offset());
            }
        }

        assertThat(sent.get("apples0")).hasSize(15).isSorted().first().isEqualTo(0L);
        assertThat(sent.get("apples1")).hasSize(15).isSorted().first().isEqualTo(0L);
        assertThat(sent.get("pears0")).hasSize(30).isSorted().last().isEqualTo(29L);
    }

    @Test
    void headersNullsAndEmptyValuesComeBackAsTheyWere() throws Exception {
        broker.createTopic("orders", 1);
        try (var producer = producer(Map.of())) {
            var withHeaders = new ProducerRecord<String, String>("orders", 0, null, "");
            withHeaders.headers().add(new RecordHeader("a", "1".getBytes(StandardCharsets.UTF_8)));
            withHeaders.headers().add(new RecordHeader("a", (byte[]) null));
            producer.send(withHeaders).get();
            producer.send(new ProducerRecord<>("orders", 0, "tombstone", null)).get();
        }

        var records = consumeAll("orders", 1);

        assertThat(records.get(0).key()).isNull();
        assertThat(records.get(0).value()).isEmpty();
        assertThat(records.get(0).headers().toArray()).hasSize(2);
        assertThat(records.get(1).value()).isNull();
    }

    @Test
    void findsOffsetsByTime() throws Exception {
        broker.createTopic("orders", 1);
        var partition = new TopicPartition("orders", 0);
        try (var producer = producer(Map.of())) {
            for (int i = 0; i < 100; i++) {
                producer.send(new ProducerRecord<>("orders", 0, 1_000L + 10L * i, "k", "v"));
            }
        }

        try (var consumer = consumer()) {
            var found = Objects.requireNonNull(
                    consumer.offsetsForTimes(Map.of(partition, 1_255L)).get(partition));
            assertThat(found.offset()).isEqualTo(26);
            assertThat(found.timestamp()).isEqualTo(1_260);
            assertThat(consumer.offsetsForTimes(Map.of(partition, 9_999L)).get(partition))
                    .isNull();
            assertThat(consumer.beginningOffsets(List.of(partition))).containsEntry(partition, 0L);
            assertThat(consumer.endOffsets(List.of(partition))).containsEntry(partition, 100L);
        }
    }

    @Test
    void aWaitingConsumerIsWokenByTheNextRecord() throws Exception {
        broker.createTopic("orders", 1);
        try (var consumer = consumer();
                var producer = producer(Map.of())) {
            consumer.assign(List.of(new TopicPartition("orders", 0)));
            consumer.poll(Duration.ofMillis(200));
            producer.send(new ProducerRecord<>("orders", "wake up")).get();

            assertThat(consumer.poll(Duration.ofSeconds(20)).count()).isEqualTo(1);
        }
    }

    @Test
    void aConsumerThatMayWaitForAMinuteAsksAboutOnceForEachRecordThatComes() throws Exception {
        broker.createTopic("orders", 1);
        var settings = Map.<String, Object>of(
                "bootstrap.servers", broker.bootstrapServers(),
                "fetch.max.wait.ms", "60000",
                "request.timeout.ms", "90000");
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
                var producer = producer(Map.of())) {
            consumer.assign(List.of(new TopicPartition("orders", 0)));
            consumer.seekToBeginning(consumer.assignment());
            consumer.poll(Duration.ofMillis(200));
            long before = broker.broker().requests().requests(ApiKeys.FETCH);

            for (int i = 0; i < 10; i++) {
                producer.send(new ProducerRecord<>("orders", "wake up")).get();
                // A fetch that is not woken by the append lasts for a minute.
                assertThat(consumer.poll(Duration.ofSeconds(30)).count()).isEqualTo(1);
            }

            assertThat(broker.broker().requests().requests(ApiKeys.FETCH) - before)
                    .isBetween(10L, 12L);
        }
    }

    @Test
    void aRecordOfAMebibyteFitsAndALargerOneIsRefused() throws Exception {
        broker.createTopic("orders", 1);
        try (var producer = producer(Map.of("max.request.size", "10000000", "enable.idempotence", "false"))) {
            producer.send(new ProducerRecord<>("orders", "x".repeat(1024 * 1024 - 100)))
                    .get();

            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> producer.send(new ProducerRecord<>("orders", "x".repeat(1024 * 1024 + 100)))
                            .get(10, TimeUnit.SECONDS))
                    .withCauseInstanceOf(RecordTooLargeException.class);
        }
        assertThat(consumeAll("orders", 1)).hasSize(1);
        assertThat(broker.broker().refusals().latest(1).getFirst().reason()).isEqualTo("TOO_LARGE");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "all"})
    void offsetsGoOnAfterARestart(String acks) throws Exception {
        broker.createTopic("orders", 1);
        var settings = Map.of("acks", acks, "enable.idempotence", "false");
        try (var producer = producer(settings)) {
            for (int i = 0; i < 10; i++) {
                producer.send(new ProducerRecord<>("orders", "before-" + i));
            }
        }
        broker.close();
        broker = RunningBroker.in(directory);
        try (var producer = producer(settings)) {
            producer.send(new ProducerRecord<>("orders", "after"));
        }

        assertThat(consumeAll("orders", 1).stream().map(JavaClientTests::value))
                .hasSize(11)
                .last()
                .isEqualTo("after");
    }

    private KafkaProducer<String, String> producer(Map<String, String> settings) {
        var all = new HashMap<String, Object>(settings);
        all.put("bootstrap.servers", broker.bootstrapServers());
        all.put("max.block.ms", "10000");
        return new KafkaProducer<>(all, new StringSerializer(), new StringSerializer());
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "auto.offset.reset", "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    private List<ConsumerRecord<byte[], byte[]>> consumeAll(String topic, int partitions) {
        var assigned = new ArrayList<TopicPartition>();
        for (int partition = 0; partition < partitions; partition++) {
            assigned.add(new TopicPartition(topic, partition));
        }
        var records = new ArrayList<ConsumerRecord<byte[], byte[]>>();
        try (var consumer = consumer()) {
            consumer.assign(assigned);
            consumer.seekToBeginning(assigned);
            long expected = consumer.endOffsets(assigned).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (records.size() < expected && System.nanoTime() < deadline) {
                consumer.poll(Duration.ofMillis(500)).forEach(records::add);
            }
        }
        return records;
    }

    private static String value(ConsumerRecord<byte[], byte[]> record) {
        return new String(Objects.requireNonNull(record.value()), StandardCharsets.UTF_8);
    }
}
