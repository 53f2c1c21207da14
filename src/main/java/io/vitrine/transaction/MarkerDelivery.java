package io.vitrine.transaction;

import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.TransactionMarker;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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
    /// @return completed when all markers are on disk: true; or false if somebody else ends it
    CompletableFuture<Boolean> deliver(Prepared prepared, int coordinatorEpoch) {
        var entry = prepared.entry();
        var marker = new TransactionMarker(
                entry.producerId(),
                entry.producerEpoch(),
                coordinatorEpoch,
                prepared.isCommit(),
                entry.clientVersion().featureLevel());
        var all = entry.partitions().stream()
                .map(partition -> deliver(new TopicPartition(partition.topic(), partition.partition()), marker, 0))
                .toList();
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                .thenApply(_ -> all.stream().allMatch(CompletableFuture::join));
    }

    /// Begins no further attempt; those who wait for one are never told.
    void stop() {
        stopping = true;
    }

    private CompletableFuture<Boolean> deliver(TopicPartition partition, TransactionMarker marker, int failures) {
        return writer.write(partition, marker)
                .thenApply(_ -> true)
                .exceptionallyCompose(thrown -> failed(partition, marker, failures, Causes.of(thrown)));
    }

    private CompletableFuture<Boolean> failed(
            TopicPartition partition, TransactionMarker marker, int failures, Throwable why) {
        return switch (why) {
            // What was deleted needs no marker.
            case UnknownTopicOrPartitionException _ -> CompletableFuture.completedFuture(true);
            case InvalidProducerEpochException _ -> {
                // Somebody has ended it there past its coordinator, and the producer has gone on.
                log.warn("{} takes no marker of producer {}: {}", partition, marker.producerId(), why.getMessage());
                yield CompletableFuture.completedFuture(true);
            }
            case TransactionCoordinatorFencedException _ -> {
                log.warn("Another coordinator ends the transaction of producer {}", marker.producerId());
                yield CompletableFuture.completedFuture(false);
            }
            default -> later(partition, marker, failures, why);
        };
    }

    private CompletableFuture<Boolean> later(
            TopicPartition partition, TransactionMarker marker, int failures, Throwable why) {
        if (failures == MOST_DOUBLINGS) {
            log.warn(
                    "The marker of producer {} can't be written to {}, which is tried on",
                    marker.producerId(),
                    partition,
                    why);
        }
        long pauseMs = Math.min(FIRST_PAUSE_MS << Math.min(failures, MOST_DOUBLINGS), LONGEST_PAUSE_MS);
        var later = CompletableFuture.delayedExecutor(pauseMs, TimeUnit.MILLISECONDS);
        return CompletableFuture.supplyAsync(() -> stopping, later)
                .thenCompose(ended -> ended ? new CompletableFuture<>() : deliver(partition, marker, failures + 1));
    }
}
