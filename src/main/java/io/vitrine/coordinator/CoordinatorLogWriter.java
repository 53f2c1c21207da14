package io.vitrine.coordinator;

import io.vitrine.partition.AppendOutcome;
import io.vitrine.partition.Partition;
import io.vitrine.partition.TransactionGate;
import io.vitrine.record.RecordBatch;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.coordinator.common.runtime.PartitionWriter;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.apache.kafka.storage.internals.log.VerificationGuard;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes what a coordinator decides into the logs of its topic. A write is in the page cache when
/// [#append] returns, and the coordinator's thread goes on; it answers its clients when it hears of a high watermark
/// behind the write, which it does when the group commit has forced the log:
/// ```
///   append ─▶ page cache ─▶ next operation
///                 └─ group commit ─▶ on disk ─▶ high watermark ─▶ answers
/// ```
/// Without `fsync` it hears of it at once.
public final class CoordinatorLogWriter implements PartitionWriter {
    private static final Logger log = LoggerFactory.getLogger(CoordinatorLogWriter.class);
    private static final String MAX_BATCH_BYTES = "max.message.bytes";

    private final CoordinatorTopic topic;
    private final boolean fsync;
    private final RecordTap tap;
    private final ServedPartitions served;
    private final TransactionalWrites transactional;
    private final Map<TopicPartition, Listener> listeners = new ConcurrentHashMap<>();
    private final Map<Integer, LogConfig> configs = new ConcurrentHashMap<>();

    /// @param served resigns from a partition whose disk did not take what was written
    /// @param gate is asked where something is written as part of a transaction
    public CoordinatorLogWriter(
            CoordinatorTopic topic, boolean fsync, RecordTap tap, ServedPartitions served, TransactionGate gate) {
        this.topic = topic;
        this.fsync = fsync;
        this.tap = tap;
        this.served = served;
        this.transactional = new TransactionalWrites(gate);
    }

    @Override
    public void registerListener(TopicPartition partition, Listener listener) {
        listeners.put(partition, listener);
    }

    @Override
    public void deregisterListener(TopicPartition partition, Listener listener) {
        listeners.remove(partition, listener);
    }

    /// All that the coordinator asks of it is how large a batch may be.
    @Override
    public LogConfig config(TopicPartition partition) {
        return configs.computeIfAbsent(
                hosted(partition).maxBatchBytes(), bytes -> new LogConfig(Map.of(MAX_BATCH_BYTES, bytes)));
    }

    @Override
    public long append(
            TopicPartition partition, VerificationGuard guard, MemoryRecords records, short transactionVersion) {
        var target = hosted(partition);
        var written = RecordBatch.at(records.buffer(), 0);
        var outcome = transactional.append(target, written, guard, transactionVersion);
        return switch (outcome) {
            case AppendOutcome.Appended appended -> {
                // Compressed anew for the log, it has its offsets there alone.
                written.assign(appended.baseOffset(), written.partitionLeaderEpoch());
                long nextOffset = appended.baseOffset() + tap.written(partition.partition(), records);
                tellWhenSafe(partition, target, appended, nextOffset);
                yield nextOffset;
            }
            case AppendOutcome.StorageFailed(String reason) -> throw new KafkaStorageException(reason);
            case AppendOutcome.Deleted() -> throw new NotLeaderOrFollowerException(partition + " was deleted");
            case AppendOutcome.Refused refused -> throw MarkerFailure.of(refused);
            case AppendOutcome.Duplicate duplicate ->
                throw new IllegalStateException("A batch of a coordinator's was there already: " + duplicate);
        };
    }

    @Override
    public CompletableFuture<VerificationGuard> maybeStartTransactionVerification(
            TopicPartition partition, String transactionalId, long producerId, short epoch, int version) {
        return transactional.admit(hosted(partition), transactionalId, producerId, epoch, version);
    }

    @Override
    public CompletableFuture<Void> deleteRecords(TopicPartition partition, long beforeOffset) {
        try {
            topic.deleteRecords(topic.index(partition), beforeOffset);
            return CompletableFuture.completedFuture(null);
        } catch (IllegalArgumentException e) {
            return CompletableFuture.failedFuture(new OffsetOutOfRangeException(e.getMessage(), e));
        }
    }

    private void tellWhenSafe(TopicPartition partition, Partition target, AppendOutcome.Appended appended, long end) {
        if (!fsync) {
            tell(partition, end);
            return;
        }
        var unused = target.whenOnDisk(appended).thenAccept(outcome -> {
            if (outcome instanceof AppendOutcome.StorageFailed(String reason)) {
                log.error("{}: what the coordinator wrote is not on disk: {}", partition, reason);
                served.resign(partition.partition(), target);
            } else if (outcome instanceof AppendOutcome.Deleted) {
                served.resign(partition.partition(), target);
            } else if (served.isServed(partition.partition(), target)) {
                tell(partition, end);
            }
        });
        log.trace("{} waits for the disk: {}", partition, unused);
    }

    private void tell(TopicPartition partition, long highWatermark) {
        var listener = listeners.get(partition);
        if (listener != null) {
            listener.onHighWatermarkUpdated(partition, highWatermark);
        }
    }

    private Partition hosted(TopicPartition partition) {
        return topic.findPartition(topic.index(partition))
                .filter(log -> served.isServed(partition.partition(), log))
                .orElseThrow(() -> new NotLeaderOrFollowerException(partition + " is not served here"));
    }
}
