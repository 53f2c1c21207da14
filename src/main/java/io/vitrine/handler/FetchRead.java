package io.vitrine.handler;

import io.vitrine.handler.FetchedPartition.Wish;
import io.vitrine.handler.TopicLookup.Found;
import io.vitrine.log.DamagedRange;
import io.vitrine.log.LogPositions;
import io.vitrine.log.LogSlice;
import io.vitrine.log.Offsets;
import io.vitrine.partition.ColdReads;
import io.vitrine.partition.Isolation;
import io.vitrine.partition.Partition;
import io.vitrine.partition.ReadOutcome;
import io.vitrine.protocol.Facts;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.Subject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData.AbortedTransaction;
import org.apache.kafka.common.message.FetchResponseData.EpochEndOffset;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;

/// One pass over partitions of a fetch: what each of them has at this moment, within the bytes allowed.
final class FetchRead {
    private static final short LAST_VERSION_WITHOUT_STORAGE_ERROR = 5;
    private static final short FIRST_VERSION_WITH_IDS = 13;
    private static final int UNKNOWN_EPOCH = -1;
    private static final long UNKNOWN = -1;

    private final Request<FetchRequestData> request;
    private final TopicLookup topics;
    private final FetchSession.Manner manner;
    private final Map<Partition, ColdReads.Loaded> loaded;
    private final List<Unfinished> unfinished = new ArrayList<>();
    private final List<ColdReads.Part> cold = new ArrayList<>();
    private final List<Runnable> refusals = new ArrayList<>();
    private int bytesLeft;
    private int sizeInBytes;
    private int lookedAt;
    private boolean mustAnswer;
    private boolean logStartMoved;

    /// A partition of which records were read, perhaps not all.
    ///
    /// @param endOffset what this client may read ends there
    private record Unfinished(Partition partition, Wish wish, long endOffset) {}

    /// What would have to wait for a disk is only noted.
    ///
    /// @param loaded what has been loaded from a disk for this fetch
    FetchRead(
            Request<FetchRequestData> request,
            TopicLookup topics,
            FetchSession.Manner manner,
            int maxBytes,
            Map<Partition, ColdReads.Loaded> loaded) {
        this.request = request;
        this.topics = topics;
        this.manner = manner;
        this.bytesLeft = maxBytes;
        this.loaded = loaded;
    }

    FetchSession.Manner manner() {
        return manner;
    }

    /// What has to be loaded from a disk before another pass is an answer.
    List<ColdReads.Part> cold() {
        return cold;
    }

    /// Keeps why partitions were refused; to be called if this is the answer.
    void noteRefusals() {
        refusals.forEach(Runnable::run);
    }

    /// Would waiting change nothing, as there is an error or a diverging epoch to tell?
    boolean mustAnswer() {
        return mustAnswer;
    }

    /// Has the log start of a partition moved since it was looked at before?
    boolean hasLogStartMoved() {
        return logStartMoved;
    }

    /// How many partitions were looked at.
    int lookedAt() {
        return lookedAt;
    }

    /// Bytes of records that there are for this fetch. Batches come whole, so what was read may be less: what counts
    /// is what each partition has, up to what may be taken of it.
    long availableBytes() {
        long available = 0;
        for (var part : unfinished) {
            long bytes = part.partition()
                    .findPositions()
                    .map(positions -> bytesFrom(positions, part))
                    .orElse(0L);
            if (bytes == Long.MAX_VALUE) {
                // What lies in an older segment will not become more.
                return bytes;
            }
            available += Math.min(bytes, part.wish().maxBytes());
        }
        return Math.max(available, sizeInBytes);
    }

    /// Bytes of records that were read.
    int sizeInBytes() {
        return sizeInBytes;
    }

    private static long bytesFrom(LogPositions positions, Unfinished part) {
        try {
            return positions.bytesBetween(part.wish().fetchOffset(), part.endOffset());
        } catch (IOException _) {
            // The read that counts says what is wrong.
            return 0;
        }
    }

    /// Looks at one partition.
    ///
    /// @return was nothing but its end found, so that it need not be looked at before something happens to it?
    boolean look(FetchedPartition target) {
        lookedAt++;
        var data =
                new PartitionData().setPartitionIndex(target.name().partition()).setRecords(MemoryRecords.EMPTY);
        boolean quiet =
                switch (topics.find(target)) {
                    case Found.Missing(Errors error, String detail) -> {
                        target.lookAt(null);
                        refuse(data, target.subject(), error, detail);
                        yield false;
                    }
                    case Found.Hosted(Partition partition) -> {
                        target.lookAt(partition);
                        var caller = request.caller();
                        partition
                                .reads()
                                .readers()
                                .asked(
                                        caller.id(),
                                        request.clientId(),
                                        caller.address(),
                                        target.wish().fetchOffset());
                        // Kafka's default for what could not even be looked for is an empty list, for all else null.
                        data.setAbortedTransactions(null);
                        yield look(partition, target.wish(), data);
                    }
                };
        mustAnswer |= target.isErrorPressing(data);
        logStartMoved |= target.found(data);
        return quiet;
    }

    private boolean look(Partition partition, Wish wish, PartitionData data) {
        var subject = subject(partition);
        var epochError = TopicLookup.checkLeaderEpoch(wish.currentLeaderEpoch(), partition);
        if (epochError != Errors.NONE) {
            int believed = wish.currentLeaderEpoch();
            var detail = TopicLookup.epochDetail(believed, partition);
            refuse(data, subject, epochError, detail, TopicLookup.epochFacts(believed, partition));
            return false;
        }
        if (manner.fromReplica()) {
            // Only a broker of the same cluster has a replica id, and there is no other.
            boolean named = wish.currentLeaderEpoch() != UNKNOWN_EPOCH;
            var error = named ? Errors.UNKNOWN_LEADER_EPOCH : Errors.NOT_LEADER_OR_FOLLOWER;
            refuse(data, subject, error, "there is no other replica than this broker's");
            return false;
        }
        var offsets = partition.findOffsets();
        if (partition.isDeleted()) {
            refuseDeleted(data, subject);
            return false;
        }
        if (offsets.isEmpty()) {
            refuse(
                    data,
                    subject,
                    Errors.KAFKA_STORAGE_ERROR,
                    partition.offlineReason().orElse("there is no log"));
            return false;
        }
        if (wish.maxBytes() < 0 || request.message().maxBytes() < 0) {
            refuse(data, subject, Errors.INVALID_REQUEST, "a number of bytes allowed is negative");
            return false;
        }
        return look(partition, wish, offsets.get(), data);
    }

    private boolean look(Partition partition, Wish wish, Offsets offsets, PartitionData data) {
        if (wish.lastFetchedEpoch() != UNKNOWN_EPOCH && diverges(partition, wish, offsets, data)) {
            return false;
        }
        if (isAtEnd(wish, offsets)) {
            var offline = partition.offlineReason();
            offline.ifPresentOrElse(
                    reason -> refuse(data, subject(partition), Errors.KAFKA_STORAGE_ERROR, reason),
                    () -> fill(data, offsets));
            return offline.isEmpty();
        }
        // The first partition with records may exceed the limits by its first batch, so that a fetch always gets on.
        boolean first = sizeInBytes == 0 && cold.isEmpty();
        if (!first && bytesLeft <= 0) {
            fill(data, offsets);
            return false;
        }
        int maxBytes = Math.clamp(bytesLeft, 0, wish.maxBytes());
        var ready = loaded.get(partition);
        if (ready != null && ready.part().offset() == wish.fetchOffset()) {
            fill(partition, wish, data, maxBytes, ready.outcome());
        } else if (partition.reads().isCold(wish.fetchOffset(), maxBytes, manner.isolation())) {
            cold.add(new ColdReads.Part(partition, wish.fetchOffset(), maxBytes, manner.isolation()));
            bytesLeft -= maxBytes;
        } else {
            var outcome = partition.reads().fetch(wish.fetchOffset(), maxBytes, manner.isolation());
            fill(partition, wish, data, maxBytes, outcome);
        }
        return false;
    }

    /// What is not stable yet is there, but not for those who read committed data.
    private boolean isAtEnd(Wish wish, Offsets offsets) {
        return wish.fetchOffset() >= manner.isolation().endOf(offsets) && wish.fetchOffset() <= offsets.highWatermark();
    }

    /// Has the client read records of another log than ours, or of none that is known?
    private boolean diverges(Partition partition, Wish wish, Offsets offsets, PartitionData data) {
        var end = partition.findPositions().map(positions -> positions.endOfEpoch(wish.lastFetchedEpoch()));
        if (end.isEmpty() || end.get().endOffset() < 0 || wish.fetchOffset() < offsets.logStartOffset()) {
            refuse(
                    data,
                    subject(partition),
                    Errors.OFFSET_OUT_OF_RANGE,
                    "leader epoch %d is not known, or offset %d is below %d"
                            .formatted(wish.lastFetchedEpoch(), wish.fetchOffset(), offsets.logStartOffset()),
                    TopicLookup.rangeFacts(wish.fetchOffset(), offsets)
                            .with("lastFetchedEpoch", wish.lastFetchedEpoch()));
            return true;
        }
        if (end.get().epoch() < wish.lastFetchedEpoch() || end.get().endOffset() < wish.fetchOffset()) {
            fill(data, offsets);
            data.setDivergingEpoch(new EpochEndOffset()
                    .setEpoch(end.get().epoch())
                    .setEndOffset(end.get().endOffset()));
            mustAnswer = true;
            return true;
        }
        return false;
    }

    /// Does an answer tell the client to forget what it has read?
    static boolean isDiverging(PartitionData data) {
        return data.divergingEpoch().epoch() >= 0;
    }

    private void fill(Partition partition, Wish wish, PartitionData data, int maxBytes, ReadOutcome<LogSlice> outcome) {
        var subject = subject(partition);
        boolean first = sizeInBytes == 0;
        switch (outcome) {
            case ReadOutcome.Batches<LogSlice>(LogSlice slice, Offsets offsets) -> {
                fill(data, offsets);
                int size = slice.sizeInBytes();
                if (size > 0 && (first || size <= maxBytes)) {
                    data.setRecords(FetchedRecords.of(slice));
                    sizeInBytes += size;
                    bytesLeft -= size;
                    if (!slice.aborted().isEmpty()) {
                        data.setAbortedTransactions(abortedTransactions(slice));
                    }
                }
                unfinished.add(
                        new Unfinished(partition, wish, manner.isolation().endOf(offsets)));
            }
            case ReadOutcome.OutOfRange<LogSlice>(long offset, Offsets offsets) ->
                refuse(
                        data,
                        subject,
                        Errors.OFFSET_OUT_OF_RANGE,
                        "offset %d is outside %d..%d"
                                .formatted(offset, offsets.logStartOffset(), offsets.highWatermark()),
                        TopicLookup.rangeFacts(offset, offsets));
            case ReadOutcome.Damaged<LogSlice>(DamagedRange range) ->
                // The consumer stops and says where; it can seek behind the range.
                refuse(
                        data,
                        subject,
                        Errors.CORRUPT_MESSAGE,
                        range.toString(),
                        Facts.none().with("offset", wish.fetchOffset()));
            case ReadOutcome.StorageFailed<LogSlice>(String reason) ->
                refuse(data, subject, Errors.KAFKA_STORAGE_ERROR, reason);
            case ReadOutcome.Deleted<LogSlice> _ -> refuseDeleted(data, subject);
        }
    }

    private static List<AbortedTransaction> abortedTransactions(LogSlice slice) {
        return slice.aborted().stream()
                .map(aborted -> new AbortedTransaction()
                        .setProducerId(aborted.producerId())
                        .setFirstOffset(aborted.firstOffset()))
                .toList();
    }

    private void fill(PartitionData data, Offsets offsets) {
        data.setHighWatermark(offsets.highWatermark())
                .setLastStableOffset(offsets.lastStableOffset())
                .setLogStartOffset(offsets.logStartOffset())
                .setAbortedTransactions(manner.isolation() == Isolation.READ_COMMITTED ? List.of() : null);
    }

    private static Subject subject(Partition partition) {
        return Subject.partition(partition.name().topic(), partition.name().partition());
    }

    /// It was deleted since it was found.
    private void refuseDeleted(PartitionData data, Subject subject) {
        boolean byId = request.version() >= FIRST_VERSION_WITH_IDS;
        refuse(
                data,
                subject,
                byId ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION,
                "the topic was deleted");
    }

    /// What a partition answers that is refused before it is looked for.
    static PartitionData refused(int partition, Errors error) {
        return refuse(new PartitionData().setPartitionIndex(partition).setRecords(MemoryRecords.EMPTY), error);
    }

    private static PartitionData refuse(PartitionData data, Errors error) {
        return data.setErrorCode(error.code())
                .setHighWatermark(UNKNOWN)
                .setLastStableOffset(UNKNOWN)
                .setLogStartOffset(UNKNOWN);
    }

    private void refuse(PartitionData data, Subject subject, Errors error, String detail) {
        refuse(data, subject, error, detail, Facts.none());
    }

    private void refuse(PartitionData data, Subject subject, Errors error, String detail, Facts evidence) {
        // Old clients do not know that a disk can fail; this error has them ask again.
        boolean unknownToClient =
                error == Errors.KAFKA_STORAGE_ERROR && request.version() <= LAST_VERSION_WITHOUT_STORAGE_ERROR;
        refuse(data, unknownToClient ? Errors.NOT_LEADER_OR_FOLLOWER : error);
        refusals.add(() -> request.noteRefusal(subject, error, error.name(), detail, evidence));
    }
}
