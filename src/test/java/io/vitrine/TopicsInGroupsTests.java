package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Groups hear of topics that are made and deleted.
class TopicsInGroupsTests {
    private static final Duration POLL = Duration.ofMillis(20);
    private static final Duration WAIT = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private RunningBroker broker;
    private GroupClients clients;
    private Admin admin;

    @BeforeEach
    void start() {
        var settings = new HashMap<>(GroupClients.QUICK_GROUPS);
        settings.put("auto.create.topics.enable", "false");
        broker = RunningBroker.in(directory, settings);
        clients = new GroupClients(broker);
        admin = clients.admin();
    }

    @AfterEach
    void stop() {
        admin.close();
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void aTopicThatMatchesAPatternIsAssignedAndRevokedWhenItIsDeleted(String protocol) throws Exception {
        create("orders-a");
        try (var consumer = clients.member("group", Map.of("group.protocol", protocol, "metadata.max.age.ms", "200"))) {
            consumer.subscribe(Pattern.compile("orders-.*"));
            awaitAssigned(consumer, "orders-a");

            create("orders-b");
            awaitAssigned(consumer, "orders-a", "orders-b");

            clients.produce("orders-b", 1, 3);
            await().atMost(WAIT).until(() -> consumer.poll(POLL).count() > 0);
            admin.deleteTopics(List.of("orders-a")).all().get();
            awaitAssigned(consumer, "orders-b");
        }
    }

    @Test
    void offsetsOfADeletedTopicAreForgotten() throws Exception {
        create("orders");
        create("payments");
        for (var topic : List.of("orders", "payments")) {
            admin.alterConsumerGroupOffsets("group", Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(0)))
                    .all()
                    .get();
        }

        admin.deleteTopics(List.of("orders")).all().get();

        await().atMost(WAIT)
                .untilAsserted(() -> assertThat(admin.listConsumerGroupOffsets("group")
                                .partitionsToOffsetAndMetadata()
                                .get())
                        .containsOnlyKeys(new TopicPartition("payments", 0)));
        create("orders");
        assertThat(admin.listConsumerGroupOffsets("group")
                        .partitionsToOffsetAndMetadata()
                        .get())
                .doesNotContainKey(new TopicPartition("orders", 0));
    }

    @Test
    void groupsGoOnAfterTheirOwnTopicWasDeleted() throws Exception {
        create("orders");
        var partition = new TopicPartition("orders", 0);
        commit(partition, 1);

        admin.deleteTopics(List.of("__consumer_offsets")).all().get();

        await().atMost(WAIT).ignoreExceptions().untilAsserted(() -> {
            commit(partition, 2);
            assertThat(admin.listConsumerGroupOffsets("group")
                            .partitionsToOffsetAndMetadata()
                            .get())
                    .containsEntry(partition, new OffsetAndMetadata(2));
        });
    }

    /// Kafka reckons with the partitions that there were when it was started, and serves no group up to the next start.
    @Test
    void groupsLiveInHoweverManyPartitionsTheirTopicHas() throws Exception {
        create("orders");
        var partition = new TopicPartition("orders", 0);
        for (int count : List.of(3, 1, 60)) {
            admin.createTopics(List.of(new NewTopic("__consumer_offsets", count, (short) 1)))
                    .all()
                    .get();

            commit(partition, count);

            await().atMost(WAIT)
                    .ignoreExceptions()
                    .untilAsserted(
                            () -> assertThat(committed()).containsEntry(partition, new OffsetAndMetadata(count)));
            admin.deleteTopics(List.of("__consumer_offsets")).all().get();
        }
    }

    @Test
    void groupsStayWhereTheyAreWhenTheirTopicGrows() throws Exception {
        create("orders");
        var partition = new TopicPartition("orders", 0);
        commit(partition, 1);

        admin.createPartitions(Map.of("__consumer_offsets", NewPartitions.increaseTo(60)))
                .all()
                .get();

        assertThat(committed()).containsEntry(partition, new OffsetAndMetadata(1));
    }

    private Map<TopicPartition, OffsetAndMetadata> committed() throws Exception {
        return admin.listConsumerGroupOffsets("group")
                .partitionsToOffsetAndMetadata()
                .get();
    }

    private void commit(TopicPartition partition, long offset) throws Exception {
        admin.alterConsumerGroupOffsets("group", Map.of(partition, new OffsetAndMetadata(offset)))
                .all()
                .get();
    }

    private void create(String topic) throws Exception {
        admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
    }

    private static void awaitAssigned(KafkaConsumer<?, ?> consumer, String... topics) {
        await().atMost(WAIT).untilAsserted(() -> {
            consumer.poll(POLL);
            assertThat(consumer.assignment()).extracting(TopicPartition::topic).containsExactlyInAnyOrder(topics);
        });
    }
}
