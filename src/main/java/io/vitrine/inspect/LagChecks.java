package io.vitrine.inspect;

import io.vitrine.group.CommittedOffset;
import io.vitrine.inspect.Finding.Kind;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.Partition;
import io.vitrine.partition.PartitionLogService;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Looks whether a group falls behind although it commits, by what was seen when it was looked at before. Nobody else
/// looks, so the first time tells nothing. Thread-safe.
final class LagChecks {
    private static final int MAX_GROUPS = 200;
    private static final int MAX_PARTITIONS = 10_000;
    private static final int MAX_LOOKS = 6;
    private static final long BETWEEN_LOOKS_MS = 10_000;

    private final PartitionLogService partitions;
    private final Map<String, ArrayDeque<Look>> looks = new LinkedHashMap<>(16, 0.75f, true);

    LagChecks(PartitionLogService partitions) {
        this.partitions = partitions;
    }

    private record Look(long timestampMs, Map<TopicPartition, Place> places) {}

    private record Place(long committed, long end) {
        long lag() {
            return Math.max(0, end - committed);
        }
    }

    List<Finding> check(GroupFacts facts) {
        var now = look(facts);
        var findings = new ArrayList<Finding>();
        synchronized (looks) {
            var before = looks.computeIfAbsent(facts.groupId(), _ -> new ArrayDeque<>());
            if (!before.isEmpty()) {
                compare(before.getFirst(), now, findings);
            }
            if (before.isEmpty() || now.timestampMs() - before.getLast().timestampMs() >= BETWEEN_LOOKS_MS) {
                before.addLast(now);
                if (before.size() > MAX_LOOKS) {
                    before.removeFirst();
                }
            }
            if (looks.size() > MAX_GROUPS) {
                looks.remove(looks.keySet().iterator().next());
            }
        }
        return findings;
    }

    /// Is there nothing to read: is the group at the end of every log that it has committed an offset of, or that a
    /// member reads?
    boolean hasReadAll(GroupFacts facts) {
        var names = new HashSet<>(facts.committed().keySet());
        names.addAll(facts.readers().keySet());
        return !names.isEmpty()
                && names.size() <= MAX_PARTITIONS
                && names.stream().allMatch(name -> isAtEnd(facts, name));
    }

    private boolean isAtEnd(GroupFacts facts, TopicPartition name) {
        var committed = facts.committed().get(name);
        return partitions
                .find(name)
                .flatMap(Partition::findOffsets)
                .filter(offsets ->
                        (committed == null ? offsets.logStartOffset() : committed.offset()) >= offsets.highWatermark())
                .isPresent();
    }

    private Look look(GroupFacts facts) {
        var places = new HashMap<TopicPartition, Place>();
        facts.committed().values().stream()
                .limit(MAX_PARTITIONS)
                .forEach(committed -> partitions
                        .find(committed.partition())
                        .flatMap(partition -> partition.findOffsets())
                        .ifPresent(offsets ->
                                places.put(committed.partition(), place(committed, offsets.highWatermark()))));
        return new Look(facts.nowMs(), places);
    }

    private static Place place(CommittedOffset committed, long end) {
        return new Place(committed.offset(), end);
    }

    private static void compare(Look before, Look now, List<Finding> findings) {
        now.places().forEach((partition, place) -> {
            var old = before.places().get(partition);
            if (old != null && place.committed() > old.committed() && place.lag() > old.lag()) {
                findings.add(Finding.of(
                        Kind.LAG_GROWS,
                        partition,
                        "%d records were committed and %d written since the look %d ms ago: the group falls behind."
                                .formatted(
                                        place.committed() - old.committed(),
                                        place.end() - old.end(),
                                        now.timestampMs() - before.timestampMs()),
                        new Evidence()
                                .with("lagBefore", old.lag())
                                .with("lag", place.lag())
                                .with("committedBefore", old.committed())
                                .with("committedOffset", place.committed())
                                .with("sinceIso", MemberChecks.iso(before.timestampMs()))
                                .all()));
            }
        });
    }
}
