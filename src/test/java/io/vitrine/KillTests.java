package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A broker that is killed again and again while a producer writes, which notices no more than that it has to wait.
/// How often is up to the property `vitrine.kills`; the moments, to `vitrine.kills.seed`.
class KillTests {
    private static final int KILLS = Integer.getInteger("vitrine.kills", 20);
    private static final long SEED = Long.getLong("vitrine.kills.seed", 1);
    private static final int PARTITIONS = 4;
    private static final int UNANSWERED = 200;
    private static final long LARGE_LOG_BYTES = 4 << 20;
    private static final int FILES_PER_DUMP = 500;

    @TempDir
    Path directory;

    @TempDir
    Path work;

    private final Random random = new Random(SEED);
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private int port;
    private int largeLogs;

    @SuppressWarnings("NullAway.Init")
    private Process process;

    @AfterEach
    void kill() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    @Test
    void nothingIsLostOrTwiceOrOutOfOrderHoweverOftenTheBrokerIsKilled() throws Exception {
        port = freePort();
        start();
        try (var load = new Load()) {
            for (int round = 0; round < KILLS; round++) {
                long before = acknowledged.get();
                await().atMost(Duration.ofSeconds(30))
                        .pollInterval(Duration.ofMillis(5))
                        .until(() -> acknowledged.get() > before + 50);
                process.waitFor(random.nextInt(300), TimeUnit.MILLISECONDS);
                process.destroyForcibly().waitFor();
                start();
                requireShortCheck();
            }
            load.finish();

            assertThat(failure.get()).isNull();
            for (int partition = 0; partition < PARTITIONS; partition++) {
                requireEverything(partition, load.sent[partition]);
            }
        }
        assertThat(acknowledged.get()).isGreaterThan(50L * KILLS);
        assertThat(largeLogs).as("starts with a large log").isPositive();
        process.destroy();
        assertThat(ChildJvm.await(process)).isEqualTo(143);
        requireThatKafkaFindsTheFilesSound();
        System.out.printf("%d kills, %d records, %d bytes%n", KILLS, acknowledged.get(), sizeOfLogs());
    }

    /// Sends numbered records without end, so many at a time, to each partition in turn.
    private final class Load implements AutoCloseable {
        private final KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers", "127.0.0.1:" + port,
                        "acks", "all",
                        "reconnect.backoff.max.ms", "100",
                        "retry.backoff.max.ms", "100",
                        "delivery.timeout.ms", "600000",
                        "linger.ms", "1"),
                new StringSerializer(),
                new StringSerializer());
        private final long[] sent = new long[PARTITIONS];
        private final Semaphore room = new Semaphore(UNANSWERED);
        private final Thread thread;
        private volatile boolean finished;

        Load() {
            thread = Thread.ofPlatform().name("load").start(this::run);
        }

        private void run() {
            for (int i = 0; !finished; i++) {
                room.acquireUninterruptibly();
                int partition = i % PARTITIONS;
                var value = sent[partition]++ + "x".repeat(i % 400);
                producer.send(new ProducerRecord<>("orders", partition, null, value), (_, e) -> {
                    room.release();
                    if (e == null) {
                        acknowledged.incrementAndGet();
                    } else {
                        failure.set(e);
                    }
                });
            }
        }

        /// Sends no more, and waits until everything is answered.
        void finish() throws InterruptedException {
            finished = true;
            thread.join();
            producer.flush();
        }

        @Override
        public void close() {
            finished = true;
            room.release(UNANSWERED);
            producer.close(Duration.ZERO);
        }
    }

    /// The values are the numbers from 0 on, each once, and their offsets too.
    private void requireEverything(int number, long count) {
        var partition = new TopicPartition("orders", number);
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of("bootstrap.servers", "127.0.0.1:" + port),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long next = 0;
            while (next < count) {
                var records = consumer.poll(Duration.ofSeconds(10));
                assertThat(records.count())
                        .as("records behind %d of %s", next, partition)
                        .isPositive();
                for (var record : records) {
                    assertThat(record.offset()).isEqualTo(next);
                    assertThat(record.value().replace("x", "")).isEqualTo(Long.toString(next));
                    next++;
                }
            }
            assertThat(consumer.endOffsets(List.of(partition))).containsEntry(partition, count);
        }
    }

    /// What was checked was what came after the last checkpoint, not all there is.
    private void requireShortCheck() throws IOException {
        var opening = BareBroker.Opening.parse(output());
        assertThat(opening.damagedRanges()).isZero();
        if (opening.logBytes() > LARGE_LOG_BYTES) {
            largeLogs++;
            assertThat(opening.bytesToCheck())
                    .as("of %d bytes", opening.logBytes())
                    .isLessThan(opening.logBytes() / 2);
        }
    }

    private void requireThatKafkaFindsTheFilesSound() throws Exception {
        var files = filesOf(".log", ".index", ".timeindex", ".snapshot");
        assertThat(files).hasSizeGreaterThan(10 * PARTITIONS);
        for (int from = 0; from < files.size(); from += FILES_PER_DUMP) {
            var some = files.subList(from, Math.min(files.size(), from + FILES_PER_DUMP));
            var dumped = work.resolve("dump.txt");
            var dumping = ChildJvm.start(
                    dumped,
                    Path.of("target", "kafka-tools", "*").toString(),
                    "org.apache.kafka.tools.DumpLogSegments",
                    "--files",
                    String.join(",", some.stream().map(Path::toString).toList()));
            assertThat(ChildJvm.await(dumping)).isZero();
            try (var lines = Files.lines(dumped)) {
                assertThat(lines.filter(line -> line.contains("isvalid: false")
                                || line.contains("Exception")
                                || line.contains("Found")
                                || line.contains("mismatch")))
                        .isEmpty();
            }
        }
    }

    private List<Path> filesOf(String... suffixes) throws IOException {
        var found = new ArrayList<Path>();
        for (int partition : IntStream.range(0, PARTITIONS).toArray()) {
            try (var files = Files.list(directory.resolve("orders-" + partition))) {
                files.filter(file -> List.of(suffixes).stream()
                                .anyMatch(suffix -> file.toString().endsWith(suffix)))
                        .sorted()
                        .forEach(found::add);
            }
        }
        return found;
    }

    private long sizeOfLogs() throws IOException {
        long size = 0;
        for (var file : filesOf(".log")) {
            size += Files.size(file);
        }
        return size;
    }

    private void start() throws IOException {
        process = ChildJvm.start(
                work.resolve("output.txt"), "", "io.vitrine.BareBroker", directory.toString(), String.valueOf(port));
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> {
                    assertThat(process.isAlive())
                            .as("the broker lives: %s", output())
                            .isTrue();
                    return output().contains("damaged ranges");
                });
    }

    private String output() throws IOException {
        return Files.readString(work.resolve("output.txt"));
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
