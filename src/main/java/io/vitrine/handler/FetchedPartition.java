package io.vitrine.handler;

import io.vitrine.partition.Partition;
import io.vitrine.partition.PartitionWatcher;
import io.vitrine.protocol.Subject;
import java.util.concurrent.Executor;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// One partition of a [FetchSession]: what the client asks of it, what it was told last, and what the fetch under way
/// has found. Guarded by its session.
final class FetchedPartition implements PartitionWatcher {
    private static final long UNKNOWN = -1;

    private final FetchSession session;
    private final Name name;
    private Wish wish;
    private String topic;
    private long toldHighWatermark = UNKNOWN;
    private long toldLogStartOffset = UNKNOWN;
    private short toldError = Errors.NONE.code();
    private @Nullable Partition hosted;
    private long eventsSeen;
    private boolean watched;
    private long seenLogStartOffset = UNKNOWN;
    private @Nullable PartitionData answer;
    private long place;
    private boolean active;
    private boolean gone;

    /// How requests name it.
    ///
    /// @param topic empty where ids are used
    /// @param topicId zero where names are used
    record Name(String topic, Uuid topicId, int partition) {}

    /// What the client asks. Kafka's message is not kept: it may hold more than we know of.
    record Wish(long fetchOffset, int maxBytes, int currentLeaderEpoch, int lastFetchedEpoch) {
        private static final int NO_EPOCH = -1;

        /// Any epoch below 0 stands for none.
        static Wish of(FetchPartition asked) {
            return new Wish(
                    asked.fetchOffset(),
                    asked.partitionMaxBytes(),
                    Math.max(NO_EPOCH, asked.currentLeaderEpoch()),
                    Math.max(NO_EPOCH, asked.lastFetchedEpoch()));
        }
    }

    FetchedPartition(FetchSession session, Name name, Wish wish, long place) {
        this.session = session;
        this.name = name;
        this.topic = name.topic();
        this.wish = wish;
        this.place = place;
    }

    Name name() {
        return name;
    }

    Wish wish() {
        return wish;
    }

    void ask(Wish newWish) {
        wish = newWish;
    }

    /// Name of the topic, be it found out by its id; empty as long as it is not known.
    String topic() {
        return topic;
    }

    void foundTopic(String found) {
        topic = found;
    }

    /// What a refusal of it is about.
    Subject subject() {
        return Subject.partition(topic.isEmpty() ? name.topicId().toString() : topic, name.partition());
    }

    /// Where it comes in the order in which the session is served.
    long place() {
        return place;
    }

    void moveTo(long newPlace) {
        place = newPlace;
    }

    /// Is it looked at by the next pass?
    boolean isActive() {
        return active;
    }

    void setActive(boolean newActive) {
        active = newActive;
    }

    /// Has the client taken it out of the session?
    boolean isGone() {
        return gone;
    }

    void leave() {
        gone = true;
        unwatch();
    }

    /// Begins to look at `partition`: what happens from now on may be missed by the look.
    ///
    /// @param partition null if there is none to look at
    void lookAt(@Nullable Partition partition) {
        if (hosted != partition) {
            unwatch();
            hosted = partition;
        }
        eventsSeen = partition == null ? 0 : partition.watchers().eventCount();
    }

    /// Ends a look.
    ///
    /// @return has the log start moved since the look before?
    boolean found(PartitionData data) {
        answer = data;
        long before = seenLogStartOffset;
        seenLogStartOffset = data.logStartOffset();
        return before != UNKNOWN && before != seenLogStartOffset;
    }

    /// What the fetch under way will say of it; null if it has not looked.
    @Nullable
    PartitionData answer() {
        return answer;
    }

    /// Is there something in the answer that the client does not know?
    boolean hasNews(PartitionData data) {
        return data.records().sizeInBytes() > 0
                || data.errorCode() != Errors.NONE.code()
                || data.highWatermark() != toldHighWatermark
                || data.logStartOffset() != toldLogStartOffset
                || FetchRead.isDiverging(data);
    }

    /// Has the client to be told at once of an error? A disk that failed stays as it is for long, so whoever was told
    /// of that is told again when its time is up: clients ask again at once.
    boolean isErrorPressing(PartitionData data) {
        return data.errorCode() != Errors.NONE.code()
                && !(data.errorCode() == toldError && toldError == Errors.KAFKA_STORAGE_ERROR.code());
    }

    /// Notes what the client was told, and ends the fetch's part in it.
    void told(PartitionData data) {
        // Unknown marks of an error differ from all that come after it.
        toldHighWatermark = data.highWatermark();
        toldLogStartOffset = data.logStartOffset();
        toldError = data.errorCode();
        if (hosted != null && data.records().sizeInBytes() > 0) {
            hosted.totals().addFetched(data.records().sizeInBytes());
        }
    }

    void forgetAnswer() {
        answer = null;
    }

    /// Begins to hear of what happens to the partition.
    ///
    /// @return has something happened since the look at it?
    boolean watch(Executor executor) {
        if (hosted == null) {
            return false;
        }
        if (!watched) {
            watched = true;
            hosted.watchers().add(this, executor);
        }
        return hosted.watchers().eventCount() != eventsSeen;
    }

    /// Has a reader of committed data read all that is stable, while a transaction is open?
    boolean isHeldByTransaction() {
        return hosted != null
                && hosted.findOffsets()
                        .filter(offsets -> offsets.lastStableOffset() <= wish.fetchOffset()
                                && offsets.lastStableOffset() < offsets.highWatermark())
                        .isPresent();
    }

    boolean isWatched() {
        return watched;
    }

    void unwatch() {
        if (watched && hosted != null) {
            watched = false;
            hosted.watchers().remove(this);
        }
    }

    @Override
    public void happened(long appendedBytes, boolean changed) {
        session.happened(this, appendedBytes, changed);
    }
}
