package io.vitrine.observe;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.Partition;
import io.vitrine.partition.PartitionLogService;
import io.vitrine.partition.PartitionTotals;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/// What came in and went out, by topic. The partitions count it themselves, from before there was a web side; it is
/// summed up when somebody asks. A tag costs memory here and in whatever scrapes us, so only the first topics that
/// are written to get one of their own; all others share `other`.
final class TopicMeters {
    static final int MAX_TOPICS = 200;
    static final String OTHER = "other";

    private final MeterRegistry registry;
    private final PartitionLogService partitions;
    private final MetadataService metadata;
    private final Set<String> tagged = ConcurrentHashMap.newKeySet();
    private volatile boolean full;

    TopicMeters(MeterRegistry registry, PartitionLogService partitions, MetadataService metadata) {
        this.registry = registry;
        this.partitions = partitions;
        this.metadata = metadata;
        register(OTHER);
        partitions.partitions().stream()
                .filter(partition -> partition.totals().batches() > 0)
                .forEach(partition -> note(partition.name().topic()));
    }

    /// Notes that `topic` is written to. Called for each batch, and nearly always without effect.
    void note(String topic) {
        if (!full && !tagged.contains(topic)) {
            tag(topic);
        }
    }

    private synchronized void tag(String topic) {
        // A topic of that very name shares the tag.
        if (!full && !topic.equals(OTHER) && tagged.add(topic)) {
            register(topic);
            full = tagged.size() == MAX_TOPICS;
        }
    }

    private void register(String topic) {
        register("kafka.server.records.in", "Records appended", topic, PartitionTotals::records);
        register("kafka.server.bytes.in", "Bytes of record batches appended", topic, PartitionTotals::bytes);
        register("kafka.server.batches.in", "Record batches appended", topic, PartitionTotals::batches);
        register("kafka.server.bytes.out", "Bytes of record batches sent", topic, PartitionTotals::fetchedBytes);
    }

    private void register(String name, String description, String topic, ToLongFunction<PartitionTotals> count) {
        FunctionCounter.builder(
                        name,
                        this,
                        meters -> meters.partitionsOf(topic)
                                .map(Partition::totals)
                                .mapToLong(count)
                                .sum())
                .tag("topic", topic)
                .description(description)
                .register(registry);
    }

    private Stream<Partition> partitionsOf(String topic) {
        if (topic.equals(OTHER)) {
            return partitions.partitions().stream()
                    .filter(partition -> !tagged.contains(partition.name().topic()));
        }
        return metadata.image().findTopic(topic).stream()
                .flatMap(found -> found.partitions().stream())
                .map(state -> partitions.find(new TopicPartition(topic, state.index())))
                .flatMap(Optional::stream);
    }
}
