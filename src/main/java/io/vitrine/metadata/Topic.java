package io.vitrine.metadata;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.common.Uuid;

/// A topic as the metadata log describes it.
///
/// @param partitions in order of their index, which has no gaps
/// @param configs the values set on the topic itself, by Kafka's name; defaults are not listed
public record Topic(String name, Uuid id, List<TopicPartitionState> partitions, Map<String, String> configs) {
    private static final Pattern LEGAL_NAME = Pattern.compile("[a-zA-Z0-9._-]{1,249}");

    /// Topics of Kafka's own, which its coordinators make and write; clients may only read them.
    private static final Set<String> INTERNAL_NAMES =
            Set.of("__consumer_offsets", "__transaction_state", "__share_group_state", "__cluster_metadata");

    public Topic {
        partitions = List.copyOf(partitions);
        configs = Map.copyOf(configs);
    }

    /// Why no topic can have this name, in Kafka's words; empty if one can.
    public static Optional<String> findFaultOf(String name) {
        return TopicNames.findFault(name);
    }

    /// May a topic have this name? It becomes part of a directory's name, so nothing else may pass at any door.
    public static boolean isLegal(String name) {
        return LEGAL_NAME.matcher(name).matches() && !name.equals(".") && !name.equals("..");
    }

    /// Is that the name of one of Kafka's own topics, whether it exists or not?
    public static boolean isInternal(String name) {
        return INTERNAL_NAMES.contains(name);
    }

    /// Finds one partition; empty for an index the topic does not have.
    public Optional<TopicPartitionState> findPartition(int index) {
        return index >= 0 && index < partitions.size() ? Optional.of(partitions.get(index)) : Optional.empty();
    }

    /// Is the topic one of Kafka's own, such as `__consumer_offsets`?
    public boolean isInternal() {
        return isInternal(name);
    }
}
