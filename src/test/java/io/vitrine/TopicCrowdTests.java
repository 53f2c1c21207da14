package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vitrine.metadata.TopicPartition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Many clients who make, write, read and delete the same topics: nobody gets a wrong answer, and nothing is left.
class TopicCrowdTests {
    private static final int CLIENTS = 20;
    private static final int TOPICS = 4;
    private static final int CHANGES_EACH = 12;
    private static final Map<String, String> CONFIGS =
            Map.of("file.delete.delay.ms", "0", "segment.bytes", "1048576", "cleanup.policy", "compact,delete");

    @TempDir
    Path directory;

    private final Queue<Throwable> wrong = new ConcurrentLinkedQueue<>();
    private final AtomicInteger created = new AtomicInteger();
    private final AtomicInteger deleted = new AtomicInteger();
    private final AtomicInteger written = new AtomicInteger();
    private volatile boolean finished;

    @Test
    void nobodyGetsAWrongAnswerAndNothingIsLeft() throws Exception {
        try (var broker = RunningBroker.in(
                directory, Map.of("auto.create.topics.enable", "false", "log.initial.task.delay.ms", "0"))) {
            broker.createTopic("before", 1);
            TopicCrashTests.append(broker, "before", 0);
            try (var users = Executors.newFixedThreadPool(2);
                    var administrators = Executors.newFixedThreadPool(CLIENTS)) {
                for (int client = 0; client < CLIENTS; client++) {
                    var random = new Random(client);
                    administrators.execute(() -> guarded(() -> administer(broker, random)));
                }
                users.execute(() -> guarded(() -> produce(broker)));
                users.execute(() -> guarded(() -> consume(broker)));
                administrators.shutdown();
                assertThat(administrators.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
                finished = true;
            }
            deleteAll(broker);

            assertThat(wrong).isEmpty();
            assertThat(created.get()).isGreaterThan(CLIENTS);
            assertThat(deleted.get()).isEqualTo(created.get());
            assertThat(written.get()).isPositive();
            await().untilAsserted(() -> assertThat(partitionDirectories()).containsExactly("before-0"));
            assertThat(openFiles()).noneMatch(file -> file.contains("/topic-"));
            assertThat(TopicCrashTests.append(broker, "before", 0)).isEqualTo(1);
        }
    }

    private void administer(RunningBroker broker, Random random) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            for (int i = 0; i < CHANGES_EACH; i++) {
                var name = "topic-" + random.nextInt(TOPICS);
                if (random.nextBoolean()) {
                    var topic = new NewTopic(name, 1 + random.nextInt(3), (short) 1).configs(CONFIGS);
                    count(created, admin.createTopics(List.of(topic)).all(), Set.of(TopicExistsException.class));
                } else {
                    count(
                            deleted,
                            admin.deleteTopics(List.of(name)).all(),
                            Set.of(UnknownTopicOrPartitionException.class, UnknownTopicIdException.class));
                }
            }
        }
    }

    private static void count(AtomicInteger successes, Future<?> answer, Set<Class<?>> fair) throws Exception {
        try {
            answer.get();
            successes.incrementAndGet();
        } catch (ExecutionException e) {
            if (!fair.contains(Objects.requireNonNull(e.getCause()).getClass())) {
                throw e;
            }
        }
    }

    private void produce(RunningBroker broker) {
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of(
                        "bootstrap.servers", broker.bootstrapServers(),
                        "max.block.ms", "20",
                        "delivery.timeout.ms", "1000",
                        "request.timeout.ms", "900",
                        "linger.ms", "0",
                        // A topic that is made again knows nothing of what a producer has written before.
                        "enable.idempotence", "false",
                        "retry.backoff.ms", "1"),
                new StringSerializer(),
                new StringSerializer())) {
            for (int i = 0; !finished; i++) {
                // A topic that is gone meanwhile fails the record, which is right.
                producer.send(
                        new ProducerRecord<>("topic-" + i % TOPICS, "key-" + i % 10, "x".repeat(1000)), (_, e) -> {
                            if (e == null) {
                                written.incrementAndGet();
                            } else if (!(e instanceof TimeoutException
                                    || e instanceof UnknownTopicOrPartitionException
                                    || e instanceof UnknownTopicIdException)) {
                                wrong.add(e);
                            }
                        });
            }
        }
    }

    private void consume(RunningBroker broker) {
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of(
                        "bootstrap.servers", broker.bootstrapServers(),
                        "auto.offset.reset", "earliest",
                        "metadata.max.age.ms", "50"),
                new StringDeserializer(),
                new StringDeserializer())) {
            while (!finished) {
                consumer.assign(consumer.listTopics().values().stream()
                        .flatMap(List::stream)
                        .map(info -> new org.apache.kafka.common.TopicPartition(info.topic(), info.partition()))
                        .toList());
                for (int i = 0; i < 10; i++) {
                    consumer.poll(Duration.ofMillis(10));
                }
            }
        }
    }

    private void deleteAll(RunningBroker broker) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            var left = admin.listTopics().names().get().stream()
                    .filter(name -> name.startsWith("topic-"))
                    .toList();
            admin.deleteTopics(left).all().get();
            deleted.addAndGet(left.size());
            for (var name : left) {
                assertThat(broker.broker().partitions().find(new TopicPartition(name, 0)))
                        .isEmpty();
            }
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    private void guarded(Work work) {
        try {
            work.run();
        } catch (Exception e) {
            wrong.add(e);
        }
    }

    private List<String> partitionDirectories() throws IOException {
        try (var entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> name.startsWith("topic-") || name.startsWith("before"))
                    .toList();
        }
    }

    /// Files of the broker's that this process has open.
    private List<String> openFiles() throws IOException {
        try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors
                    .map(TopicCrowdTests::target)
                    .filter(target -> target.startsWith(directory.toString()))
                    .toList();
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            // Closed meanwhile.
            return "";
        }
    }
}
