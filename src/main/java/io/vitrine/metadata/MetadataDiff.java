package io.vitrine.metadata;

import io.vitrine.metadata.MetadataChange.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Finds what is different between two moments. A topic that was deleted and made again under its name is another
/// topic: one that went and one that came.
public final class MetadataDiff {
    private final List<MetadataChange> changes = new ArrayList<>();

    private MetadataDiff() {}

    /// All that is different, by kind and name.
    public static List<MetadataChange> between(PastMetadata before, PastMetadata after) {
        var diff = new MetadataDiff();
        diff.topics(before.cluster(), after.cluster());
        diff.configs(before.configs(), after.configs());
        diff.fields(
                Kind.FEATURE, "", before.cluster().features(), after.cluster().features());
        diff.field(Kind.PRODUCER_IDS, "", "nextProducerId", before.nextProducerId(), after.nextProducerId());
        diff.nodes(Kind.BROKER, before.brokers(), after.brokers());
        diff.nodes(Kind.CONTROLLER, before.controllers(), after.controllers());
        diff.fields(Kind.TOTAL, "", totals(before.totals()), totals(after.totals()));
        return diff.changes;
    }

    private void topics(ClusterImage before, ClusterImage after) {
        var names = new TreeMap<String, Boolean>();
        before.topics().forEach(topic -> names.put(topic.name(), true));
        after.topics().forEach(topic -> names.put(topic.name(), true));
        for (var name : names.keySet()) {
            @Nullable Topic former = before.findTopic(name).orElse(null);
            @Nullable Topic latter = after.findTopic(name).orElse(null);
            if (former != null && latter != null && former.id().equals(latter.id())) {
                partitions(former, latter);
                fields(Kind.CONFIG, "TOPIC " + name, former.configs(), latter.configs());
            } else {
                cameOrWent(former, latter);
            }
        }
    }

    private void cameOrWent(@Nullable Topic former, @Nullable Topic latter) {
        if (former != null) {
            changes.add(new MetadataChange(Kind.TOPIC, former.name(), "", summary(former), null));
        }
        if (latter != null) {
            changes.add(new MetadataChange(Kind.TOPIC, latter.name(), "", null, summary(latter)));
        }
    }

    private static Map<String, Object> summary(Topic topic) {
        return new TreeMap<>(Map.of(
                "id", topic.id().toString(),
                "partitions", topic.partitions().size(),
                "configs", new TreeMap<>(topic.configs())));
    }

    private void partitions(Topic former, Topic latter) {
        int count = Math.max(former.partitions().size(), latter.partitions().size());
        for (int index = 0; index < count; index++) {
            var subject = latter.name() + "-" + index;
            var before = former.findPartition(index).map(MetadataDiff::partition);
            var after = latter.findPartition(index).map(MetadataDiff::partition);
            if (before.isPresent() && after.isPresent()) {
                fields(Kind.PARTITION, subject, before.get(), after.get());
            } else {
                changes.add(new MetadataChange(Kind.PARTITION, subject, "", before.orElse(null), after.orElse(null)));
            }
        }
    }

    private static SortedMap<String, Object> partition(TopicPartitionState state) {
        return new TreeMap<>(Map.of(
                "leader", state.leader(),
                "leaderEpoch", state.leaderEpoch(),
                "partitionEpoch", state.partitionEpoch(),
                "replicas", state.replicas(),
                "inSyncReplicas", state.inSyncReplicas(),
                "directories",
                        state.directories().stream().map(Object::toString).toList()));
    }

    private void configs(Map<String, Map<String, String>> before, Map<String, Map<String, String>> after) {
        var resources = new TreeMap<>(before);
        resources.putAll(after);
        for (var resource : resources.keySet()) {
            fields(
                    Kind.CONFIG,
                    resource,
                    before.getOrDefault(resource, Map.of()),
                    after.getOrDefault(resource, Map.of()));
        }
    }

    private void nodes(Kind kind, List<PastMetadata.Node> before, List<PastMetadata.Node> after) {
        var formers = byId(before);
        var latters = byId(after);
        var ids = new TreeMap<>(formers);
        ids.putAll(latters);
        for (var id : ids.keySet()) {
            @Nullable Map<String, Object> former = formers.get(id);
            @Nullable Map<String, Object> latter = latters.get(id);
            if (former != null && latter != null) {
                fields(kind, String.valueOf(id), former, latter);
            } else {
                changes.add(new MetadataChange(kind, String.valueOf(id), "", former, latter));
            }
        }
    }

    private static SortedMap<Integer, Map<String, Object>> byId(List<PastMetadata.Node> nodes) {
        var found = new TreeMap<Integer, Map<String, Object>>();
        for (var node : nodes) {
            found.put(
                    node.id(),
                    new TreeMap<>(Map.of(
                            "epoch", node.epoch(),
                            "incarnationId", node.incarnationId().toString(),
                            "fenced", node.fenced(),
                            "inControlledShutdown", node.inControlledShutdown(),
                            "listeners", node.listeners(),
                            "directories",
                                    node.directories().stream()
                                            .map(Object::toString)
                                            .toList())));
        }
        return found;
    }

    private static Map<String, Integer> totals(PastMetadata.Totals totals) {
        return Map.of(
                "acls", totals.acls(),
                "quotas", totals.quotas(),
                "scramUsers", totals.scramUsers(),
                "delegationTokens", totals.delegationTokens());
    }

    private void fields(Kind kind, String subject, Map<String, ?> before, Map<String, ?> after) {
        var names = new TreeMap<String, Object>(before);
        names.putAll(after);
        for (var name : names.keySet()) {
            field(kind, subject, name, before.get(name), after.get(name));
        }
    }

    private void field(Kind kind, String subject, String name, @Nullable Object before, @Nullable Object after) {
        if (!Objects.equals(before, after)) {
            changes.add(new MetadataChange(kind, subject, name, before, after));
        }
    }
}
