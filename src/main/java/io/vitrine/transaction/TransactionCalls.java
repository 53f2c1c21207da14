package io.vitrine.transaction;

import io.vitrine.metadata.TopicPartition;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.InvalidTxnTimeoutException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.apache.kafka.server.common.TransactionVersion;

/// What can be asked of transactions. Nothing here waits; what can't be fails with Kafka's exception, whose message
/// says why.
public final class TransactionCalls {
    private final TransactionService transactions;

    public TransactionCalls(TransactionService transactions) {
        this.transactions = transactions;
    }

    /// A producer without transactions.
    public CompletableFuture<Producer> initIdempotent() {
        return transactions.producerIds().next().thenApply(id -> new Producer(id, (short) 0));
    }

    /// A producer with transactions, the only one with its transactional id from now on.
    public CompletableFuture<Producer> init(InitWish wish) {
        if (wish.transactionalId().isEmpty()) {
            return noName();
        }
        return transactions.ask(coordinator -> {
            int most = coordinator.config().transactionMaxTimeoutMs();
            return wish.timeoutMs() > 0 && wish.timeoutMs() <= most
                    ? coordinator.init(wish)
                    : CompletableFuture.failedFuture(
                            new InvalidTxnTimeoutException("expected 1 to %d ms (transaction.max.timeout.ms), found %d"
                                    .formatted(most, wish.timeoutMs())));
        });
    }

    /// Adds partitions to a producer's transaction, which begins with the first of them.
    ///
    /// @param implicitly does the producer leave it to the broker to add what it writes to?
    public CompletableFuture<Void> add(
            String transactionalId, Producer producer, Collection<TopicPartition> partitions, boolean implicitly) {
        if (transactionalId.isEmpty()) {
            return noName();
        }
        var wish = new AddTransition(producer.id(), producer.epoch(), toKafka(partitions));
        var version = implicitly ? TransactionVersion.TV_2 : TransactionVersion.TV_0;
        return transactions.ask(coordinator -> coordinator.add(transactionalId, wish, version));
    }

    /// Tells which of some partitions belong to a producer's transaction.
    public CompletableFuture<Set<TopicPartition>> verify(
            String transactionalId, Producer producer, Collection<TopicPartition> partitions) {
        if (transactionalId.isEmpty()) {
            return noName();
        }
        var wish = new AddTransition(producer.id(), producer.epoch(), toKafka(partitions));
        return transactions
                .ask(coordinator -> coordinator.verify(transactionalId, wish))
                .thenApply(found -> found.stream()
                        .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                        .collect(Collectors.toSet()));
    }

    /// Ends a transaction.
    ///
    /// @return completed when it is on disk how, with what the producer goes on with
    public CompletableFuture<Producer> end(EndWish wish) {
        return wish.transactionalId().isEmpty() ? noName() : transactions.ask(coordinator -> coordinator.end(wish));
    }

    /// Aborts the transaction that is open, whatever its producer thinks of it.
    ///
    /// @return completed with whether there was one
    public CompletableFuture<Boolean> abort(String transactionalId) {
        return entry(transactionalId)
                .thenCompose(found -> found.entry().isOngoing()
                        ? transactions.ask(coordinator -> coordinator.abort(found))
                        : CompletableFuture.completedFuture(false));
    }

    public CompletableFuture<TransactionDescription> describe(String transactionalId) {
        return entry(transactionalId).thenApply(TransactionDescription::of);
    }

    /// The transactional ids that `filter` wants, in order.
    public CompletableFuture<List<TransactionDescription>> list(TransactionFilter filter) {
        if (!transactions.isInUse()) {
            return CompletableFuture.completedFuture(List.of());
        }
        // Patterns take their time, which the coordinator's thread does not have.
        return transactions
                .ask(TransactionCoordinator::all)
                .thenApplyAsync(
                        all -> all.stream()
                                .map(TransactionDescription::of)
                                .filter(filter.at(System.currentTimeMillis()))
                                .sorted(Comparator.comparing(TransactionDescription::transactionalId))
                                .toList(),
                        transactions.mayBlock());
    }

    private CompletableFuture<LocatedEntry> entry(String transactionalId) {
        if (transactionalId.isEmpty()) {
            return noName();
        }
        return transactions
                .ask(coordinator -> coordinator.find(transactionalId))
                .thenApply((Optional<LocatedEntry> found) -> found.orElseThrow(
                        () -> new TransactionalIdNotFoundException("nobody uses this transactional id")));
    }

    private static Set<org.apache.kafka.common.TopicPartition> toKafka(Collection<TopicPartition> partitions) {
        return partitions.stream()
                .map(partition -> new org.apache.kafka.common.TopicPartition(partition.topic(), partition.partition()))
                .collect(Collectors.toSet());
    }

    private static <T> CompletableFuture<T> noName() {
        return CompletableFuture.failedFuture(
                new InvalidRequestException("expected a transactional id that is not empty"));
    }
}
