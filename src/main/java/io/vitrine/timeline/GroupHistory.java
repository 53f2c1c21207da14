package io.vitrine.timeline;

import io.vitrine.group.GroupType;
import io.vitrine.timeline.TimelineEvent.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// What is kept of one group's past. Guarded by itself, but for what heartbeats, commits and fetches of offsets
/// write.
final class GroupHistory {
    static final int MAX_EVENTS = 500;
    private static final int MAX_GENERATIONS = 50;
    private static final long MAX_GENERATION_BYTES = 1 << 20;
    private static final int MAX_CONTACTS = 10_000;
    private static final int BYTES = 500;

    /// What the histories of all groups share.
    interface Owner {
        void rebalanced(RebalanceCause cause);

        /// A history takes so much more memory.
        void resized(long bytes);

        /// Without a heartbeat for so long, a member is none any more; 0 as long as that is not known.
        int sessionTimeoutMs(GroupType type, String groupId);
    }

    private final String groupId;
    private final Owner owner;
    private final ArrayDeque<TimelineEvent> events = new ArrayDeque<>();
    private final ArrayDeque<Generation> generations = new ArrayDeque<>();
    private final Map<String, MemberActivity> activities = new ConcurrentHashMap<>();
    private final OffsetCounts counts = new OffsetCounts();
    private final ClassicHistory classic;
    private final ModernHistory modern;
    private volatile long lastEventMs;
    private long sizeInBytes;
    private boolean retired;
    private long droppedEvents;
    private boolean deleted;

    GroupHistory(String groupId, Owner owner, long nowMs) {
        this.groupId = groupId;
        this.owner = owner;
        this.lastEventMs = nowMs;
        resize(BYTES + groupId.length());
        this.classic = new ClassicHistory(this);
        this.modern = new ModernHistory(this);
    }

    String groupId() {
        return groupId;
    }

    Owner owner() {
        return owner;
    }

    ClassicHistory classic() {
        return classic;
    }

    ModernHistory modern() {
        return modern;
    }

    long lastEventMs() {
        return lastEventMs;
    }

    /// About how much memory it takes; its group's id has a part in it, which may be 32 KiB.
    synchronized long sizeInBytes() {
        return sizeInBytes;
    }

    /// Nobody will look at it any more.
    synchronized void retire() {
        retired = true;
        owner.resized(-sizeInBytes);
    }

    synchronized boolean hasMembers() {
        var last = generations.peekLast();
        return !deleted && last != null && !last.members().isEmpty();
    }

    /// The same as the event before only counts it once more.
    synchronized void add(TimelineEvent event) {
        var last = events.peekLast();
        if (last != null && last.isSameAs(event)) {
            events.removeLast();
            events.addLast(last.again(event.timestampMs()));
        } else {
            events.addLast(event);
            resize(event.sizeInBytes());
            if (events.size() > MAX_EVENTS) {
                dropOldest(1);
            }
        }
        deleted = event.kind() == Kind.DELETED;
        lastEventMs = Math.max(lastEventMs, event.timestampMs());
    }

    /// Forgets what is oldest.
    synchronized void dropOldest(int count) {
        for (int i = 0; i < count && !events.isEmpty(); i++) {
            resize(-events.removeFirst().sizeInBytes());
            droppedEvents++;
        }
    }

    /// Forgets about half of it, but the last generation.
    synchronized void halve() {
        dropOldest((events.size() + 1) / 2);
        for (int i = generations.size() / 2; i > 0; i--) {
            resize(-generations.removeFirst().sizeInBytes());
        }
    }

    /// The generation at this moment, or the last there was.
    @Nullable
    Generation generation() {
        return generations.peekLast();
    }

    /// Keeps a generation. One with the same epoch as the last takes its place.
    void keep(Generation generation) {
        var last = generations.peekLast();
        if (last != null && last.epoch() == generation.epoch()) {
            resize(-generations.removeLast().sizeInBytes());
        }
        generations.addLast(generation);
        resize(generation.sizeInBytes());
        long bytes = generations.stream().mapToLong(Generation::sizeInBytes).sum();
        while (generations.size() > 1
                && (generations.size() > MAX_GENERATIONS || (bytes > MAX_GENERATION_BYTES && generations.size() > 2))) {
            int dropped = generations.removeFirst().sizeInBytes();
            bytes -= dropped;
            resize(-dropped);
        }
    }

    /// The group is gone; if it comes back, its epochs begin anew.
    void end(TimelineEvent event) {
        add(event);
        List.copyOf(activities.keySet()).forEach(this::forget);
        classic.reset();
        modern.reset();
    }

    /// The id of the static member with this name; empty if there is none.
    String findStaticMember(String instanceId) {
        var last = generations.peekLast();
        return modern.findMember(instanceId)
                .or(() -> last == null
                        ? Optional.empty()
                        : last.members().values().stream()
                                .filter(member -> member.instanceId().equals(Optional.of(instanceId)))
                                .map(Generation.Member::memberId)
                                .findFirst())
                .orElse("");
    }

    boolean isDeleted() {
        return deleted;
    }

    @Nullable
    MemberActivity activity(String memberId) {
        return activities.get(memberId);
    }

    synchronized MemberActivity activity(String memberId, String clientId, String host, long nowMs) {
        var known = activities.get(memberId);
        if (known != null || activities.size() >= MAX_CONTACTS) {
            return known == null ? new MemberActivity(clientId, host, nowMs) : known;
        }
        var begun = new MemberActivity(TimelineEvent.cut(clientId), host, nowMs);
        activities.put(memberId, begun);
        resize(MemberActivity.BYTES + memberId.length());
        return begun;
    }

    synchronized void forget(String memberId) {
        if (activities.remove(memberId) != null) {
            resize(-(MemberActivity.BYTES + memberId.length()));
        }
    }

    void heard(String memberId, long nowMs) {
        var known = activities.get(memberId);
        if (known != null) {
            known.heard(nowMs);
        }
    }

    OffsetCounts counts() {
        return counts;
    }

    synchronized GroupTimeline show(long nowMs) {
        var contacts = new ArrayList<MemberContact>();
        activities.forEach((memberId, activity) -> contacts.add(activity.contact(memberId)));
        contacts.sort(Comparator.comparing(MemberContact::memberId));
        return new GroupTimeline(
                groupId,
                List.copyOf(events),
                droppedEvents,
                List.copyOf(generations),
                contacts,
                classic.waiting(),
                classic.pendingSince(),
                counts.show(),
                nowMs);
    }

    synchronized List<WaitingMember> waiting() {
        return classic.waiting();
    }

    private void resize(long bytes) {
        sizeInBytes += bytes;
        if (!retired) {
            owner.resized(bytes);
        }
    }
}
