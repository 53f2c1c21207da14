package io.vitrine.lint;

import io.vitrine.definition.BrokerConfigs;
import io.vitrine.definition.DescribedConfig;
import io.vitrine.definition.TopicConfigs;
import io.vitrine.group.GroupDescription;
import io.vitrine.group.GroupDirectory;
import io.vitrine.group.GroupSummary;
import io.vitrine.group.GroupType;
import io.vitrine.lint.LintFacts.Clients;
import io.vitrine.lint.LintFacts.Group;
import io.vitrine.lint.LintFacts.Listener;
import io.vitrine.lint.LintFacts.Producers;
import io.vitrine.lint.LintFacts.Topic;
import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.Partition;
import io.vitrine.partition.PartitionLogService;
import io.vitrine.protocol.ProduceCounters;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Applies the rules to this broker as it is.
public final class ProductionLint {
    /// In groups of other kinds several members may read one partition.
    private static final Set<GroupType> SHARING_OUT = EnumSet.of(GroupType.CLASSIC, GroupType.CONSUMER);

    private final MetadataService metadata;
    private final PartitionLogService partitions;
    private final GroupDirectory groups;
    private final ProduceCounters produced;
    private final List<Listener> listeners;
    private final Supplier<Clients> clients;

    public ProductionLint(
            MetadataService metadata,
            PartitionLogService partitions,
            GroupDirectory groups,
            ProduceCounters produced,
            List<Listener> listeners,
            Supplier<Clients> clients) {
        this.metadata = metadata;
        this.partitions = partitions;
        this.groups = groups;
        this.produced = produced;
        this.listeners = List.copyOf(listeners);
        this.clients = clients;
    }

    /// A rule and where it has found something.
    public record Outcome(LintRule rule, List<LintFinding> findings) {
        public Outcome {
            findings = List.copyOf(findings);
        }
    }

    /// All rules, the worst first; most of them have found nothing.
    public CompletableFuture<List<Outcome>> examine() {
        return groups.list()
                .thenApply(all -> all.stream()
                        .filter(group -> SHARING_OUT.contains(group.type()))
                        .toList())
                .thenCompose(this::describe)
                .thenApply(described -> {
                    var facts = facts(described);
                    return Lint.rules().stream()
                            .map(rule -> new Outcome(rule, rule.check().apply(facts)))
                            .toList();
                });
    }

    private CompletableFuture<Map<String, GroupDescription>> describe(List<GroupSummary> wanted) {
        return wanted.isEmpty() ? CompletableFuture.completedFuture(Map.of()) : groups.describe(wanted);
    }

    private LintFacts facts(Map<String, GroupDescription> described) {
        return new LintFacts(
                values(BrokerConfigs.describe(metadata.brokerConfigs())),
                metadata.image().topics().stream()
                        .filter(topic -> !topic.isInternal())
                        .map(this::topic)
                        .toList(),
                described.values().stream().map(this::group).toList(),
                listeners,
                new Producers(produced.none(), produced.leader(), produced.all()),
                clients.get());
    }

    private Topic topic(io.vitrine.metadata.Topic topic) {
        return new Topic(
                topic.name(),
                topic.partitions().size(),
                topic.partitions().stream()
                        .mapToInt(partition -> partition.replicas().size())
                        .min()
                        .orElse(0),
                topic.partitions().stream()
                        .flatMap(partition ->
                                partitions.find(new TopicPartition(topic.name(), partition.index())).stream())
                        .mapToLong(Partition::sizeInBytes)
                        .sum(),
                values(TopicConfigs.describe(topic.configs(), metadata.brokerConfigs())));
    }

    private Group group(GroupDescription group) {
        int wanted = group.members().stream()
                .flatMap(member -> Stream.ofNullable(member.subscription()))
                .flatMap(subscription -> subscription.topics().stream())
                .distinct()
                .flatMap(name -> metadata.image().findTopic(name).stream())
                .mapToInt(topic -> topic.partitions().size())
                .sum();
        long assigned = group.members().stream()
                .flatMap(member -> member.assigned().stream())
                .distinct()
                .count();
        // Where patterns are subscribed to, what has been shared out is all that is known.
        return new Group(group.summary().id(), group.members().size(), Math.max(wanted, (int) assigned));
    }

    private static Map<String, String> values(Collection<DescribedConfig> configs) {
        var values = new HashMap<String, String>();
        configs.stream()
                .filter(config -> config.value() != null)
                .forEach(config -> values.put(config.name(), Objects.requireNonNull(config.value())));
        return values;
    }
}
