package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two instances of a [TransactionalCopier] that are killed at random, and so is their broker: what they have read is
/// in their output, once. More kills and records with `-Dvitrine.copyKills` and `-Dvitrine.copyRecords`.
class ExactlyOnceTests {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final int PARTITIONS = 2;
    private static final int KILLS = Integer.getInteger("vitrine.copyKills", 3);
    private static final int RECORDS = Integer.getInteger("vitrine.copyRecords", 1_000);

    @TempDir
    Path directory;

    @TempDir
    Path work;

    private final Random random = new Random(7);

    @Test
    void eachRecordIsCopiedExactlyOnceThoughCopiersAndBrokerAreKilled() throws Exception {
        try (var broker = new ChildBroker(directory, work.resolve("broker.log"), settings())) {
            fill(broker);
            var copiers = new ArrayList<Process>();
            try (var output = new Output(broker)) {
                copiers.add(startCopier(broker, 0));
                copiers.add(startCopier(broker, 1));
                for (int kill = 1; kill <= KILLS; kill++) {
                    int enough = RECORDS * kill / (KILLS + 1);
                    await().atMost(LONG).until(() -> output.read() >= enough);
                    killSomething(broker, copiers);
                }
                await().atMost(LONG).until(() -> output.read() >= RECORDS);
                for (var copier : copiers) {
                    copier.getOutputStream().close();
                    assertThat(ChildJvm.await(copier)).isZero();
                }

                output.read();
                assertThat(output.values).isEqualTo(written());
            } finally {
                copiers.forEach(Process::destroyForcibly);
            }
        }
    }

    private static Map<String, String> settings() {
        var settings = new HashMap<>(GroupClients.QUICK_GROUPS);
        settings.put("transaction.state.log.num.partitions", "2");
        settings.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "500");
        return settings;
    }

    /// One of the copiers, or the broker.
    private void killSomething(ChildBroker broker, List<Process> copiers) throws Exception {
        int victim = random.nextInt(copiers.size() + 1);
        if (victim == copiers.size()) {
            broker.kill();
            broker.start();
        } else {
            copiers.get(victim).destroyForcibly().waitFor();
            copiers.set(victim, startCopier(broker, victim));
        }
    }

    private Process startCopier(ChildBroker broker, int instance) throws IOException {
        return ChildJvm.start(
                work.resolve("copier-%d-%d.log".formatted(instance, System.nanoTime())),
                "",
                TransactionalCopier.class.getName(),
                broker.bootstrapServers(),
                "copier-" + instance);
    }

    private static void fill(ChildBroker broker) throws Exception {
        var clients = new GroupClients(broker.bootstrapServers());
        try (var admin = clients.admin()) {
            admin.createTopics(List.of(
                            new NewTopic("input", PARTITIONS, (short) 1),
                            new NewTopic("output", PARTITIONS, (short) 1)))
                    .all()
                    .get();
        }
        clients.produce("input", PARTITIONS, RECORDS / PARTITIONS);
    }

    /// What is to be in each partition, in this order.
    private static Map<Integer, List<String>> written() {
        var all = new TreeMap<Integer, List<String>>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            all.put(
                    partition,
                    IntStream.range(0, RECORDS / PARTITIONS)
                            .mapToObj(i -> "value-" + i)
                            .toList());
        }
        return all;
    }

    /// What is committed in the output.
    private static final class Output implements AutoCloseable {
        private final KafkaConsumer<String, String> consumer;
        private final Map<Integer, List<String>> values = new TreeMap<>();

        Output(ChildBroker broker) {
            consumer = new KafkaConsumer<>(
                    Map.of(
                            "bootstrap.servers", broker.bootstrapServers(),
                            "isolation.level", "read_committed",
                            "reconnect.backoff.max.ms", "100"),
                    new StringDeserializer(),
                    new StringDeserializer());
            var partitions = IntStream.range(0, PARTITIONS)
                    .mapToObj(index -> new TopicPartition("output", index))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
        }

        /// Reads on and returns how many there are.
        int read() {
            consumer.poll(Duration.ofMillis(100))
                    .forEach(record -> values.computeIfAbsent(record.partition(), _ -> new ArrayList<>())
                            .add(record.value()));
            return values.values().stream().mapToInt(List::size).sum();
        }

        @Override
        public void close() {
            consumer.close();
        }
    }
}
