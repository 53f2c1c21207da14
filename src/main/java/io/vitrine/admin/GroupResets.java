package io.vitrine.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vitrine.admin.ResetBody.Wish;
import io.vitrine.group.CommittedOffset;
import io.vitrine.group.GroupChanges;
import io.vitrine.group.GroupDirectory;
import io.vitrine.group.OffsetReset;
import io.vitrine.group.OffsetResetPlan;
import io.vitrine.group.ResetTarget;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.PartitionLogService;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// Moves what groups have committed, as Kafka's own tool does: only while a group has no members, and never out of
/// the log.
@Component
class GroupResets {
    private final GroupDirectory groups;
    private final GroupChanges changes;
    private final OffsetResetPlan plan;
    private final LogLookup lookup;

    GroupResets(GroupDirectory groups, GroupChanges changes, PartitionLogService partitions, LogLookup lookup) {
        this.groups = groups;
        this.changes = changes;
        this.plan = new OffsetResetPlan(partitions);
        this.lookup = lookup;
    }

    /// @param dryRun tell only what would be done
    ResetView reset(String groupId, List<Wish> wishes, boolean dryRun) {
        var group = GroupCall.await(groups.describe(groupId));
        if (!group.members().isEmpty()) {
            throw GroupProblem.of(
                    KafkaError.NON_EMPTY_GROUP.name(),
                    "Group '%s' is %s and has %d members; offsets can be reset when it has none."
                            .formatted(
                                    groupId,
                                    group.summary().state(),
                                    group.members().size()));
        }
        Map<TopicPartition, Long> committed = GroupCall.await(groups.offsets(groupId)).stream()
                .collect(Collectors.toMap(
                        CommittedOffset::partition,
                        CommittedOffset::offset,
                        (_, second) -> second,
                        LinkedHashMap::new));
        var targets = targets(wishes, committed.keySet());
        var resets = targets.entrySet().stream()
                .map(target -> plan.plan(target.getKey(), committed.get(target.getKey()), target.getValue()))
                .toList();
        var refused = dryRun ? Map.<TopicPartition, String>of() : commit(groupId, resets);
        return new ResetView(
                dryRun,
                resets.stream()
                        .map(reset -> ResetItem.of(reset, refused.get(reset.partition())))
                        .toList());
    }

    /// Where each partition is to go; the last wish counts where several name one.
    private Map<TopicPartition, ResetTarget> targets(List<Wish> wishes, Set<TopicPartition> committed) {
        var targets = new LinkedHashMap<TopicPartition, ResetTarget>();
        for (var wish : wishes) {
            var topic = wish.topic();
            var partition = wish.partition();
            if (topic == null) {
                committed.forEach(name -> targets.put(name, wish.target()));
                continue;
            }
            var found = lookup.topic(topic);
            if (partition != null) {
                targets.put(
                        new TopicPartition(
                                topic, lookup.partition(found, partition).index()),
                        wish.target());
            } else {
                found.partitions()
                        .forEach(state -> targets.put(new TopicPartition(topic, state.index()), wish.target()));
            }
        }
        return targets;
    }

    /// @return the partitions that were not written, and why
    private Map<TopicPartition, String> commit(String groupId, List<OffsetReset> resets) {
        var offsets = new LinkedHashMap<TopicPartition, Long>();
        for (var reset : resets) {
            var after = reset.after();
            if (after != null) {
                offsets.put(reset.partition(), after);
            }
        }
        if (offsets.isEmpty()) {
            return Map.of();
        }
        var refused = GroupCall.await(changes.commit(groupId, offsets));
        if (refused.size() == offsets.size()) {
            throw GroupCall.problem(refused.getFirst().reason());
        }
        return refused.stream()
                .collect(Collectors.toMap(
                        GroupChanges.Refusal::partition,
                        refusal -> refusal.reason().errorName()));
    }

    record ResetView(boolean dryRun, List<ResetItem> items) {}

    /// @param after absent where nothing is or would be written
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ResetItem(
            String topic,
            int partition,
            @Nullable Long before,
            @Nullable Long after,
            @Nullable Long logStartOffset,
            @Nullable Long endOffset,
            @Nullable String note) {
        static ResetItem of(OffsetReset reset, @Nullable String refused) {
            return new ResetItem(
                    reset.partition().topic(),
                    reset.partition().partition(),
                    reset.before(),
                    refused == null ? reset.after() : null,
                    reset.logStartOffset(),
                    reset.endOffset(),
                    refused == null ? reset.note() : "not moved: " + refused);
        }
    }
}
