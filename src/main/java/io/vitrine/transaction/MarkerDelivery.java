package io.vitrine.transaction;

import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.TransactionMarker;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.TransactionCoordinatorFencedException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes into each partition of a transaction how it has ended, and does not give up: a partition that is offline
/// gets its marker when it is back. Thread-safe; nothing here waits.
final class MarkerDelivery {
    private static final Logger log = LoggerFactory.getLogger(MarkerDelivery.class);
    private static final long FIRST_PAUSE_MS = 10;
    private static final long LONGEST_PAUSE_MS = 1_000;
    private static final int MOST_DOUBLINGS = 7;

    private final MarkerWriter writer;
    private volatile boolean stopping;

    MarkerDelivery(MarkerWriter writer) {
        this.writer = writer;
    }

    /// Ends a transaction in all its partitions.
    ///
    /// @param isServed does this broker still lead the log that says how it ends?
    /// @return completed when all markers are on disk: true; or false if somebody else ends it
    CompletableFuture<Boolean> deliver(Prepared prepared, int coordinatorEpoch, BooleanSupplier isServed) {
        var entry = prepared.entry();
        var marker = new TransactionMarker(
                entry.producerId(),
                entry.producerEpoch(),
                coordinatorEpoch,
                prepared.isCommit(),
                entry.clientVersion().featureLevel());
        var all = entry.partitions().stream()
                .map(partition ->
                        new Delivery(new TopicPartition(partition.topic(), partition.partition()), marker, isServed))
                .map(delivery -> deliver(delivery, 0))
                .toList();
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                .thenApply(_ -> all.stream().allMatch(CompletableFuture::join));
    }

    /// Begins no further attempt; those who wait for one are never told.
    void stop() {
        stopping = true;
    }

    /// What is to be written where.
    private record Delivery(TopicPartition partition, TransactionMarker marker, BooleanSupplier isServed) {}

    private CompletableFuture<Boolean> deliver(Delivery delivery, int failures) {
        if (!delivery.isServed().getAsBoolean()) {
            return CompletableFuture.completedFuture(false);
        }
        // What is thrown at once is a failed attempt too.
        return CompletableFuture.completedFuture(null)
                .thenCompose(_ -> writer.write(delivery.partition(), delivery.marker()))
                .thenApply(_ -> true)
                .exceptionallyCompose(thrown -> failed(delivery, failures, Causes.of(thrown)));
    }

    private CompletableFuture<Boolean> failed(Delivery delivery, int failures, Throwable why) {
        long producerId = delivery.marker().producerId();
        return switch (why) {
            // What was deleted needs no marker.
            case UnknownTopicOrPartitionException _ -> CompletableFuture.completedFuture(true);
            case InvalidProducerEpochException _ -> {
                // Somebody has ended it there past its coordinator, and the producer has gone on.
                log.warn("{} takes no marker of producer {}: {}", delivery.partition(), producerId, why.getMessage());
                yield CompletableFuture.completedFuture(true);
            }
            case TransactionCoordinatorFencedException _ -> {
                log.warn("Another coordinator ends the transaction of producer {}", producerId);
                yield CompletableFuture.completedFuture(false);
            }
            default -> later(delivery, failures, why);
        };
    }

    private CompletableFuture<Boolean> later(Delivery delivery, int failures, Throwable why) {
        if (failures == MOST_DOUBLINGS) {
            log.warn(
                    "The marker of producer {} can't be written to {}, which is tried on",
                    delivery.marker().producerId(),
                    delivery.partition(),
                    why);
        }
        long pauseMs = Math.min(FIRST_PAUSE_MS << Math.min(failures, MOST_DOUBLINGS), LONGEST_PAUSE_MS);
        var later = CompletableFuture.delayedExecutor(pauseMs, TimeUnit.MILLISECONDS);
        return CompletableFuture.supplyAsync(() -> stopping, later)
                .thenCompose(ended -> ended ? new CompletableFuture<>() : deliver(delivery, failures + 1));
    }
}
