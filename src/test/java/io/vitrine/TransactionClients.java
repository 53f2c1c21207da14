package io.vitrine;

import io.vitrine.metadata.FeatureUpdate;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// Kafka's own clients, as transactions need them.
final class TransactionClients {
    /// Settings of a broker that looks after transactions quickly, with few logs.
    static final Map<String, String> QUICK_TRANSACTIONS = Map.of(
            "transaction.state.log.num.partitions", "2",
            "offsets.topic.num.partitions", "2",
            "group.initial.rebalance.delay.ms", "0",
            "transaction.abort.timed.out.transaction.cleanup.interval.ms", "100");

    private static final Duration SOON = Duration.ofSeconds(20);

    private final String servers;

    TransactionClients(String servers) {
        this.servers = servers;
    }

    /// Has a broker speak an older version of transactions.
    static void speak(RunningBroker broker, int version) throws IOException {
        var update = new FeatureUpdate("transaction.version", (short) version, FeatureUpdate.Kind.SAFE_DOWNGRADE);
        broker.broker().metadata().features().update(List.of(update), false);
    }

    KafkaProducer<String, String> producer(String transactionalId) {
        return producer(transactionalId, Map.of());
    }

    KafkaProducer<String, String> producer(String transactionalId, Map<String, Object> more) {
        var settings = new HashMap<String, Object>(Map.of(
                "bootstrap.servers",
                servers,
                "transactional.id",
                transactionalId,
                "max.block.ms",
                20_000,
                "linger.ms",
                0));
        settings.putAll(more);
        return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }

    /// Writes each value as a transaction of its own would not: without committing.
    static void send(KafkaProducer<String, String> producer, String topic, int partition, String... values)
            throws Exception {
        for (var value : values) {
            producer.send(new ProducerRecord<>(topic, partition, null, value)).get();
        }
    }

    Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", servers));
    }

    KafkaConsumer<String, String> consumer(String isolation, String group) {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        servers,
                        "isolation.level",
                        isolation,
                        "group.id",
                        group,
                        "auto.offset.reset",
                        "earliest",
                        "fetch.max.wait.ms",
                        50,
                        "enable.auto.commit",
                        false),
                new StringDeserializer(),
                new StringDeserializer());
    }

    /// A group as somebody names it who is no member.
    ConsumerGroupMetadata group(String id) {
        try (var consumer = consumer("read_committed", id)) {
            return consumer.groupMetadata();
        }
    }

    /// What a reader of committed records sees of a partition, once it is at its end.
    List<String> committed(String topic, int partition) {
        return read("read_committed", topic, partition);
    }

    List<String> read(String isolation, String topic, int partition) {
        var name = new TopicPartition(topic, partition);
        var values = new ArrayList<String>();
        try (var consumer = consumer(isolation, "reader-of-" + topic)) {
            consumer.assign(List.of(name));
            consumer.seekToBeginning(List.of(name));
            long end = Objects.requireNonNull(consumer.endOffsets(List.of(name)).get(name));
            long deadline = System.nanoTime() + SOON.toNanos();
            while (consumer.position(name) < end) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("stuck at %d of %d".formatted(consumer.position(name), end));
                }
                consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
            }
        }
        return values;
    }

    static List<String> values(String... values) {
        return Arrays.asList(values);
    }
}
