package io.vitrine;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/// Everything that a client can see in a broker: topics with their ids, each partition's extent and records, and what
/// groups have committed. Two brokers on the same directory have the same one.
///
/// @param records by partition, each as one line of text: offset, time, key, value, headers
/// @param groups by id; what is committed by partition
record Inventory(
        Map<String, String> topicIds,
        Map<String, String> extents,
        Map<String, List<String>> records,
        Map<String, Map<String, String>> groups) {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /// Takes stock of the topics named and of the groups named, whatever else there is.
    ///
    /// @param isolation `read_uncommitted` or `read_committed`
    static Inventory of(String bootstrapServers, String isolation, List<String> topics, List<String> groups)
            throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            var described = admin.describeTopics(topics).allTopicNames().get(60, TimeUnit.SECONDS);
            var partitions =
                    described.values().stream().flatMap(Inventory::partitions).toList();
            var starts = offsets(admin, partitions, OffsetSpec.earliest());
            var ends = offsets(admin, partitions, OffsetSpec.latest());
            var readable = isolation.equals("read_committed") ? stable(admin, partitions) : ends;
            var ids = new TreeMap<String, String>();
            described.forEach((name, topic) -> ids.put(name, topic.topicId().toString()));
            var extents = new TreeMap<String, String>();
            partitions.forEach(partition ->
                    extents.put(partition.toString(), offset(starts, partition) + ".." + offset(ends, partition)));
            var committed = new TreeMap<String, Map<String, String>>();
            for (var group : groups) {
                committed.put(group, committed(admin, group));
            }
            return new Inventory(ids, extents, records(bootstrapServers, isolation, partitions, readable), committed);
        }
    }

    /// The records of one partition.
    List<String> recordsOf(String topic, int partition) {
        return Objects.requireNonNull(records.get(topic + "-" + partition));
    }

    private static Stream<TopicPartition> partitions(TopicDescription topic) {
        return topic.partitions().stream().map(partition -> new TopicPartition(topic.name(), partition.partition()));
    }

    private static Map<TopicPartition, ListOffsetsResultInfo> offsets(
            Admin admin, List<TopicPartition> partitions, OffsetSpec spec) throws Exception {
        var wanted = partitions.stream().collect(Collectors.toMap(partition -> partition, _ -> spec));
        return admin.listOffsets(wanted).all().get(60, TimeUnit.SECONDS);
    }

    private static Map<TopicPartition, ListOffsetsResultInfo> stable(Admin admin, List<TopicPartition> partitions)
            throws Exception {
        var wanted = partitions.stream().collect(Collectors.toMap(partition -> partition, _ -> OffsetSpec.latest()));
        return admin.listOffsets(wanted, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                .all()
                .get(60, TimeUnit.SECONDS);
    }

    private static long offset(Map<TopicPartition, ListOffsetsResultInfo> offsets, TopicPartition partition) {
        return Objects.requireNonNull(offsets.get(partition)).offset();
    }

    private static Map<String, String> committed(Admin admin, String group) throws Exception {
        var found = new TreeMap<String, String>();
        admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get(60, TimeUnit.SECONDS)
                .forEach((partition, offset) ->
                        found.put(partition.toString(), offset.offset() + " '" + offset.metadata() + "'"));
        return found;
    }

    private static Map<String, List<String>> records(
            String bootstrapServers,
            String isolation,
            List<TopicPartition> partitions,
            Map<TopicPartition, ListOffsetsResultInfo> ends) {
        var settings = new HashMap<String, Object>(Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "isolation.level",
                isolation,
                "auto.offset.reset",
                "earliest",
                "enable.auto.commit",
                "false"));
        var records = new TreeMap<String, List<String>>();
        partitions.forEach(partition -> records.put(partition.toString(), new ArrayList<>()));
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < offset(ends, partition))) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("Not everything could be read within a minute");
                }
                for (var record : consumer.poll(Duration.ofMillis(200))) {
                    Objects.requireNonNull(records.get(record.topic() + "-" + record.partition()))
                            .add(line(record));
                }
            }
        }
        return records;
    }

    private static String line(ConsumerRecord<String, String> record) {
        var headers = Stream.of(record.headers().toArray())
                .map(header -> header.key() + ":" + new String(header.value(), StandardCharsets.UTF_8))
                .toList();
        return "%d @%d %s=%s %s".formatted(record.offset(), record.timestamp(), record.key(), record.value(), headers);
    }
}
