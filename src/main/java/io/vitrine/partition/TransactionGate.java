package io.vitrine.partition;

import io.vitrine.metadata.TopicPartition;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Knows which transactions are under way and what belongs to them: the transaction coordinator, as those see it who
/// are about to write records of a transaction for the first time.
@FunctionalInterface
public interface TransactionGate {
    /// Where there is no coordinator.
    TransactionGate CLOSED = asked -> CompletableFuture.completedFuture(
            new Admission.Refused(Reason.COORDINATOR_NOT_AVAILABLE, "transactions are not served"));

    /// Does the transaction include the partition? The answers to questions about one producer come in the order of the
    /// questions, none before the one that was asked before it.
    CompletionStage<Admission> admit(Question question);

    /// What is asked.
    ///
    /// @param add if the transaction does not include the partition, is it to do so from now on? That is how
    ///     records join a transaction since its version 2
    record Question(
            String transactionalId, long producerId, short producerEpoch, TopicPartition partition, boolean add) {}

    /// The answer.
    sealed interface Admission {
        /// It does.
        record Admitted() implements Admission {}

        /// It does not, or nobody can tell.
        ///
        /// @param detail one sentence for people
        record Refused(Reason reason, String detail) implements Admission {}
    }

    /// Why not, in Kafka's words.
    enum Reason {
        /// The transaction is under way without this partition, so it can only be aborted.
        TRANSACTION_ABORTABLE,
        INVALID_TXN_STATE,
        /// The transaction before it is still being ended: it can be asked again soon.
        CONCURRENT_TRANSACTIONS,
        NOT_COORDINATOR,
        COORDINATOR_LOAD_IN_PROGRESS,
        COORDINATOR_NOT_AVAILABLE,
        /// A newer instance of the producer has taken over.
        PRODUCER_FENCED,
        INVALID_PRODUCER_EPOCH,
        /// The transactional id is not known, or has another producer id.
        INVALID_PRODUCER_ID_MAPPING,
        /// There is no transactional id.
        INVALID_REQUEST,
        /// The cluster has gone back to a version of transactions that is older than the producer's.
        UNSUPPORTED_VERSION,
        UNKNOWN_SERVER_ERROR
    }
}
