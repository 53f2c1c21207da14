package io.vitrine;

import io.vitrine.coordinator.TapListener;
import io.vitrine.coordinator.TappedRecord;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupMemberMetadataKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupMetadataKey;
import org.apache.kafka.coordinator.group.generated.GroupMetadataKey;
import org.apache.kafka.coordinator.group.generated.GroupMetadataValue;
import org.apache.kafka.coordinator.group.generated.GroupMetadataValue.MemberMetadata;

/// Counts what the coordinator writes of the only group: how often members came and went, and how often the group
/// shared out its partitions.
final class GroupCensus implements TapListener {
    private final Set<String> members = new HashSet<>();
    private int changes;
    private int generations;

    /// @param changes members that came or went
    /// @param generations generations of a classic group, or epochs
    record Count(int changes, int generations) {
        Count since(Count before) {
            return new Count(changes - before.changes, generations - before.generations);
        }
    }

    synchronized Count count() {
        return new Count(changes, generations);
    }

    @Override
    public synchronized void recorded(TappedRecord record) {
        switch (record.key()) {
            case GroupMetadataKey _ -> {
                if (record.value() instanceof GroupMetadataValue generation) {
                    generations++;
                    replace(generation.members().stream()
                            .map(MemberMetadata::memberId)
                            .collect(Collectors.toSet()));
                }
            }
            case ConsumerGroupMetadataKey _ -> generations++;
            case ConsumerGroupMemberMetadataKey key -> {
                boolean changed = record.value() == null ? members.remove(key.memberId()) : members.add(key.memberId());
                changes += changed ? 1 : 0;
            }
            default -> {
                // Tells nothing of either.
            }
        }
    }

    private void replace(Set<String> now) {
        changes +=
                (int) now.stream().filter(member -> !members.contains(member)).count();
        changes +=
                (int) members.stream().filter(member -> !now.contains(member)).count();
        members.clear();
        members.addAll(now);
    }
}
