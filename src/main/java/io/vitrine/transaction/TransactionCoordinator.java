package io.vitrine.transaction;

import io.vitrine.coordinator.CoordinatorStart;
import io.vitrine.transaction.TransactionShard.Initialised;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ConcurrentTransactionsException;
import org.apache.kafka.common.errors.NotCoordinatorException;
import org.apache.kafka.coordinator.transaction.TransactionStateManagerConfig;
import org.apache.kafka.server.common.TransactionVersion;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The coordinator of transactions at work.
/// ```
///   InitProducerId ─▶ Empty ─ AddPartitions ─▶ Ongoing ─ EndTxn, time is up, fenced ─▶ Prepare… ─ on disk ─┐
///                       ▲                         ▲                                                        │
///                       └── InitProducerId ───────┴──────────────── Complete… ◀─ all on disk ─ markers ◀───┘
/// ```
/// What is answered is on disk. Nothing here waits; what fails, fails with Kafka's exception.
final class TransactionCoordinator implements CoordinatorStart.Closeable {
    private static final Logger log = LoggerFactory.getLogger(TransactionCoordinator.class);
    private static final long PAUSE_MS = 500;

    private final TransactionRuntime runtime;
    private final TransactionStateManagerConfig config;
    private final ProducerIdSupply ids;
    private final MarkerDelivery markers;
    private final TransactionBook book;
    private final Completions completions = new Completions();
    private final ScheduledExecutorService upkeep = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("transaction-upkeep").daemon().factory());

    /// @param runtime made with the given function, which it tells what was prepared when the broker ended
    TransactionCoordinator(
            Function<Consumer<Prepared>, TransactionRuntime> runtime,
            TransactionStateManagerConfig config,
            ProducerIdSupply ids,
            MarkerDelivery markers,
            TransactionBook book) {
        this.runtime = runtime.apply(this::finish);
        this.config = config;
        this.ids = ids;
        this.markers = markers;
        this.book = book;
        int abortEveryMs = config.transactionAbortTimedOutTransactionCleanupIntervalMs();
        repeat(this.runtime::serveAll, abortEveryMs);
        repeat(this::abortTimedOut, abortEveryMs);
        repeat(this::forgetUnused, config.transactionRemoveExpiredTransactionalIdCleanupIntervalMs());
    }

    TransactionRuntime runtime() {
        return runtime;
    }

    TransactionStateManagerConfig config() {
        return config;
    }

    /// Gives a producer its id and epoch; a transaction that is in the way is aborted, and it has to ask again.
    CompletableFuture<Producer> init(InitWish wish) {
        return withId(newId ->
                        runtime.write("init-producer-id", wish.transactionalId(), shard -> shard.init(wish, newId)))
                .thenApply(initialised -> switch (initialised) {
                    case Initialised.Given(var producer) -> producer;
                    case Initialised.Aborting(var prepared) -> {
                        book.noteFenced();
                        finish(prepared);
                        throw new ConcurrentTransactionsException(
                                "the transaction that was open is being aborted; the producer is to ask again");
                    }
                });
    }

    /// Adds partitions to a transaction.
    CompletableFuture<Void> add(String transactionalId, AddTransition wish, TransactionVersion version) {
        Supplier<CompletableFuture<Boolean>> attempt = () ->
                runtime.write("add-partitions", transactionalId, shard -> shard.add(transactionalId, wish, version));
        return attempt.get()
                .exceptionallyCompose(thrown -> Causes.of(thrown) instanceof ConcurrentTransactionsException
                        ? completions
                                .await(runtime.partitionFor(transactionalId), transactionalId)
                                .thenCompose(_ -> attempt.get())
                        : CompletableFuture.failedFuture(Causes.of(thrown)))
                .thenApply(_ -> null);
    }

    /// Tells which of some partitions belong to a transaction.
    CompletableFuture<Set<TopicPartition>> verify(String transactionalId, AddTransition wish) {
        return runtime.read(
                "verify-partitions",
                transactionalId,
                (shard, committedOffset) -> shard.verify(transactionalId, wish, committedOffset));
    }

    /// Ends a transaction; completed when it is on disk how.
    CompletableFuture<Producer> end(EndWish wish) {
        return withId(newId ->
                        runtime.write("end-transaction", wish.transactionalId(), shard -> shard.end(wish, newId)))
                .thenApply(end -> {
                    end.prepared().ifPresent(this::finish);
                    return new Producer(end.producerId(), end.producerEpoch());
                });
    }

    /// Aborts a transaction, at nobody's wish but the broker's.
    ///
    /// @return completed with whether it was still open
    CompletableFuture<Boolean> abort(LocatedEntry open) {
        return withId(newId ->
                        runtime.write("abort-transaction", open.partition(), shard -> shard.abort(open.entry(), newId)))
                .thenApply(prepared -> {
                    prepared.ifPresent(this::finish);
                    return prepared.isPresent();
                });
    }

    CompletableFuture<Optional<LocatedEntry>> find(String transactionalId) {
        return runtime.read(
                "describe-transaction",
                transactionalId,
                (shard, committedOffset) -> shard.find(transactionalId, committedOffset));
    }

    /// All there are; fails if one partition can't tell.
    CompletableFuture<List<LocatedEntry>> all() {
        var parts = runtime.<List<LocatedEntry>>readAll("list-transactions", TransactionShard::all);
        return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
                .thenApply(_ ->
                        parts.stream().flatMap(part -> part.join().stream()).toList());
    }

    @Override
    public boolean isOutdated() {
        return runtime.isOutdated();
    }

    @Override
    public void close() {
        upkeep.shutdownNow();
        markers.stop();
        completions.clear();
        runtime.close();
    }

    private void repeat(Runnable task, int everyMs) {
        Runnable safe = () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                // A task that fails would not be run again.
                log.error("The upkeep of transactions failed", e);
            }
        };
        upkeep.scheduleWithFixedDelay(safe, everyMs, everyMs, TimeUnit.MILLISECONDS);
    }

    /// It is on disk how the transaction ends: it is written to its partitions, and then that this is done.
    private void finish(Prepared prepared) {
        var ending = completions.begin(prepared);
        int partition = prepared.partition();
        var epoch = runtime.leaderEpoch(partition);
        BooleanSupplier isOurs = () -> completions.isUnderWay(ending)
                && epoch.isPresent()
                && runtime.leaderEpoch(partition).equals(epoch);
        var unused = CompletableFuture.completedFuture(prepared)
                .thenCompose(all -> markers.deliver(all, epoch.orElse(-1), isOurs))
                .whenComplete((delivered, thrown) -> {
                    @Nullable Throwable failure = thrown;
                    if (failure == null && delivered) {
                        complete(ending);
                        return;
                    }
                    completions.end(ending);
                    if (failure != null) {
                        log.error(
                                "The markers of the transaction of '{}' could not be written",
                                prepared.entry().transactionalId(),
                                Causes.of(failure));
                    }
                });
        log.trace("{} is being ended: {}", prepared.entry().transactionalId(), unused);
    }

    private void complete(Completions.Ending ending) {
        var prepared = ending.prepared();
        var unused = runtime.write("complete-transaction", prepared.partition(), shard -> {
                    var completed = shard.complete(prepared);
                    // Who waits comes behind this write.
                    completions.end(ending);
                    return completed;
                })
                .exceptionally(thrown -> {
                    completions.end(ending);
                    completeLater(ending, Causes.of(thrown));
                    return false;
                });
        log.trace("{} is complete: {}", prepared.entry().transactionalId(), unused);
    }

    /// Who serves the partition next finds what is prepared; if that is still us, we go on.
    private void completeLater(Completions.Ending ending, Throwable why) {
        if (why instanceof NotCoordinatorException || upkeep.isShutdown()) {
            return;
        }
        log.warn(
                "The end of the transaction of '{}' could not be noted, which is tried again",
                ending.prepared().entry().transactionalId(),
                why);
        upkeep.schedule(() -> complete(ending), PAUSE_MS, TimeUnit.MILLISECONDS);
    }

    private void abortTimedOut() {
        long nowMs = System.currentTimeMillis();
        for (var part : runtime.<List<LocatedEntry>>readAll(
                "timed-out-transactions",
                (shard, committedOffset) -> shard.all(committedOffset).stream()
                        .filter(found -> found.entry().isTimedOut(nowMs))
                        .toList())) {
            var unused =
                    part.thenAccept(open -> open.forEach(this::abortTimedOut)).exceptionally(this::ignored);
            log.trace("Transactions are looked for whose time is up: {}", unused);
        }
    }

    private void abortTimedOut(LocatedEntry found) {
        var open = found.entry();
        log.info(
                "The transaction of '{}', producer {}, has been open for more than {} ms and is aborted",
                open.transactionalId(),
                open.producerId(),
                open.timeoutMs());
        var unused = abort(found)
                .thenAccept(done -> {
                    if (done) {
                        book.noteTimedOut();
                    }
                })
                .exceptionally(thrown -> {
                    log.warn("The transaction of '{}' could not be aborted", open.transactionalId(), thrown);
                    return null;
                });
        log.trace("{} is being aborted: {}", open.transactionalId(), unused);
    }

    private void forgetUnused() {
        for (var part : runtime.writeAll(
                "forget-unused-ids", shard -> shard.forgetUnused(config.transactionalIdExpirationMs()))) {
            var unused = part.thenAccept(forgotten -> {
                        if (forgotten > 0) {
                            log.info("{} transactional ids are forgotten that nobody uses", forgotten);
                        }
                    })
                    .exceptionally(this::ignored);
            log.trace("Unused ids are looked for: {}", unused);
        }
    }

    /// It is tried again in a while.
    private Void ignored(Throwable thrown) {
        log.debug("Upkeep of transactions", thrown);
        return null;
    }

    private <T> CompletableFuture<T> withId(Function<OptionalLong, CompletableFuture<T>> operation) {
        return operation
                .apply(OptionalLong.empty())
                .exceptionallyCompose(thrown -> Causes.of(thrown) instanceof NeedsProducerIdException
                        ? ids.next().thenCompose(id -> operation.apply(OptionalLong.of(id)))
                        : CompletableFuture.failedFuture(Causes.of(thrown)));
    }
}
