package io.vitrine.metadata;

import io.vitrine.metadata.CreateTopicOutcome.AlreadyExists;
import io.vitrine.metadata.CreateTopicOutcome.Created;
import io.vitrine.record.BatchSlice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metadata.TopicRecord;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.image.MetadataProvenance;
import org.apache.kafka.server.common.ApiMessageAndVersion;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;

/// Everything the cluster knows about itself: topics, configs, features. The only reader and writer of
/// `__cluster_metadata-0` and `meta.properties`.
///
/// Reading is a look at the current [#image()] and never waits. Changes go one after the other through one lock:
/// ```
///   records → checked against the image → appended and fsynced → new image → listeners → the caller
/// ```
/// So what a caller or a listener has seen is on disk. Thread-safe. Whoever opens it must own the directories: a
/// second process on them would overwrite this one's records.
public final class MetadataService implements AutoCloseable {
    private static final int CLAIMS_PER_BATCH = 1_000;

    private final MetadataSettings settings;
    private final LogDirectories directories;
    private final MetadataLog log;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Consumer<ClusterImage>> listeners = new CopyOnWriteArrayList<>();
    private MetadataImage kafkaImage;
    private boolean endsInTransaction;
    private boolean hasFeatures;
    private volatile ClusterImage image;

    private MetadataService(MetadataSettings settings, LogDirectories directories, LogFile.Opener opener)
            throws IOException, MetadataException {
        this.settings = settings;
        this.directories = directories;
        var replay = new MetadataReplay(MetadataImage.EMPTY);
        this.log = MetadataLog.open(settings.metadataLogDir(), opener, replay);
        this.endsInTransaction = replay.isInTransaction();
        this.hasFeatures = replay.hasMetadataVersion();
        this.kafkaImage = replay.finish(provenance(log.extent().endOffset()));
        var empty = ClusterImage.empty(directories.clusterId(), settings.nodeId());
        this.image = TopicViews.next(empty, replay.delta(), kafkaImage, log.lastEpoch());
    }

    /// Reads the directories; formats those that are new. Directories that were formatted before are not changed.
    ///
    /// @throws MetadataException if what is there cannot be used; nothing has been changed then
    public static MetadataService open(MetadataSettings settings) throws IOException, MetadataException {
        return open(settings, LogFile::new);
    }

    static MetadataService open(MetadataSettings settings, LogFile.Opener opener)
            throws IOException, MetadataException {
        var directories = LogDirectories.open(settings);
        var service = new MetadataService(settings, directories, opener);
        if (directories.metadataDirectoryIsNew()) {
            service.format();
        }
        return service;
    }

    /// The metadata as of the last change.
    public ClusterImage image() {
        return image;
    }

    /// The id of one of the log directories, as its `meta.properties` has it; empty for any other directory.
    public Optional<Uuid> findDirectoryId(Path logDir) {
        return Optional.ofNullable(directories.directoryIds().get(logDir));
    }

    /// Has `listener` called with the new image after each change, in order, before the change is answered.
    /// It runs under the lock of the changes: it should be quick, and must not change the metadata itself.
    public void addListener(Consumer<ClusterImage> listener) {
        listeners.add(listener);
    }

    /// Creates a topic whose partitions all lie on this node. It is on disk when this returns.
    ///
    /// @param configs by Kafka's names; their values are not looked at here
    /// @throws IOException if it could not be written; there is no such topic then
    public CreateTopicOutcome createTopic(String name, int partitions, Map<String, String> configs) throws IOException {
        Optional<CreateTopicOutcome> refusal = TopicWish.check(name, partitions, configs);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        return change(current -> {
            Optional<Topic> former = current.findTopic(name);
            if (former.isPresent()) {
                return new AlreadyExists(former.get());
            }
            Optional<CreateTopicOutcome> collision = TopicWish.checkCollision(name, current.topics());
            if (collision.isPresent()) {
                return collision.get();
            }
            var topic = new TopicRecord().setName(name).setTopicId(Uuid.randomUuid());
            var partition = MetadataRecords.singleReplica(settings.nodeId(), directories.placement(settings));
            short version = metadataVersion().partitionRecordVersion();
            write(MetadataRecords.newTopic(topic, partitions, configs, partition, version));
            return new Created(image.findTopic(topic.topicId()).orElseThrow());
        });
    }

    /// Makes this node leader of every partition that has no leader and that nobody else could lead. Apache Kafka
    /// leaves all of them so when it is stopped in an orderly way.
    ///
    /// @return how many it became leader of; if none, nothing was written
    public int claimLeaderless() throws IOException {
        return change(_ -> {
            var claims = LeaderlessPartitions.claims(
                    kafkaImage.topics(), settings.nodeId(), metadataVersion().partitionChangeRecordVersion());
            for (int from = 0; from < claims.size(); from += CLAIMS_PER_BATCH) {
                write(claims.subList(from, Math.min(from + CLAIMS_PER_BATCH, claims.size())));
            }
            return claims.size();
        });
    }

    /// Sets producer ids aside that were never given out before and never will be again, whatever happens.
    public ProducerIdBlock allocateProducerIds() throws IOException {
        return change(_ -> {
            var block = ProducerIds.next(kafkaImage.producerIds());
            long brokerEpoch = kafkaImage.cluster().brokerEpoch(settings.nodeId());
            write(List.of(MetadataRecords.producerIds(settings.nodeId(), brokerEpoch, block.nextFirstId())));
            return block;
        });
    }

    /// The batches from the one that holds `fromOffset` on, as they are on disk; at least one, if there is one.
    public BatchSlice readLog(long fromOffset, int maxBytes) throws IOException {
        return MetadataLogReader.read(log.extent(), fromOffset, maxBytes);
    }

    public long logStartOffset() {
        return log.extent().startOffset();
    }

    public long logEndOffset() {
        return log.extent().endOffset();
    }

    public long sizeInBytes() {
        return log.extent().sizeInBytes();
    }

    public int segmentCount() {
        return log.extent().segments().size();
    }

    /// Waits for a change under way and accepts no further one. The image stays readable.
    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            log.close();
        } finally {
            lock.unlock();
        }
    }

    /// Something that reads the newest image and may write.
    private interface Change<T> {
        T apply(ClusterImage current) throws IOException;
    }

    private <T> T change(Change<T> change) throws IOException {
        if (lock.isHeldByCurrentThread()) {
            throw new IllegalStateException("A metadata listener tried to change the metadata it is told about");
        }
        lock.lock();
        try {
            return change.apply(image);
        } finally {
            lock.unlock();
        }
    }

    private void format() throws IOException {
        change(_ -> {
            makeReadyForWrites();
            return true;
        });
    }

    private void write(List<ApiMessageAndVersion> records) throws IOException {
        makeReadyForWrites();
        append(records);
    }

    // Records behind a transaction that never ended would belong to it, and a log without features is, to Kafka,
    // one of its very first version.
    private void makeReadyForWrites() throws IOException {
        if (endsInTransaction) {
            append(List.of(MetadataRecords.abortTransaction("its writer did not come back")));
            endsInTransaction = false;
        }
        if (!hasFeatures) {
            append(Bootstrap.records(settings.metadataLogDir(), log));
            hasFeatures = true;
        }
    }

    private void append(List<ApiMessageAndVersion> records) throws IOException {
        long endOffset = log.extent().endOffset() + records.size();
        var replay = new MetadataReplay(kafkaImage);
        MetadataImage next;
        try {
            if (endsInTransaction) {
                replay.continueTransaction();
            }
            for (var record : records) {
                replay.replay(
                        record.message(),
                        new MetadataBatchRecords.Place(
                                log.directory(), log.extent().sizeInBytes()));
            }
            next = replay.finish(provenance(endOffset));
        } catch (MetadataException e) {
            throw new IllegalStateException("Records were built that do not fit the metadata: " + records, e);
        }
        log.append(records, System.currentTimeMillis());
        kafkaImage = next;
        image = TopicViews.next(image, replay.delta(), next, log.lastEpoch());
        tellListeners(image);
    }

    // The change is made; a listener that fails must not keep it from the others.
    private void tellListeners(ClusterImage changed) {
        @Nullable RuntimeException failure = null;
        for (var listener : listeners) {
            try {
                listener.accept(changed);
            } catch (RuntimeException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw new IllegalStateException("The change is made, but a listener could not take it", failure);
        }
    }

    private MetadataProvenance provenance(long endOffset) {
        return new MetadataProvenance(endOffset - 1, Math.max(log.lastEpoch(), 0), -1, true);
    }

    private MetadataVersion metadataVersion() {
        return kafkaImage.features().metadataVersion().orElseGet(MetadataVersion::latestProduction);
    }
}
