package io.vitrine.coordinator;

import io.vitrine.partition.AppendOutcome;
import io.vitrine.partition.Durability;
import io.vitrine.partition.Partition;
import io.vitrine.partition.TransactionGate;
import io.vitrine.partition.TransactionGate.Admission;
import io.vitrine.partition.TransactionMarker;
import io.vitrine.partition.TransactionTicket;
import io.vitrine.record.EndMarker;
import io.vitrine.record.RecordBatch;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.storage.internals.log.VerificationGuard;
import org.jspecify.annotations.Nullable;

/// What a coordinator writes as part of somebody's transaction: the first of it in a partition waits for the
/// [TransactionGate], and the end of it is a marker.
final class TransactionalWrites {
    private static final int FIRST_VERSION_THAT_ADDS = 5;
    private static final int FIRST_VERSION_WITH_ABORTABLE = 4;
    // Kafka's runtime gives each batch this one; it keeps no order by sequences.
    private static final int SEQUENCE = 0;

    // Nobody takes up the ticket of a write that is given up.
    private static final int MAX_TICKETS = 10_000;

    private final TransactionGate gate;
    // Kafka's runtime carries a guard from the question to the append, and nothing else.
    private final Map<VerificationGuard, TransactionTicket> tickets = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<VerificationGuard, TransactionTicket> eldest) {
            return size() > MAX_TICKETS;
        }
    };

    TransactionalWrites(TransactionGate gate) {
        this.gate = gate;
    }

    /// Asks whether a transaction includes a partition, or includes it.
    ///
    /// @param version of the client's request
    /// @return fails with Kafka's exception if it does not
    CompletableFuture<VerificationGuard> admit(
            Partition partition, String transactionalId, long producerId, short epoch, int version) {
        if (epoch < 0) {
            return CompletableFuture.failedFuture(
                    new InvalidProducerEpochException("an epoch is not negative: " + epoch));
        }
        boolean adds = version >= FIRST_VERSION_THAT_ADDS;
        var ticket = partition.transactions().ask(producerId, epoch, SEQUENCE, adds);
        if (ticket.isEmpty()) {
            return CompletableFuture.completedFuture(VerificationGuard.SENTINEL);
        }
        var question = new TransactionGate.Question(transactionalId, producerId, epoch, partition.name(), adds);
        return gate.admit(question).toCompletableFuture().thenApply(admission -> switch (admission) {
            case Admission.Admitted() -> guard(ticket.get());
            case Admission.Refused refused -> throw exception(refused, version);
        });
    }

    /// Appends a batch, or ends a transaction if that is what the batch says. It is in the page cache then.
    AppendOutcome append(Partition partition, RecordBatch batch, VerificationGuard guard, short transactionVersion) {
        if (batch.attributes().isControl()) {
            var end = EndMarker.find(batch);
            if (end == null) {
                throw new IllegalStateException("A coordinator writes a control batch that ends no transaction");
            }
            var marker = new TransactionMarker(
                    batch.producerId(),
                    batch.producerEpoch(),
                    end.coordinatorEpoch(),
                    end.commit(),
                    transactionVersion);
            // Its answer is there at once: a write to the page cache has nothing to wait for.
            return partition.transactions().end(marker, Durability.PAGE_CACHE).join();
        }
        return partition.transactions().appendFromCoordinator(batch.bytes(), ticket(guard));
    }

    private VerificationGuard guard(TransactionTicket ticket) {
        var guard = new VerificationGuard();
        synchronized (tickets) {
            tickets.put(guard, ticket);
        }
        return guard;
    }

    private @Nullable TransactionTicket ticket(VerificationGuard guard) {
        if (guard.equals(VerificationGuard.SENTINEL)) {
            return null;
        }
        synchronized (tickets) {
            return tickets.remove(guard);
        }
    }

    private static ApiException exception(Admission.Refused refused, int version) {
        var error =
                switch (refused.reason()) {
                    case TRANSACTION_ABORTABLE ->
                        version >= FIRST_VERSION_WITH_ABORTABLE
                                ? Errors.TRANSACTION_ABORTABLE
                                : Errors.INVALID_TXN_STATE;
                    case INVALID_TXN_STATE -> Errors.INVALID_TXN_STATE;
                    case CONCURRENT_TRANSACTIONS -> Errors.CONCURRENT_TRANSACTIONS;
                    case NOT_COORDINATOR, COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE ->
                        Errors.NOT_ENOUGH_REPLICAS;
                    case PRODUCER_FENCED, INVALID_PRODUCER_EPOCH -> Errors.INVALID_PRODUCER_EPOCH;
                    case INVALID_PRODUCER_ID_MAPPING -> Errors.INVALID_PRODUCER_ID_MAPPING;
                    case INVALID_REQUEST -> Errors.INVALID_REQUEST;
                    case UNSUPPORTED_VERSION -> Errors.UNSUPPORTED_VERSION;
                    case UNKNOWN_SERVER_ERROR -> Errors.UNKNOWN_SERVER_ERROR;
                };
        return error.exception(refused.detail());
    }
}
