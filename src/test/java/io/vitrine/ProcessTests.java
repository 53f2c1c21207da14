package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The broker as its users meet it: a process that is started, stopped and killed.
class ProcessTests {
    @TempDir
    Path directory;

    private int kafkaPort;
    private int httpPort;
    private Path properties;

    @SuppressWarnings("NullAway.Init")
    private Process process;

    @BeforeEach
    void choosePorts() throws IOException {
        kafkaPort = freePort();
        httpPort = freePort();
        properties = Files.writeString(directory.resolve("server.properties"), """
                # A file as Kafka's users have it.
                process.roles=broker,controller
                node.id=1
                controller.quorum.voters=1@localhost:9093
                listeners=PLAINTEXT://:%d,CONTROLLER://:%d
                controller.listener.names=CONTROLLER
                listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL
                log.dirs=%s
                num.network.threads=3
                nobody.knows.this=1
                vitrine.http.port=%d
                """.formatted(
                        kafkaPort, freePort(), directory.resolve("data"), httpPort));
    }

    @AfterEach
    void kill() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    @Test
    void servesRestBesideKafkaAndStopsInOrder() throws Exception {
        start();
        produce(0, 100);
        awaitWebSide();

        assertThat(get("/actuator/health/liveness")).contains("\"status\":\"UP\"");
        assertThat(output()).contains("Unknown settings: nobody.knows.this");
        assertThat(output()).contains("not honoured: num.network.threads");
        long begin = System.nanoTime();
        process.destroy();
        assertThat(ChildJvm.await(process)).isEqualTo(143);

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
        assertThat(directory.resolve("data/.kafka_cleanshutdown")).exists();
        start();
        assertThat(consume()).hasSize(100);
    }

    @Test
    void losesNothingThatWasAcknowledgedWhenItIsKilled() throws Exception {
        var acknowledged = new ConcurrentSkipListSet<String>();
        for (int round = 0; round < 3; round++) {
            start();
            int first = round * 100_000;
            try (var producer = producer()) {
                for (int i = 0; i < 20_000; i++) {
                    var value = "value-" + (first + i);
                    producer.send(new ProducerRecord<>("orders", value), (metadata, failure) -> {
                        if (failure == null) {
                            acknowledged.add(value);
                        }
                    });
                }
                int before = acknowledged.size();
                await().until(() -> acknowledged.size() > before + 1000);
                process.destroyForcibly().waitFor();
                producer.close(Duration.ZERO);
            }
        }
        start();

        var found = consume();

        assertThat(acknowledged).hasSizeGreaterThan(3000);
        assertThat(new TreeSet<>(found)).containsAll(acknowledged);
    }

    @Test
    void aTornTailIsCutAndTheOffsetsGoOn() throws Exception {
        start();
        produce(0, 10);
        process.destroyForcibly().waitFor();
        var file = directory.resolve("data/orders-0/00000000000000000000.log");
        long sound = Files.size(file);
        Files.write(file, new byte[] {0, 0, 0, 0, 0, 0, 0, 10, 0, 0, 4}, StandardOpenOption.APPEND);

        start();

        assertThat(Files.size(file)).isEqualTo(sound);
        produce(10, 5);
        assertThat(consume()).hasSize(15).startsWith("value-0").endsWith("value-14");
        assertThat(output()).contains("cut back from %d to %d bytes".formatted(sound + 11, sound));
    }

    @Test
    void saysInOneLineWhyItCannotStart() throws Exception {
        Files.writeString(properties, "\nlog.segment.bytes=many\n", StandardOpenOption.APPEND);

        process = ChildJvm.start(directory.resolve("output.txt"), "", "io.vitrine.Vitrine", properties.toString());

        assertThat(ChildJvm.await(process)).isEqualTo(1);
        assertThat(output().lines()).hasSize(1).first().asString().contains("log.segment.bytes=many", "integer");
    }

    @Test
    void aPortThatIsTakenIsAClearError() throws Exception {
        try (var _ = new ServerSocket(kafkaPort)) {
            process = ChildJvm.start(directory.resolve("output.txt"), "", "io.vitrine.Vitrine", properties.toString());

            assertThat(ChildJvm.await(process)).isEqualTo(1);
        }
        assertThat(output()).contains("can't listen on", String.valueOf(kafkaPort));
    }

    private void start() throws IOException {
        process = ChildJvm.start(directory.resolve("output.txt"), "", "io.vitrine.Vitrine", properties.toString());
        await().atMost(60, TimeUnit.SECONDS).until(this::isListening);
    }

    private boolean isListening() {
        assertThat(process.isAlive()).as("the broker ended").isTrue();
        try (var _ = new WireClient(kafkaPort)) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void awaitWebSide() {
        await().atMost(60, TimeUnit.SECONDS).until(() -> {
            try {
                return get("/actuator/health/liveness").contains("UP");
            } catch (IOException e) {
                return false;
            }
        });
    }

    private String get(String path) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(httpPort, path)))
                    .build();
            return client.send(request, BodyHandlers.ofString()).body();
        }
    }

    private void produce(int first, int count) {
        try (var producer = producer()) {
            for (int i = first; i < first + count; i++) {
                producer.send(new ProducerRecord<>("orders", "value-" + i));
            }
        }
    }

    private KafkaProducer<String, String> producer() {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", "127.0.0.1:" + kafkaPort), new StringSerializer(), new StringSerializer());
    }

    private List<String> consume() {
        var partition = new TopicPartition("orders", 0);
        var values = new ArrayList<String>();
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of("bootstrap.servers", "127.0.0.1:" + kafkaPort),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofSeconds(1)).forEach(record -> values.add(record.value()));
            }
        }
        return values;
    }

    private String output() throws IOException {
        return Files.readString(directory.resolve("output.txt"));
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
