package io.vitrine.handler;

import io.vitrine.handler.FetchedPartition.Name;
import io.vitrine.handler.FetchedPartition.Wish;
import io.vitrine.partition.Isolation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.jspecify.annotations.Nullable;

/// The partitions that a client fetches, and what it knows of each, so that it need not name them every time and is
/// told only what is new (KIP-227). A fetch that names no session has one for itself, which ends with its answer.
///
/// Only *active* partitions are looked at: those that the client has just asked something of, those that had
/// something to tell at the last look and may have more, and those to which something has happened since. All others
/// were found at the end of their logs and are watched, so a fetch of an idle session costs nothing for each of them.
/// ```
///            asked, or something happened
///   quiet ───────────────────────────────▶ active ──▶ looked at, in the order of their places
///     ▲                                      ▲  │
///     │              there may be more       └──┤   answered with records: place behind all others
///     └─────────────────────────────────────────┘
///              nothing but the end was found
/// ```
/// Everything is guarded by the session itself, whose lock is held during a pass over its partitions; nothing else is
/// locked under it but the locks of what is read and watched.
final class FetchSession {
    private static final int NOT_KEPT = 0;
    private static final int MAX_NAME_LENGTH = 249;
    private static final int FIRST_INCREMENTAL_EPOCH = 1;

    private final boolean usesTopicIds;
    private final Map<Name, FetchedPartition> partitions = new HashMap<>();
    private final List<FetchedPartition> looked = new ArrayList<>();
    private List<FetchedPartition> active = new ArrayList<>();
    private long nextPlace;
    private int id = NOT_KEPT;
    private int epoch = FIRST_INCREMENTAL_EPOCH;
    private @Nullable Manner manner;
    private boolean closed;
    private boolean keepable = true;
    private @Nullable Fetch waiting;

    /// Who asks, on which it depends what there is to find.
    ///
    /// @param fromReplica does it claim to be a broker of this cluster?
    record Manner(Isolation isolation, boolean fromReplica) {}

    /// @param usesTopicIds do requests name topics by id?
    FetchSession(boolean usesTopicIds) {
        this.usesTopicIds = usesTopicIds;
    }

    boolean usesTopicIds() {
        return usesTopicIds;
    }

    /// 0 if it is not kept for another fetch.
    int id() {
        return id;
    }

    void keepAs(int newId) {
        id = newId;
    }

    /// The epoch that the next fetch has to have.
    int epoch() {
        return epoch;
    }

    int size() {
        return partitions.size();
    }

    int activeCount() {
        return active.size();
    }

    boolean isClosed() {
        return closed;
    }

    /// Is it worth the memory? Not with names that are too long for any topic.
    boolean isKeepable() {
        return keepable;
    }

    /// Begins another fetch. One that waits has been overtaken.
    void goOn(FetchRequestData request) {
        // What an overtaken fetch has looked at is not watched yet.
        looked.forEach(this::activate);
        endFetch();
        ask(request.topics());
        forget(request.forgottenTopicsData());
        epoch = epochAfter(epoch);
        if (waiting != null) {
            waiting.answerSoon();
        }
    }

    /// After the greatest epoch comes 1, as 0 asks for a new session.
    static int epochAfter(int epoch) {
        return epoch == Integer.MAX_VALUE ? FIRST_INCREMENTAL_EPOCH : epoch + 1;
    }

    /// Takes over what a request asks. Of a partition that it names twice the last holds, as in Kafka.
    void ask(List<FetchTopic> topics) {
        for (var topic : topics) {
            keepable &= topic.topic().length() <= MAX_NAME_LENGTH;
            for (var asked : topic.partitions()) {
                var name = name(topic.topic(), topic.topicId(), asked.partition());
                var wish = Wish.of(asked);
                var known = partitions.get(name);
                if (known == null) {
                    known = new FetchedPartition(this, name, wish, nextPlace++);
                    partitions.put(name, known);
                } else {
                    known.ask(wish);
                }
                activate(known);
            }
        }
    }

    /// Takes partitions out.
    private void forget(List<ForgottenTopic> topics) {
        for (var topic : topics) {
            for (var index : topic.partitions()) {
                var known = partitions.remove(name(topic.topic(), topic.topicId(), index));
                if (known != null) {
                    known.leave();
                }
            }
        }
    }

    /// Looks at every active partition, in order. Those of which nothing but their end is found are quiet from then
    /// on, as long as it is looked in the same manner.
    void look(FetchRead read) {
        if (!read.manner().equals(manner)) {
            manner = read.manner();
            partitions.values().forEach(this::activate);
        }
        var now = active;
        active = new ArrayList<>();
        now.removeIf(FetchedPartition::isGone);
        now.sort(Comparator.comparingLong(FetchedPartition::place));
        for (var partition : now) {
            partition.setActive(false);
            if (partition.answer() == null) {
                looked.add(partition);
            }
            boolean quiet = read.look(partition);
            if (!quiet) {
                activate(partition);
            }
        }
    }

    /// Begins to watch what the fetch under way has looked at.
    ///
    /// @param all those, too, that will be looked at anyway, as it matters when and how much is appended?
    /// @return has something happened since, so that another look has to be taken?
    boolean watch(Executor executor, boolean all) {
        boolean happened = false;
        for (var partition : looked) {
            if (!closed && (all || !partition.isActive()) && partition.watch(executor)) {
                activate(partition);
                happened = true;
            }
        }
        return happened;
    }

    /// Something has happened to a partition.
    synchronized void happened(FetchedPartition partition, long appendedBytes, boolean changed) {
        boolean onlyCommitted = manner != null && manner.isolation() == Isolation.READ_COMMITTED;
        // What is part of an open transaction, or behind one, is not for this client; of the marker it hears.
        if (!partition.isWatched() || (!changed && onlyCommitted && partition.isHeldByTransaction())) {
            return;
        }
        activate(partition);
        var fetch = waiting;
        if (fetch == null) {
            // It is looked at by the next fetch, whatever else happens until then.
            partition.unwatch();
        } else {
            fetch.happened(appendedBytes, changed);
        }
    }

    /// Notes which fetch waits, if one does.
    void setWaiting(@Nullable Fetch fetch) {
        waiting = fetch;
    }

    @Nullable
    Fetch waiting() {
        return waiting;
    }

    /// Has `teller` told what the fetch under way has found, and remembers what that says. Partitions that
    /// were answered with records go behind all others, so that each has its turn however small the limits are.
    ///
    /// @param isFull is everything told, or only what is new?
    void tell(boolean isFull, Consumer<FetchedPartition> teller) {
        looked.sort(Comparator.comparingLong(FetchedPartition::place));
        for (var partition : looked) {
            var answer = partition.answer();
            if (answer != null) {
                tell(partition, answer, isFull, teller);
            }
        }
    }

    private void tell(
            FetchedPartition partition, PartitionData answer, boolean isFull, Consumer<FetchedPartition> teller) {
        if (isFull || partition.hasNews(answer)) {
            teller.accept(partition);
        }
        partition.told(answer);
        if (!isFull && answer.records().sizeInBytes() > 0) {
            partition.moveTo(nextPlace++);
        }
    }

    /// Forgets what the fetch under way has found.
    void endFetch() {
        looked.forEach(FetchedPartition::forgetAnswer);
        looked.clear();
    }

    /// Ends it. A fetch of it that waits is answered.
    synchronized void close() {
        closed = true;
        partitions.values().forEach(FetchedPartition::unwatch);
        if (waiting != null) {
            waiting.answerSoon();
        }
    }

    /// The first partitions in order.
    List<String> labels(int limit) {
        return partitions.values().stream()
                .sorted(Comparator.comparingLong(FetchedPartition::place))
                .limit(limit)
                .map(fetched -> fetched.subject().text())
                .toList();
    }

    private void activate(FetchedPartition partition) {
        if (!partition.isActive()) {
            partition.setActive(true);
            active.add(partition);
        }
    }

    private Name name(String topic, Uuid topicId, int partition) {
        return usesTopicIds ? new Name("", topicId, partition) : new Name(topic, Uuid.ZERO_UUID, partition);
    }
}
