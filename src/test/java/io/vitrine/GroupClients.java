package io.vitrine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// Kafka's Java clients as members of groups.
final class GroupClients {
    private static final Duration POLL = Duration.ofMillis(20);

    /// So that a group need not wait for members that do not come, and members hear of each other soon.
    static final Map<String, String> QUICK_GROUPS = Map.of(
            "group.initial.rebalance.delay.ms", "0",
            "group.min.session.timeout.ms", "1000",
            "group.consumer.min.heartbeat.interval.ms", "100",
            "group.consumer.heartbeat.interval.ms", "100",
            "group.consumer.assignment.interval.ms", "0",
            "offsets.topic.num.partitions", "4");

    private final String bootstrapServers;

    GroupClients(RunningBroker broker) {
        this(broker.bootstrapServers());
    }

    GroupClients(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    /// A member of `group`, which does not commit by itself.
    KafkaConsumer<String, String> member(String group, Map<String, ?> more) {
        var settings = new HashMap<String, Object>();
        settings.put("bootstrap.servers", bootstrapServers);
        settings.put("group.id", group);
        settings.put("enable.auto.commit", "false");
        settings.put("auto.offset.reset", "earliest");
        settings.put("retry.backoff.ms", "20");
        settings.put("reconnect.backoff.ms", "20");
        if (!"consumer".equals(more.get("group.protocol"))) {
            settings.put("heartbeat.interval.ms", "100");
        }
        settings.putAll(more);
        return new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
    }

    Admin admin() {
        return admin(Map.of());
    }

    Admin admin(Map<String, ?> more) {
        var settings = new HashMap<String, Object>(more);
        settings.put("bootstrap.servers", bootstrapServers);
        settings.put("retry.backoff.ms", "20");
        return Admin.create(settings);
    }

    /// Writes `count` records into each of the first `partitions` partitions.
    void produce(String topic, int partitions, int count) {
        produce(topic, partitions, count, Map.of());
    }

    /// Does the same with more settings of the producer.
    void produce(String topic, int partitions, int count, Map<String, String> more) {
        var settings = new HashMap<String, Object>(Map.of("bootstrap.servers", bootstrapServers, "linger.ms", "1"));
        settings.putAll(more);
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < partitions * count; i++) {
                producer.send(new ProducerRecord<>(topic, i % partitions, "key", "value-" + i / partitions));
            }
            producer.flush();
        }
    }

    /// Polls until `count` records have come.
    static List<ConsumerRecord<String, String>> poll(KafkaConsumer<String, String> member, int count) {
        var records = new ArrayList<ConsumerRecord<String, String>>();
        long deadline = deadline();
        while (records.size() < count && System.nanoTime() < deadline) {
            member.poll(POLL).forEach(records::add);
        }
        return records;
    }

    /// Polls all members in turn until each partition of `topics` is assigned to one of them and each has as many as
    /// is fair.
    static Map<TopicPartition, Integer> settle(
            Set<TopicPartition> partitions, List<KafkaConsumer<String, String>> members) {
        long deadline = deadline();
        while (System.nanoTime() < deadline) {
            members.forEach(member -> member.poll(POLL));
            var owners = owners(members);
            int least = partitions.size() / members.size();
            boolean fair =
                    members.stream().allMatch(member -> member.assignment().size() >= least);
            int assigned = members.stream()
                    .mapToInt(member -> member.assignment().size())
                    .sum();
            if (fair && assigned == partitions.size() && owners.keySet().equals(partitions)) {
                return owners;
            }
        }
        throw new AssertionError("the group does not settle: "
                + members.stream()
                        .map(KafkaConsumer::assignment)
                        .map(Set::toString)
                        .collect(Collectors.joining(" | ")));
    }

    /// Which member reads what, by the member's index.
    static Map<TopicPartition, Integer> owners(List<KafkaConsumer<String, String>> members) {
        var owners = new HashMap<TopicPartition, Integer>();
        for (int i = 0; i < members.size(); i++) {
            for (var partition : members.get(i).assignment()) {
                owners.put(partition, i);
            }
        }
        return owners;
    }

    static Set<TopicPartition> partitions(String topic, int count) {
        return IntStream.range(0, count)
                .mapToObj(index -> new TopicPartition(topic, index))
                .collect(Collectors.toSet());
    }

    /// What a group has committed, by `topic-partition`.
    Map<String, Long> committed(String group) {
        try (var admin = admin()) {
            var offsets = new TreeMap<String, Long>();
            admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .forEach((partition, offset) -> offsets.put(partition.toString(), offset.offset()));
            return offsets;
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("The offsets of %s can't be had".formatted(group), e);
        }
    }

    private static long deadline() {
        return System.nanoTime() + Duration.ofSeconds(30).toNanos();
    }
}
