package io.vitrine;

import static io.vitrine.GroupClients.QUICK_GROUPS;
import static io.vitrine.GroupClients.settle;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// A running broker with its web side, and clients that are in groups. Each test has a group and topics of its own.
@TestInstance(Lifecycle.PER_CLASS)
abstract class GroupRestScenario {
    static final Map<String, String> CONSUMER = Map.of("group.protocol", "consumer");

    @TempDir
    static Path directory;

    RunningBroker broker;
    GroupClients clients;
    Rest rest;

    @BeforeAll
    void start() {
        broker = RunningBroker.in(directory, QUICK_GROUPS);
        clients = new GroupClients(broker);
        rest = new Rest(broker);
        broker.createTopic("idle", 2);
        clients.produce("idle", 2, 10);
    }

    @AfterAll
    void stop() {
        rest.close();
        broker.close();
    }

    void topic(String name, int partitions, int records) {
        broker.createTopic(name, partitions);
        clients.produce(name, partitions, records);
    }

    static Map<TopicPartition, Integer> join(
            String topic, int partitions, List<KafkaConsumer<String, String>> members) {
        for (var member : members) {
            member.subscribe(List.of(topic));
        }
        return settle(GroupClients.partitions(topic, partitions), members);
    }

    static void commit(KafkaConsumer<String, String> member, String topic, long offset, String metadata) {
        member.assignment().stream()
                .filter(partition -> partition.topic().equals(topic))
                .forEach(partition -> member.commitSync(Map.of(partition, new OffsetAndMetadata(offset, metadata))));
    }

    /// Commits offsets for a group without members, by `topic-partition`.
    void alter(String group, Map<String, Long> offsets) {
        var committed = new HashMap<TopicPartition, OffsetAndMetadata>();
        offsets.forEach((name, offset) -> {
            int dash = name.lastIndexOf('-');
            committed.put(
                    new TopicPartition(name.substring(0, dash), Integer.parseInt(name.substring(dash + 1))),
                    new OffsetAndMetadata(offset));
        });
        try (var admin = clients.admin()) {
            admin.alterConsumerGroupOffsets(group, committed).all().get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("Nothing could be committed for '%s'".formatted(group), e);
        }
    }

    static TopicPartition ownedBy(Map<TopicPartition, Integer> owners, int member) {
        return owners.entrySet().stream()
                .filter(owner -> owner.getValue() == member)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }

    static JsonNode find(JsonNode items, String name, String value) {
        return StreamSupport.stream(items.spliterator(), false)
                .filter(item -> item.path(name).asString("?").equals(value))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no %s '%s' in %s".formatted(name, value, items)));
    }

    static List<String> text(JsonNode node, String... names) {
        return List.of(names).stream().map(name -> node.path(name).asString()).toList();
    }

    static List<Integer> numbers(JsonNode node, String... names) {
        return List.of(names).stream().map(name -> node.path(name).asInt()).toList();
    }
}
