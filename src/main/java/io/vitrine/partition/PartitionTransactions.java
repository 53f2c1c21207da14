package io.vitrine.partition;

import io.vitrine.log.PartitionLog;
import io.vitrine.log.ProducerSnapshotEntry;
import io.vitrine.partition.TransactionTickets.Asked;
import io.vitrine.record.BatchCheck;
import io.vitrine.record.EndMarker;
import io.vitrine.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// The transactions of one partition: how they begin here, how they end, and who has written what. Thread-safe.
/// ```
///   ask ──(open here already)─────────────────────────▶ append
///    └──▶ ticket ──▶ the TransactionGate says yes ──▶ append, with the ticket ──▶ open ──▶ end: decided
/// ```
public final class PartitionTransactions {
    private final PartitionAppends appends;
    private final TransactionTickets tickets;
    private final Clock clock;

    PartitionTransactions(PartitionAppends appends, TransactionTickets tickets, Clock clock) {
        this.appends = appends;
        this.tickets = tickets;
        this.clock = clock;
    }

    /// To be asked before the first batch of a transaction: does the [TransactionGate] have to be asked whether that is
    /// right?
    ///
    /// @param sequence of its first record; 0 if a coordinator of this broker writes it
    /// @param bumpsEpochs is the epoch of the producer a new one with each transaction, as since their version 2?
    /// @return with what to append the batch when the gate has said yes; empty if the append itself knows what to
    ///     do with the batch
    public Optional<TransactionTicket> ask(long producerId, short producerEpoch, int sequence, boolean bumpsEpochs) {
        appends.lock().lock();
        try {
            var target = appends.log();
            if (target == null
                    || target.producers().isOld(producerId, producerEpoch)
                    || target.producers().isInTransaction(producerId, producerEpoch)) {
                return Optional.empty();
            }
            return Optional.of(
                    tickets.take(new Asked(producerId, producerEpoch, sequence, bumpsEpochs), clock.millis()));
        } finally {
            appends.lock().unlock();
        }
    }

    /// Appends a batch as [Partition#append] does, which may be the first of a transaction.
    ///
    /// @param ticket null if [#ask] had none
    public CompletableFuture<AppendOutcome> append(
            @Nullable ByteBuffer records,
            Durability durability,
            boolean zstdAllowed,
            @Nullable TransactionTicket ticket) {
        return appends.append(records, durability, zstdAllowed, ticket);
    }

    /// Appends what a coordinator of this broker writes, be it on behalf of a producer, whose sequences it has not.
    /// It is in the page cache then.
    ///
    /// @param ticket null if [#ask] had none, or it is no part of a transaction
    public AppendOutcome appendFromCoordinator(ByteBuffer records, @Nullable TransactionTicket ticket) {
        var check = BatchCheck.ofCoordinator(appends.rules());
        var verdict = check.check(records, true, clock.millis());
        var judgement = ProducerJudgement.ofCoordinator(tickets, ticket);
        return appends.append(verdict, Durability.PAGE_CACHE, judgement, System.nanoTime())
                .join();
    }

    /// Ends the transaction of a producer, if one is open here: what it has written is committed or aborted from now
    /// on. The marker is written in any case.
    ///
    /// @return refused with [io.vitrine.record.Refusal.Reason#OLD_PRODUCER_EPOCH] or
    ///     [io.vitrine.record.Refusal.Reason#OLD_COORDINATOR_EPOCH] if the marker comes too late
    public CompletableFuture<AppendOutcome> end(TransactionMarker marker, Durability durability) {
        var end = new EndMarker(marker.commit(), marker.coordinatorEpoch());
        var bytes = end.batch(marker.producerId(), marker.producerEpoch(), clock.millis());
        var judgement = ProducerJudgement.ofMarker(end, marker.transactionVersion());
        return appends.write(
                RecordBatch.at(bytes, 0), BatchIntake.CLIENT_TIMESTAMPS, durability, judgement, System.nanoTime());
    }

    /// What has become of the transaction that a batch of this partition is part of; empty if it is part of none, or
    /// that can't be found out.
    ///
    /// @throws IOException if the disk failed
    public Optional<TransactionFate> fateOf(RecordBatch batch) throws IOException {
        boolean isData =
                batch.attributes().isTransactional() && !batch.attributes().isControl();
        var source = appends.log();
        if (!isData || source == null) {
            return Optional.empty();
        }
        if (isOpen(source, batch)) {
            return Optional.of(TransactionFate.OPEN);
        }
        boolean aborted = source.fetches().abortedIn(batch.baseOffset(), batch.nextOffset()).stream()
                .anyMatch(transaction -> transaction.producerId() == batch.producerId());
        return Optional.of(aborted ? TransactionFate.ABORTED : TransactionFate.COMMITTED);
    }

    private boolean isOpen(PartitionLog source, RecordBatch batch) {
        appends.lock().lock();
        try {
            return source.producers().isOfOpenTransaction(batch);
        } finally {
            appends.lock().unlock();
        }
    }

    /// Forgets tickets that nothing has come of for as long as a producer is known. For the upkeep.
    void forgetTickets(long nowMs) {
        appends.lock().lock();
        try {
            var target = appends.log();
            if (target != null) {
                tickets.forgetUpTo(nowMs - target.settings().producerExpirationMs());
            }
        } finally {
            appends.lock().unlock();
        }
    }

    /// The producers that are known, those that have been silent longest first; none if there is no log.
    public List<ProducerSnapshotEntry> producers() {
        appends.lock().lock();
        try {
            var target = appends.log();
            return target == null ? List.of() : target.producers().list();
        } finally {
            appends.lock().unlock();
        }
    }
}
