package io.vitrine.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitrine.RunningBroker;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupTimelineMetersTests {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);

    @TempDir
    Path directory;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void lagIsThatOfCommittedOffsets() {
        try (var broker = RunningBroker.in(directory, Map.of("offsets.topic.num.partitions", "1"))) {
            broker.createTopic("orders", 1);
            produce(broker, 10);
            for (int i = 0; i < GroupLagMeters.MAX_GROUPS + 2; i++) {
                commit(broker, "group-%03d".formatted(i), i % 10);
            }
            var parts = broker.broker();
            new GroupTimelineMeters(parts.groups(), parts.timelines(), parts.partitions()).bindTo(registry);
            new GroupLagMeters(registry, parts.groups(), parts.partitions())
                    .look()
                    .join();

            assertThat(lag("sum", "group-003")).isEqualTo(7);
            assertThat(lag("max", "group-009")).isEqualTo(1);
            assertThat(lag("sum", GroupLagMeters.OTHER)).isEqualTo(10 + 9);
            // A client asks again while the groups are being loaded.
            assertThat(registry.get("kafka.group.commits").functionCounter().count())
                    .isGreaterThanOrEqualTo(GroupLagMeters.MAX_GROUPS + 2);
        }
    }

    @Test
    void aScrapeHasTheGroupsLookedAt() {
        try (var broker = RunningBroker.in(directory, Map.of("offsets.topic.num.partitions", "1"))) {
            broker.createTopic("orders", 1);
            commit(broker, "readers", 0);
            new GroupTimelineMeters(
                            broker.broker().groups(),
                            broker.broker().timelines(),
                            broker.broker().partitions())
                    .bindTo(registry);

            await().untilAsserted(() -> assertThat(
                            registry.get("kafka.group.total").gauge().value())
                    .isEqualTo(1));
        }
    }

    private double lag(String which, String group) {
        return registry.get("kafka.group.lag." + which)
                .tag("group", group)
                .gauge()
                .value();
    }

    private static void commit(RunningBroker broker, String group, long offset) {
        try (var member = new KafkaConsumer<>(
                Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers(), "group.id", group),
                new StringDeserializer(),
                new StringDeserializer())) {
            member.assign(List.of(ORDERS));
            member.commitSync(Map.of(ORDERS, new OffsetAndMetadata(offset)));
        }
    }

    private static void produce(RunningBroker broker, int count) {
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers()),
                new StringSerializer(),
                new StringSerializer())) {
            for (int i = 0; i < count; i++) {
                producer.send(new ProducerRecord<>("orders", "value"));
            }
        }
    }
}
