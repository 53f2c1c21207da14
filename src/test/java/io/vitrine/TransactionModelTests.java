package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What several producers do at random, and what the broker says of it, against a simple model: open transactions hold
/// the last stable offset, aborted records are not seen, an offset is committed when its transaction is. The broker is
/// killed now and then.
///
/// `-Dvitrine.modelSeeds` and `-Dvitrine.modelSteps` have it do more; `-Dvitrine.modelSeed` begins with another seed.
class TransactionModelTests {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int SEEDS = Integer.getInteger("vitrine.modelSeeds", 2);
    private static final int STEPS = Integer.getInteger("vitrine.modelSteps", 60);
    private static final long FIRST_SEED = Long.getLong("vitrine.modelSeed", 1);
    private static final int PRODUCERS = 3;
    private static final List<TopicPartition> PARTITIONS =
            Stream.of(0, 1, 2).map(index -> new TopicPartition("model", index)).toList();
    private static final TopicPartition SOURCE = new TopicPartition("source", 0);
    private static final String GROUP = "model-group";

    @TempDir
    Path directory;

    @TempDir
    Path work;

    private final List<Transactional> producers = new ArrayList<>();
    private final Map<TopicPartition, List<Written>> written = new HashMap<>();
    private final Map<TopicPartition, Long> stable = new HashMap<>();
    private final Map<TopicPartition, List<String>> seen = new HashMap<>();
    private long committedOffset = -1;
    private int committedTurn = -1;
    private int values;
    private int turns;

    private enum State {
        OPEN,
        COMMITTED,
        ABORTED
    }

    /// A transaction as the model knows it.
    private static final class Transaction {
        private State state = State.OPEN;
        private long offset = -1;
        private int turn = -1;
    }

    private record Written(long offset, String value, Transaction transaction) {}

    static LongStream seeds() {
        return LongStream.range(FIRST_SEED, FIRST_SEED + SEEDS);
    }

    @AfterEach
    void closeProducers() {
        producers.forEach(Transactional::close);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theBrokerSaysWhatTheModelSays(long seed) throws Exception {
        var random = new Random(seed);
        var settings = new HashMap<>(GroupClients.QUICK_GROUPS);
        settings.put("transaction.state.log.num.partitions", "2");
        try (var broker = new ChildBroker(directory, work.resolve("broker.log"), settings)) {
            createTopics(broker);
            for (int i = 0; i < PRODUCERS; i++) {
                producers.add(new Transactional(broker, "producer-" + i));
            }
            try (var admin = new GroupClients(broker.bootstrapServers()).admin();
                    var reader = reader(broker)) {
                for (int step = 0; step < STEPS; step++) {
                    var what = step(random, broker);
                    check(admin, reader, "seed %d, step %d: %s".formatted(seed, step, what));
                }
                producers.forEach(Transactional::abort);
                check(admin, reader, "seed %d, all ended".formatted(seed));
            }
            seen.clear();
            try (var fromTheBeginning = reader(broker)) {
                await().atMost(SOON).untilAsserted(() -> assertSeen(fromTheBeginning));
            }
        }
    }

    private String step(Random random, ChildBroker broker) throws Exception {
        var producer = producers.get(random.nextInt(PRODUCERS));
        int kind = random.nextInt(100);
        if (kind < 50) {
            return producer.send(PARTITIONS.get(random.nextInt(PARTITIONS.size())));
        } else if (kind < 60) {
            return producer.sendOffset(values);
        } else if (kind < 77) {
            return producer.commit();
        } else if (kind < 89) {
            return producer.abort();
        } else if (kind < 97) {
            return producer.replace(broker);
        }
        broker.kill();
        broker.start();
        return "broker killed";
    }

    private void check(Admin admin, KafkaConsumer<String, String> reader, String when) {
        await(when).atMost(SOON).pollInterval(Duration.ofMillis(5)).untilAsserted(() -> {
            for (var partition : PARTITIONS) {
                long now = offset(admin, partition, IsolationLevel.READ_COMMITTED);
                long held = firstOpen(partition);
                assertThat(now)
                        .as("last stable offset of %s, %s", partition, when)
                        .isGreaterThanOrEqualTo(stable.getOrDefault(partition, 0L))
                        .isLessThanOrEqualTo(held)
                        .isEqualTo(Math.min(held, offset(admin, partition, IsolationLevel.READ_UNCOMMITTED)));
                stable.put(partition, now);
            }
            assertSeen(reader);
            var offset = admin.listConsumerGroupOffsets(GROUP)
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .get(SOURCE);
            assertThat(offset == null ? -1 : offset.offset()).as(when).isEqualTo(committedOffset);
        });
    }

    /// What is committed before the first open transaction, and nothing else.
    private void assertSeen(KafkaConsumer<String, String> reader) {
        reader.poll(Duration.ofMillis(5))
                .forEach(record -> seen.computeIfAbsent(
                                new TopicPartition(record.topic(), record.partition()), _ -> new ArrayList<>())
                        .add(record.value()));
        for (var partition : PARTITIONS) {
            long held = firstOpen(partition);
            var expected = written.getOrDefault(partition, List.of()).stream()
                    .filter(record -> record.offset() < held && record.transaction().state == State.COMMITTED)
                    .map(Written::value)
                    .toList();
            assertThat(seen.getOrDefault(partition, List.of())).isEqualTo(expected);
        }
    }

    private long firstOpen(TopicPartition partition) {
        return written.getOrDefault(partition, List.of()).stream()
                .filter(record -> record.transaction().state == State.OPEN)
                .mapToLong(Written::offset)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    private static long offset(Admin admin, TopicPartition partition, IsolationLevel isolation) throws Exception {
        return admin.listOffsets(Map.of(partition, OffsetSpec.latest()), new ListOffsetsOptions(isolation))
                .partitionResult(partition)
                .get()
                .offset();
    }

    private static KafkaConsumer<String, String> reader(ChildBroker broker) {
        var consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", broker.bootstrapServers(),
                        "isolation.level", "read_committed",
                        "fetch.max.wait.ms", "5",
                        "reconnect.backoff.max.ms", "100"),
                new StringDeserializer(),
                new StringDeserializer());
        consumer.assign(PARTITIONS);
        consumer.seekToBeginning(PARTITIONS);
        return consumer;
    }

    private static void createTopics(ChildBroker broker) throws Exception {
        try (var admin = new GroupClients(broker.bootstrapServers()).admin()) {
            admin.createTopics(List.of(
                            new NewTopic("model", PARTITIONS.size(), (short) 1),
                            new NewTopic(SOURCE.topic(), 1, (short) 1)))
                    .all()
                    .get();
        }
    }

    /// A producer, and its open transaction in the model.
    private final class Transactional {
        private final String id;
        private final ConsumerGroupMetadata group;
        private KafkaProducer<String, String> producer;
        private Transaction open = new Transaction();
        private boolean begun;

        Transactional(ChildBroker broker, String id) {
            this.id = id;
            this.group = new TransactionClients(broker.bootstrapServers()).group(GROUP);
            this.producer = create(broker);
        }

        String send(TopicPartition partition) throws Exception {
            begin();
            var value = "value-" + values++;
            var sent = producer.send(new ProducerRecord<>(partition.topic(), partition.partition(), null, value))
                    .get();
            written.computeIfAbsent(partition, _ -> new ArrayList<>()).add(new Written(sent.offset(), value, open));
            return "%s wrote %s to %s at %d".formatted(id, value, partition, sent.offset());
        }

        String sendOffset(long offset) {
            begin();
            producer.sendOffsetsToTransaction(Map.of(SOURCE, new OffsetAndMetadata(offset)), group);
            open.offset = offset;
            open.turn = turns++;
            return "%s would commit offset %d".formatted(id, offset);
        }

        String commit() {
            if (!begun) {
                return id + " has nothing to commit";
            }
            producer.commitTransaction();
            // Of two, the one that was sent later holds, whichever is committed first.
            if (open.turn > committedTurn) {
                committedOffset = open.offset;
                committedTurn = open.turn;
            }
            end(State.COMMITTED);
            return id + " committed";
        }

        String abort() {
            if (!begun) {
                return id + " has nothing to abort";
            }
            producer.abortTransaction();
            end(State.ABORTED);
            return id + " aborted";
        }

        /// Another takes its place, and fences it.
        String replace(ChildBroker broker) {
            var older = producer;
            producer = create(broker);
            if (begun) {
                try {
                    older.commitTransaction();
                    throw new AssertionError(id + " was not fenced");
                } catch (KafkaException e) {
                    end(State.ABORTED);
                }
            }
            older.close(Duration.ZERO);
            return id + " was replaced";
        }

        void close() {
            producer.close(Duration.ZERO);
        }

        private void begin() {
            if (!begun) {
                producer.beginTransaction();
                begun = true;
            }
        }

        private void end(State state) {
            open.state = state;
            open = new Transaction();
            begun = false;
        }

        private KafkaProducer<String, String> create(ChildBroker broker) {
            var created = new KafkaProducer<>(
                    Map.of(
                            "bootstrap.servers", broker.bootstrapServers(),
                            "transactional.id", id,
                            "reconnect.backoff.max.ms", "100",
                            "retry.backoff.ms", "10",
                            "linger.ms", "0"),
                    new StringSerializer(),
                    new StringSerializer());
            created.initTransactions();
            return created;
        }
    }
}
