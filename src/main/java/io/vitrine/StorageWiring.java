package io.vitrine;

import io.vitrine.config.BrokerSettings;
import io.vitrine.config.StorageSettings;
import io.vitrine.log.CleanerSettings;
import io.vitrine.log.LogDirectory;
import io.vitrine.log.LogSettings;
import io.vitrine.partition.PartitionSettings;
import io.vitrine.partition.StorageTasks;
import io.vitrine.partition.TopicRules;
import io.vitrine.record.BatchRules;
import io.vitrine.record.StoredCompression;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Makes of the broker's settings what the packages beneath it understand, and takes the directories they name.
final class StorageWiring {
    private static final long MAX_UNCOMPRESSED_BYTES = 100 * 1024 * 1024;

    private StorageWiring() {}

    /// Locks the log directories, and the directory of the metadata log behind them if it is none of them.
    static List<LogDirectory> lock(BrokerSettings settings) throws IOException {
        var paths = new ArrayList<>(settings.log().dirs());
        if (!paths.contains(settings.log().metadataDir())) {
            paths.add(settings.log().metadataDir());
        }
        var locked = new ArrayList<LogDirectory>();
        try {
            for (var path : paths) {
                locked.add(LogDirectory.open(path));
            }
            return List.copyOf(locked);
        } catch (IOException e) {
            for (var directory : locked) {
                directory.close();
            }
            throw e;
        }
    }

    static PartitionSettings partitionSettings(BrokerSettings settings) {
        var storage = settings.storage();
        return new PartitionSettings(
                settings.nodeId(),
                topicRules(settings),
                settings.log().fsyncForAcksAll(),
                tasks(storage.tasks()),
                cleaner(storage.cleaner()));
    }

    static TopicRules topicRules(BrokerSettings settings) {
        return new TopicRules(batchRules(settings), logSettings(settings.storage()));
    }

    private static BatchRules batchRules(BrokerSettings settings) {
        var topics = settings.topics();
        return new BatchRules(
                topics.maxMessageBytes(),
                topics.logAppendTime(),
                topics.timestampBeforeMaxMs(),
                topics.timestampAfterMaxMs(),
                settings.storage().compaction().compact(),
                MAX_UNCOMPRESSED_BYTES,
                compression(topics.compression()));
    }

    private static StoredCompression compression(BrokerSettings.Compression settings) {
        var type = StoredCompression.Type.find(settings.type()).orElseThrow();
        return new StoredCompression(type, settings.gzipLevel(), settings.lz4Level(), settings.zstdLevel());
    }

    static LogSettings logSettings(StorageSettings storage) {
        var segments = storage.segments();
        var retention = storage.retention();
        var compaction = storage.compaction();
        return new LogSettings(
                new LogSettings.Segments(
                        segments.bytes(),
                        segments.ms(),
                        segments.jitterMs(),
                        segments.indexIntervalBytes(),
                        segments.indexBytes()),
                new LogSettings.Flush(
                        storage.flush().messages(), storage.flush().ms()),
                new LogSettings.Retention(
                        retention.delete(), retention.ms(), retention.bytes(), retention.deleteDelayMs()),
                new LogSettings.Compaction(
                        compaction.compact(),
                        compaction.minDirtyRatio(),
                        compaction.minLagMs(),
                        compaction.maxLagMs(),
                        compaction.deleteRetentionMs()),
                storage.producerExpirationMs());
    }

    private static StorageTasks tasks(StorageSettings.Tasks tasks) {
        return new StorageTasks(
                tasks.initialDelayMs(),
                tasks.recoveryPointMs(),
                tasks.logStartMs(),
                tasks.highWatermarkMs(),
                tasks.retentionMs(),
                tasks.flushMs(),
                tasks.producerExpirationMs(),
                tasks.recoveryThreads());
    }

    static CleanerSettings cleaner(StorageSettings.Cleaner cleaner) {
        return new CleanerSettings(
                cleaner.enabled(),
                cleaner.threads(),
                cleaner.maxBytesPerSecond(),
                cleaner.dedupeBufferBytes(),
                cleaner.ioBufferBytes(),
                cleaner.loadFactor(),
                cleaner.backoffMs());
    }

    /// The metadata log may have a directory of its own, behind the others.
    static List<LogDirectory> logDirectories(BrokerSettings settings, List<LogDirectory> directories) {
        return directories.subList(0, settings.log().dirs().size());
    }
}
