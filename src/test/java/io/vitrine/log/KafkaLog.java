package io.vitrine.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.server.util.KafkaScheduler;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.apache.kafka.storage.internals.log.LogDirFailureChannel;
import org.apache.kafka.storage.internals.log.ProducerStateManagerConfig;
import org.apache.kafka.storage.internals.log.UnifiedLog;
import org.apache.kafka.storage.log.metrics.BrokerTopicStats;

/// Apache Kafka's own log of one partition, which says what our files have to look like.
final class KafkaLog implements AutoCloseable {
    private static final int TRANSACTION_TIMEOUT_MS = 900_000;
    private static final int PRODUCER_EXPIRATION_MS = Integer.MAX_VALUE;
    private static final int EXPIRATION_CHECK_MS = 600_000;

    private final KafkaScheduler scheduler = new KafkaScheduler(1);
    private final UnifiedLog log;

    /// @param directory is made if it does not exist; its name says topic and partition
    KafkaLog(Path directory, Map<String, String> settings) throws IOException {
        Files.createDirectories(directory);
        scheduler.startup();
        log = UnifiedLog.create(
                directory.toFile(),
                new LogConfig(settings),
                0,
                0,
                scheduler,
                new BrokerTopicStats(),
                Time.SYSTEM,
                TRANSACTION_TIMEOUT_MS,
                new ProducerStateManagerConfig(PRODUCER_EXPIRATION_MS, false),
                EXPIRATION_CHECK_MS,
                new LogDirFailureChannel(1),
                false,
                Optional.empty());
    }

    /// Appends a batch that has its offsets already, as a follower does.
    void append(ByteBuffer batch, int leaderEpoch) {
        log.appendAsFollower(MemoryRecords.readableRecords(batch), leaderEpoch);
    }

    UnifiedLog log() {
        return log;
    }

    /// Closes the log as an orderly stop does.
    @Override
    public void close() {
        log.prepareActiveSegmentForClose();
        log.flush(true);
        log.close();
        try {
            scheduler.shutdown();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
