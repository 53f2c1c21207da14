package io.vitrine.inspect;

import io.vitrine.metadata.Topic;
import io.vitrine.metadata.TopicPartition;
import java.io.Closeable;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Follows the end of a topic for one reader. Nothing is queued for it: the records are read from the log when the
/// reader asks for them, so that one who is slow costs nobody anything. What has come while it waited at the end is
/// shown in one round, however much it is. If more than `maxLag` records come while a round is shown, the reader is
/// too slow: it skips to the end and is told what was left out. What was there before it first came to the end is
/// never skipped.
///
/// Polled by one thread; [#end] and [#topicChanged] may be called by any.
public final class LiveTail implements Closeable {
    private static final int STEPS_BETWEEN_LOOKS = 64;
    private static final Event CAUGHT_UP = new Event.CaughtUp();
    private static final Event PASSED = new Event.Passed();

    private final LiveTails owner;
    private final Start start;
    private final AppendBell bell = new AppendBell();
    private final List<ReadableLog> logs = new ArrayList<>();
    private final List<Long> positions = new ArrayList<>();
    private @Nullable TopicCursor cursor;
    private final List<Long> roundEnds = new ArrayList<>();
    private boolean hasBeenAtEnd;
    private boolean waitsAtEnd;
    private int stepsToLook;
    private volatile Topic topic;
    private volatile @Nullable String endReason;

    /// What to follow, and from where on.
    ///
    /// @param parts where to begin; their ends do not matter
    /// @param growing are partitions followed too that the topic gets later?
    /// @param committed end before the first transaction that is still open?
    /// @param maxLag how many records it may fall behind
    public record Start(
            Topic topic,
            List<TopicCursor.Part> parts,
            boolean growing,
            boolean committed,
            TopicCursor.Reading reading,
            long maxLag) {}

    /// What happens next.
    public sealed interface Event {
        /// Something to show.
        record Found(ReadableLog log, RecordEntry entry) implements Event {}

        /// Records that were skipped, because too many had come.
        record Dropped(List<Gap> gaps) implements Event {
            public long records() {
                return gaps.stream().mapToLong(gap -> gap.to() - gap.from()).sum();
            }
        }

        /// Nothing to show, but there may be more.
        record Passed() implements Event {}

        /// There is no more at this moment.
        record CaughtUp() implements Event {}

        /// There will be no more.
        record Ended(String reason) implements Event {}
    }

    /// Records of one partition that were skipped.
    ///
    /// @param to exclusive
    public record Gap(int partition, long from, long to) {}

    LiveTail(LiveTails owner, Start start) {
        this.owner = owner;
        this.start = start;
        this.topic = start.topic();
        for (var part : start.parts()) {
            follow(part.log(), part.from());
        }
    }

    /// Goes on by one step; never waits.
    public Event poll() {
        var reason = endReason;
        if (reason != null) {
            return new Event.Ended(reason);
        }
        try {
            return advance();
        } catch (UnreadableLogException e) {
            return new Event.Ended(String.valueOf(e.getMessage()));
        }
    }

    /// Waits until there may be more than at the last [Event.CaughtUp], or `nanos` have passed.
    public void await(long nanos) {
        bell.await(nanos);
    }

    /// How far it has come: whoever begins here misses nothing and sees nothing twice.
    public TopicPositions positions() {
        takePositions();
        var next = new TreeMap<Integer, Long>();
        for (int i = 0; i < logs.size(); i++) {
            next.put(logs.get(i).name().partition(), positions.get(i));
        }
        return new TopicPositions(start.topic().id(), next);
    }

    public String topicName() {
        return start.topic().name();
    }

    Start start() {
        return start;
    }

    /// Ends it, for this reason.
    void end(String reason) {
        endReason = reason;
        bell.ring();
    }

    /// The topic may have more partitions now.
    void topicChanged(Topic changed) {
        topic = changed;
        bell.ring();
    }

    @Override
    public void close() {
        closeCursor();
        bell.close();
        owner.closed(this);
    }

    private Event advance() throws UnreadableLogException {
        if (--stepsToLook <= 0 || cursor == null) {
            stepsToLook = STEPS_BETWEEN_LOOKS;
            if (hasBeenAtEnd && !waitsAtEnd && lag() > start.maxLag()) {
                return drop();
            }
        }
        var open = cursor;
        if (open == null) {
            open = openCursor();
            if (open == null) {
                hasBeenAtEnd = true;
                waitsAtEnd = true;
                return CAUGHT_UP;
            }
            waitsAtEnd = false;
        }
        return switch (open.step()) {
            case TopicCursor.Step.Found(var log, var entry) -> new Event.Found(log, entry);
            case TopicCursor.Step.Passed() -> PASSED;
            case TopicCursor.Step.End() -> {
                closeCursor();
                yield PASSED;
            }
        };
    }

    /// Opens what there is up to now; null if there is nothing.
    private @Nullable TopicCursor openCursor() throws UnreadableLogException {
        bell.reset();
        followNewPartitions();
        var parts = new ArrayList<TopicCursor.Part>();
        boolean more = false;
        roundEnds.clear();
        for (int i = 0; i < logs.size(); i++) {
            long end = end(logs.get(i));
            parts.add(new TopicCursor.Part(logs.get(i), positions.get(i), end));
            roundEnds.add(end);
            more = more || positions.get(i) < end;
        }
        cursor = more ? new TopicCursor(parts, start.reading()) : null;
        return cursor;
    }

    private Event drop() throws UnreadableLogException {
        closeCursor();
        var gaps = new ArrayList<Gap>();
        for (int i = 0; i < logs.size(); i++) {
            long end = end(logs.get(i));
            if (positions.get(i) < end) {
                gaps.add(new Gap(logs.get(i).name().partition(), positions.get(i), end));
                positions.set(i, end);
            }
        }
        var dropped = new Event.Dropped(gaps);
        owner.dropped(dropped.records());
        return dropped;
    }

    /// Records that have come since the round began, or since the last one ended.
    private long lag() throws UnreadableLogException {
        var shown = cursor == null ? positions : roundEnds;
        long lag = 0;
        for (int i = 0; i < shown.size(); i++) {
            lag += Math.max(0, end(logs.get(i)) - shown.get(i));
        }
        return lag;
    }

    private long end(ReadableLog log) throws UnreadableLogException {
        var offsets = log.findOffsets()
                .orElseThrow(() -> new UnreadableLogException(
                        "%s: %s".formatted(log.name(), log.offlineReason().orElse("there is no log"))));
        return start.committed() ? offsets.lastStableOffset() : offsets.highWatermark();
    }

    private void followNewPartitions() {
        if (!start.growing()) {
            return;
        }
        int count = topic.partitions().size();
        for (int index = logs.size(); index < count; index++) {
            var log = owner.findLog(new TopicPartition(topic.name(), index));
            if (log.isEmpty()) {
                return;
            }
            follow(log.get(), 0);
        }
    }

    private void follow(ReadableLog log, long from) {
        owner.findPartition(log.name()).ifPresent(bell::listenTo);
        logs.add(log);
        positions.add(from);
    }

    private void takePositions() {
        var open = cursor;
        for (int i = 0; open != null && i < logs.size(); i++) {
            positions.set(i, open.positionOf(i));
        }
    }

    private void closeCursor() {
        takePositions();
        var open = cursor;
        cursor = null;
        if (open != null) {
            open.close();
        }
    }
}
