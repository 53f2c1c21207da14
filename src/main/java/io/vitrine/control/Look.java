package io.vitrine.control;

import io.vitrine.group.CommittedOffset;
import io.vitrine.group.GroupDescription;
import io.vitrine.group.GroupDirectory;
import io.vitrine.group.GroupMember;
import io.vitrine.group.GroupRefusedException;
import io.vitrine.log.Offsets;
import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.Partition;
import io.vitrine.partition.PartitionLogService;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Looks whether a wish is fulfilled, and notes what it has found.
final class Look {
    private static final String STABLE = "Stable";
    private static final int PARTITIONS_SHOWN = 20;

    private final MetadataService metadata;
    private final PartitionLogService partitions;
    private final GroupDirectory groups;

    Look(MetadataService metadata, PartitionLogService partitions, GroupDirectory groups) {
        this.metadata = metadata;
        this.partitions = partitions;
        this.groups = groups;
    }

    /// What was found.
    record Found(boolean reached, Map<String, @Nullable Object> state) {}

    /// @param patienceNanos how long to wait for the coordinator of groups
    Found at(Wish wish, long patienceNanos) throws InterruptedException {
        return switch (wish) {
            case Wish.TopicReady(String topic) -> topic(topic);
            case Wish.EndOffset(TopicPartition partition, long offset) -> endOffset(partition, offset);
            case Wish.GroupStable(String group, int members) -> stable(group, members, patienceNanos);
            case Wish.GroupLag(String group, long atMost) -> lag(group, atMost, patienceNanos);
        };
    }

    private Found topic(String name) {
        var state = new LinkedHashMap<String, @Nullable Object>();
        var topic = metadata.image().findTopic(name);
        state.put("exists", topic.isPresent());
        if (topic.isEmpty()) {
            return new Found(false, state);
        }
        var unready = new TreeMap<Integer, String>();
        topic.get().partitions().forEach(partition -> {
            var hosted = partitions.find(new TopicPartition(name, partition.index()));
            if (hosted.isEmpty()) {
                unready.put(partition.index(), "it is not hosted here");
            } else {
                hosted.get().offlineReason().ifPresent(reason -> unready.put(partition.index(), reason));
            }
        });
        state.put("partitions", topic.get().partitions().size());
        state.put("unready", unready);
        return new Found(unready.isEmpty(), state);
    }

    private Found endOffset(TopicPartition name, long offset) {
        var state = new LinkedHashMap<String, @Nullable Object>();
        var partition = partitions.find(name);
        var marks = partition.flatMap(Partition::findOffsets);
        state.put("exists", partition.isPresent());
        state.put("endOffset", marks.map(Offsets::highWatermark).orElse(null));
        partition.flatMap(Partition::offlineReason).ifPresent(reason -> state.put("offlineReason", reason));
        return new Found(marks.isPresent() && marks.get().highWatermark() >= offset, state);
    }

    private Found stable(String group, int members, long patienceNanos) throws InterruptedException {
        var state = new LinkedHashMap<String, @Nullable Object>();
        @Nullable GroupDescription found = ask(groups.describe(group), state, patienceNanos);
        if (found == null) {
            return new Found(false, state);
        }
        state.put("state", found.summary().state());
        state.put("members", found.members().size());
        return new Found(
                found.summary().state().equals(STABLE) && found.members().size() == members, state);
    }

    private Found lag(String group, long atMost, long patienceNanos) throws InterruptedException {
        var state = new LinkedHashMap<String, @Nullable Object>();
        @Nullable GroupDescription found = ask(groups.describe(group), state, patienceNanos);
        @Nullable
        List<CommittedOffset> committed = found == null ? null : ask(groups.offsets(group), state, patienceNanos);
        if (found == null || committed == null) {
            return new Found(false, state);
        }
        var positions = new TreeMap<TopicPartition, @Nullable Long>(
                Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition));
        found.members().stream()
                .map(GroupMember::assigned)
                .forEach(all -> all.forEach(one -> positions.put(one, null)));
        committed.forEach(offset -> positions.put(offset.partition(), offset.offset()));
        long total = 0;
        var behind = new ArrayList<Behind>();
        for (var position : positions.entrySet()) {
            long lag = lag(position.getKey(), position.getValue());
            total += lag;
            if (lag > 0 && behind.size() < PARTITIONS_SHOWN) {
                behind.add(new Behind(position.getKey().toString(), position.getValue(), lag));
            }
        }
        state.put("partitions", positions.size());
        state.put("lag", total);
        state.put("behind", behind);
        return new Found(!positions.isEmpty() && total <= atMost, state);
    }

    /// A partition that is not read to its end.
    ///
    /// @param committed null if nothing is
    record Behind(String partition, @Nullable Long committed, long lag) {}

    private long lag(TopicPartition partition, @Nullable Long committed) {
        return partitions
                .find(partition)
                .flatMap(Partition::findOffsets)
                .map(marks ->
                        Math.max(0, marks.highWatermark() - (committed == null ? marks.logStartOffset() : committed)))
                .orElse(0L);
    }

    /// Null if the coordinator has nothing to say, which `state` explains then.
    private static <T> @Nullable T ask(
            CompletableFuture<T> asked, Map<String, @Nullable Object> state, long patienceNanos)
            throws InterruptedException {
        try {
            return asked.get(patienceNanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            state.put("reason", "the coordinator has not answered yet");
        } catch (ExecutionException e) {
            var failure = GroupDirectory.failure(e.getCause() == null ? e : e.getCause());
            if (!(failure instanceof GroupRefusedException refusal)) {
                throw failure;
            }
            state.put("reason", "%s: %s".formatted(refusal.errorName(), refusal.getMessage()));
        }
        return null;
    }
}
