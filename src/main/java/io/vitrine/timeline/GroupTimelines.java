package io.vitrine.timeline;

import io.vitrine.coordinator.TapListener;
import io.vitrine.coordinator.TappedRecord;
import io.vitrine.group.GroupService;
import io.vitrine.group.GroupType;
import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.Topic;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.ToIntBiFunction;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.coordinator.group.generated.CoordinatorRecordType;
import org.apache.kafka.coordinator.group.generated.GroupMetadataKey;
import org.apache.kafka.coordinator.group.generated.GroupMetadataValue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What has happened to the groups, told by the records of their coordinator and by what members ask. Kept in memory:
/// the last 500 events of a group, and all groups together within a limit, beyond which those are forgotten to which
/// nothing has happened for longest. Thread-safe.
public final class GroupTimelines implements TapListener, GroupHistory.Owner {
    private static final Logger log = LoggerFactory.getLogger(GroupTimelines.class);
    private static final int MAX_GROUPS = 5_000;
    private static final long MAX_BYTES = 16 << 20;

    private final Map<String, GroupHistory> histories = new ConcurrentHashMap<>();
    private final Map<RebalanceCause, LongAdder> rebalances = new EnumMap<>(RebalanceCause.class);
    private final LongAdder commits = new LongAdder();
    private final LongAdder offsetFetches = new LongAdder();
    private final AtomicLong bytes = new AtomicLong();
    private final Function<Uuid, Optional<String>> topicNames;
    private final long maxBytes;
    private final ModernRecords modern = new ModernRecords(this::topicName);
    private final ToIntBiFunction<GroupType, String> sessionTimeouts;

    /// @param topicNames finds the name of a topic
    /// @param sessionTimeouts finds the session timeout of a group in milliseconds; 0 as long as it is not known
    GroupTimelines(
            Function<Uuid, Optional<String>> topicNames,
            ToIntBiFunction<GroupType, String> sessionTimeouts,
            long maxBytes) {
        this.topicNames = topicNames;
        this.sessionTimeouts = sessionTimeouts;
        this.maxBytes = maxBytes;
        for (var cause : RebalanceCause.values()) {
            rebalances.put(cause, new LongAdder());
        }
    }

    /// Begins to watch what happens to the groups.
    public static GroupTimelines of(GroupService groups, MetadataService metadata) {
        var timelines = new GroupTimelines(
                id -> metadata.image().findTopic(id).map(Topic::name), groups::sessionTimeoutMs, MAX_BYTES);
        groups.listen((TapListener) timelines);
        groups.listen(new GroupWatch(timelines));
        groups.onReplacement(() -> timelines.histories.values().forEach(timelines::forget));
        return timelines;
    }

    /// What is known of one group; empty if nothing is, or nothing any more.
    public Optional<GroupTimeline> find(String groupId) {
        return Optional.ofNullable(histories.get(groupId)).map(history -> history.show(System.currentTimeMillis()));
    }

    /// Requests to join and for assignments that wait for other members.
    public List<WaitingMember> waiting() {
        return histories.values().stream()
                .flatMap(history -> history.waiting().stream())
                .sorted(Comparator.comparingLong(WaitingMember::sinceMs))
                .toList();
    }

    /// How often groups have shared out their partitions for this cause, since the start of the broker.
    public long rebalances(RebalanceCause cause) {
        var count = rebalances.get(cause);
        return count == null ? 0 : count.sum();
    }

    /// Requests that commit offsets, since the start of the broker.
    public long commits() {
        return commits.sum();
    }

    /// Groups whose committed offsets were asked for, since the start of the broker.
    public long offsetFetches() {
        return offsetFetches.sum();
    }

    /// Groups of which something is known.
    public int size() {
        return histories.size();
    }

    /// About how much memory it all takes.
    public long sizeInBytes() {
        return bytes.get();
    }

    @Override
    public boolean wants(short type) {
        return type != CoordinatorRecordType.OFFSET_COMMIT.id()
                && type != CoordinatorRecordType.LEGACY_OFFSET_COMMIT.id();
    }

    @Override
    public void recorded(TappedRecord record) {
        try {
            if (record.key() instanceof GroupMetadataKey key) {
                var history = open(key.group(), record.timestampMs());
                synchronized (history) {
                    history.classic().recorded((GroupMetadataValue) record.value(), record);
                }
            } else {
                modern.read(record).ifPresent(found -> recorded(found, record));
            }
        } catch (RuntimeException e) {
            // It is the coordinator's thread, which has more important things to do.
            log.error("A record is missing in the timelines: {}", record.key(), e);
        }
    }

    private void recorded(ModernStep.Of found, TappedRecord record) {
        var history = open(found.groupId(), record.timestampMs());
        synchronized (history) {
            history.modern().recorded(found.step(), record);
        }
    }

    @Override
    public void rebalanced(RebalanceCause cause) {
        var count = rebalances.get(cause);
        if (count != null) {
            count.increment();
        }
    }

    @Override
    public void resized(long more) {
        bytes.addAndGet(more);
    }

    /// Its name, or its id if there is no such topic.
    private String topicName(Uuid id) {
        return topicNames.apply(id).orElseGet(id::toString);
    }

    @Override
    public int sessionTimeoutMs(GroupType type, String groupId) {
        return sessionTimeouts.applyAsInt(type, groupId);
    }

    /// The history of a group, if it has one.
    @Nullable
    GroupHistory history(String groupId) {
        return histories.get(groupId);
    }

    /// The history of a group, which begins now if it has none.
    GroupHistory open(String groupId, long nowMs) {
        if (bytes.get() > maxBytes || histories.size() >= MAX_GROUPS) {
            makeRoom();
        }
        var known = histories.get(groupId);
        return known != null ? known : histories.computeIfAbsent(groupId, _ -> new GroupHistory(groupId, this, nowMs));
    }

    void countCommit() {
        commits.increment();
    }

    void countOffsetFetch() {
        offsetFetches.increment();
    }

    /// Looks whether there is too much of it, and forgets what is oldest. Nobody who calls it holds a history.
    private void makeRoom() {
        if (histories.size() >= MAX_GROUPS) {
            oldest().limit(MAX_GROUPS / 10).forEach(this::forget);
        }
        if (bytes.get() > maxBytes) {
            makeRoomIn(oldest().toList());
        }
    }

    /// What is in use loses half of its past; if that is not enough, it begins anew.
    private void makeRoomIn(List<GroupHistory> oldestFirst) {
        for (var history : oldestFirst) {
            if (hasRoom()) {
                return;
            }
            if (history.hasMembers()) {
                history.halve();
            } else {
                forget(history);
            }
        }
        for (var history : oldestFirst) {
            if (hasRoom()) {
                return;
            }
            forget(history);
        }
    }

    private boolean hasRoom() {
        return bytes.get() <= maxBytes * 3 / 4;
    }

    private void forget(GroupHistory history) {
        if (histories.remove(history.groupId(), history)) {
            history.retire();
        }
    }

    // Those without members come first.
    private Stream<GroupHistory> oldest() {
        return histories.values().stream()
                .map(history -> new Age(history, history.hasMembers(), history.lastEventMs()))
                .sorted(Comparator.comparing(Age::inUse).thenComparingLong(Age::lastEventMs))
                .map(Age::history);
    }

    private record Age(GroupHistory history, boolean inUse, long lastEventMs) {}
}
