package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.vitrine.partition.Partition;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/// A broker whose disk is really full, as its clients meet it.
class RealFullDiskTests {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    private static final int VALUE_BYTES = 20_000;
    private static final Duration COMES_BACK_WITHIN = Duration.ofSeconds(5);

    @TempDir
    Path directory;

    private final List<byte[]> acknowledged = new ArrayList<>();

    @SuppressWarnings("NullAway.Init")
    private ConfigurableApplicationContext web;

    @SuppressWarnings("NullAway.Init")
    private RunningBroker broker;

    @Test
    void aDiskWithoutRoomRefusesWritesUntilThereIsRoom() throws Exception {
        try (var disk = MountedDisk.inMemory(directory.resolve("small"), 8);
                AutoCloseable _ = this::stop) {
            var ballast = Files.write(disk.path().resolve("ballast"), new byte[3 << 20]);
            start(disk.path().resolve("data"));
            broker.createTopic("orders", 1);

            assertThat(produceUntilRefused()).isInstanceOf(KafkaStorageException.class);
            assertThat(partition().offlineReason()).isEmpty();
            requireServing("UP");
            produceAgainAfter(() -> Files.delete(ballast));

            web.close();
            assertThat(disk.path().resolve("data/.kafka_cleanshutdown")).exists();
            start(disk.path().resolve("data"));
            requireAcknowledged();
        }
    }

    @Test
    void aDiskThatTellsOnlyWhenItIsForcedIsNotTrustedUntilEverythingIsWrittenAgain() throws Exception {
        try (var below = MountedDisk.inMemory(directory.resolve("below"), 8)) {
            var image = below.path().resolve("image");
            try (var disk = MountedDisk.inSparseFile(directory.resolve("thin"), image);
                    AutoCloseable _ = this::stop) {
                var ballast = Files.write(below.path().resolve("ballast"), new byte[5 << 20]);
                start(disk.path().resolve("data"));
                broker.createTopic("orders", 1);

                assertThat(produceUntilRefused()).isInstanceOf(KafkaStorageException.class);
                assertThat(partition().offlineReason().orElseThrow()).contains("fsync", "No space left on device");
                requireServing("DOWN");
                assertThat(get("/actuator/health")).contains("No space left on device");
                assertThat(get("/actuator/prometheus")).contains("kafka_server_partitions_offline 1.0");
                produceAgainAfter(() -> Files.delete(ballast));
                assertThat(partition().offlineReason()).isEmpty();

                web.close();
                assertThat(disk.path().resolve("data/.kafka_cleanshutdown")).exists();
                disk.mountAgain(image);
                start(disk.path().resolve("data"));
                requireAcknowledged();
            }
        }
    }

    private void start(Path data) {
        broker = RunningBroker.in(
                data,
                Map.of(
                        "log.segment.bytes", "262144",
                        "metadata.log.dir", directory.resolve("metadata").toString(),
                        "log.initial.task.delay.ms", "0",
                        "log.flush.offset.checkpoint.interval.ms", "200"));
        web = WebSide.start(broker.broker());
    }

    private void stop() {
        if (web != null) {
            web.close();
        }
    }

    /// Returns why the first record was refused.
    private Throwable produceUntilRefused() throws InterruptedException {
        var impatient = Map.<String, Object>of("retries", 0, "enable.idempotence", false);
        try (var producer = producer(impatient)) {
            while (true) {
                var value = nextValue();
                try {
                    producer.send(new ProducerRecord<>("orders", 0, null, value))
                            .get();
                    acknowledged.add(value);
                } catch (ExecutionException e) {
                    return Objects.requireNonNull(e.getCause());
                }
            }
        }
    }

    /// A producer as it comes, which tries again and again, gets through soon after there is room.
    private void produceAgainAfter(FreeingOfSpace freeing) throws Exception {
        try (var producer = producer(Map.of())) {
            var value = nextValue();
            var patient = producer.send(new ProducerRecord<>("orders", 0, null, value));
            assertThat(catchThrowable(() -> patient.get(2, TimeUnit.SECONDS))).isInstanceOf(TimeoutException.class);

            freeing.run();

            await().atMost(COMES_BACK_WITHIN).until(patient::isDone);
            patient.get();
            acknowledged.add(value);
            for (int i = 0; i < 20; i++) {
                var next = nextValue();
                producer.send(new ProducerRecord<>("orders", 0, null, next)).get();
                acknowledged.add(next);
            }
        }
        requireAcknowledged();
    }

    @FunctionalInterface
    private interface FreeingOfSpace {
        void run() throws Exception;
    }

    /// Reads go on, and those who look are told how it is.
    private void requireServing(String health) throws Exception {
        requireAcknowledged();
        assertThat(get("/api/v1/topics/orders/partitions/0")).contains("\"topic\":\"orders\"");
        assertThat(get("/api/v1/topics/orders/partitions/0/records/0")).contains("\"offset\":0");
        assertThat(get("/actuator/health")).contains("\"logDirs\":{", "\"status\":\"" + health + "\"");
    }

    /// What was answered for is there, in its order.
    private void requireAcknowledged() {
        var found = new ArrayList<byte[]>();
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(List.of(ORDERS));
            consumer.seekToBeginning(List.of(ORDERS));
            long end = consumer.endOffsets(List.of(ORDERS)).getOrDefault(ORDERS, 0L);
            while (consumer.position(ORDERS) < end) {
                consumer.poll(Duration.ofSeconds(1)).forEach(record -> found.add(record.value()));
            }
        }
        assertThat(acknowledged).hasSizeGreaterThan(20);
        int at = 0;
        for (var value : found) {
            at += at < acknowledged.size() && Arrays.equals(value, acknowledged.get(at)) ? 1 : 0;
        }
        assertThat(at).as("acknowledged records that were found, in order").isEqualTo(acknowledged.size());
    }

    private byte[] nextValue() {
        var value = new byte[VALUE_BYTES];
        new Random(acknowledged.size()).nextBytes(value);
        return value;
    }

    private KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        var settings = new HashMap<>(more);
        settings.put("bootstrap.servers", broker.bootstrapServers());
        settings.put("acks", "all");
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private Partition partition() {
        return broker.broker()
                .partitions()
                .find(new io.vitrine.metadata.TopicPartition("orders", 0))
                .orElseThrow();
    }

    private String get(String path) throws Exception {
        var port = web.getEnvironment().getProperty("local.server.port");
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                    .build();
            return client.send(request, BodyHandlers.ofString()).body();
        }
    }
}
