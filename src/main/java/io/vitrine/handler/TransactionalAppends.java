package io.vitrine.handler;

import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.AppendOutcome;
import io.vitrine.partition.Durability;
import io.vitrine.partition.Partition;
import io.vitrine.partition.TransactionGate;
import io.vitrine.partition.TransactionGate.Admission;
import io.vitrine.partition.TransactionGate.Question;
import io.vitrine.partition.TransactionTicket;
import io.vitrine.record.RecordBatch;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Appends batches of transactions. The first one in a partition waits for the [TransactionGate], and those of the same
/// producer that come meanwhile wait behind it, so that they are appended in the order in which they came.
final class TransactionalAppends {
    private static final Logger log = LoggerFactory.getLogger(TransactionalAppends.class);

    private static final long MAX_WAITING_BYTES = Runtime.getRuntime().maxMemory() / 16;

    private final TransactionGate gate;
    private final AtomicLong waitingBytes = new AtomicLong();
    // The last one in each lane; done when its batch has been appended, or refused.
    private final Map<Lane, CompletableFuture<Result>> tails = new ConcurrentHashMap<>();

    TransactionalAppends(TransactionGate gate) {
        this.gate = gate;
    }

    private record Lane(TopicPartition partition, long producerId) {}

    /// What a client wants appended.
    ///
    /// @param records with a whole header of a batch, if nothing else
    /// @param addsPartition does the batch have the partition join the transaction?
    record Wish(
            String transactionalId,
            ByteBuffer records,
            Durability durability,
            boolean zstdAllowed,
            boolean addsPartition) {

        Wish copied() {
            var copy = ByteBuffer.allocate(records.limit())
                    .put(records.duplicate().position(0))
                    .flip();
            return new Wish(transactionalId, copy, durability, zstdAllowed, addsPartition);
        }
    }

    /// What becomes of it.
    sealed interface Result {
        /// The append that has begun.
        record Begun(CompletableFuture<AppendOutcome> outcome) implements Result {}

        record Refused(Admission.Refused why) implements Result {}
    }

    /// The records may change when this returns: of what has to wait a copy is kept.
    CompletableFuture<Result> append(Partition partition, Wish wish) {
        var producerId = RecordBatch.at(wish.records(), 0).producerId();
        var lane = new Lane(partition.name(), producerId);
        // There is one lane at most for each request under way, and a client's requests come one after the other.
        var before = tails.get(lane);
        var begun = before == null
                ? begin(partition, wish, false)
                : waiting(wish, held -> before.handle((_, _) -> held).thenCompose(own -> begin(partition, own, true)));
        if (!begun.isDone()) {
            tails.put(lane, begun);
            begun.whenComplete((_, _) -> tails.remove(lane, begun));
        }
        return begun;
    }

    private static Admission failed(Throwable cause) {
        log.error("The transaction coordinator could not be asked", cause);
        return new Admission.Refused(TransactionGate.Reason.UNKNOWN_SERVER_ERROR, String.valueOf(cause.getMessage()));
    }

    /// @param held is it a copy already, for which there is room?
    private CompletableFuture<Result> begin(Partition partition, Wish wish, boolean held) {
        var batch = RecordBatch.at(wish.records(), 0);
        var ticket = partition
                .transactions()
                .ask(batch.producerId(), batch.producerEpoch(), batch.baseSequence(), wish.addsPartition());
        if (ticket.isEmpty()) {
            return CompletableFuture.completedFuture(append(partition, wish, null));
        }
        var question = new Question(
                wish.transactionalId(),
                batch.producerId(),
                batch.producerEpoch(),
                partition.name(),
                wish.addsPartition());
        var admission =
                gate.admit(question).exceptionally(TransactionalAppends::failed).toCompletableFuture();
        return held || admission.isDone()
                ? admission.thenApply(known -> append(partition, wish, known, ticket.get()))
                : waiting(wish, copy -> admission.thenApply(known -> append(partition, copy, known, ticket.get())));
    }

    /// Goes on with a copy of the records, as long as there is room for copies.
    private CompletableFuture<Result> waiting(Wish wish, Function<Wish, CompletableFuture<Result>> next) {
        int size = wish.records().limit();
        if (waitingBytes.addAndGet(size) > MAX_WAITING_BYTES) {
            waitingBytes.addAndGet(-size);
            return CompletableFuture.completedFuture(new Result.Refused(new Admission.Refused(
                    TransactionGate.Reason.COORDINATOR_NOT_AVAILABLE,
                    "%d bytes of batches wait for the transaction coordinator already".formatted(MAX_WAITING_BYTES))));
        }
        return next.apply(wish.copied()).whenComplete((_, _) -> waitingBytes.addAndGet(-size));
    }

    private static Result append(Partition partition, Wish wish, Admission admission, TransactionTicket ticket) {
        return switch (admission) {
            case Admission.Refused refused -> new Result.Refused(refused);
            case Admission.Admitted() -> append(partition, wish, ticket);
        };
    }

    private static Result append(Partition partition, Wish wish, @Nullable TransactionTicket ticket) {
        return new Result.Begun(
                partition.transactions().append(wish.records(), wish.durability(), wish.zstdAllowed(), ticket));
    }
}
