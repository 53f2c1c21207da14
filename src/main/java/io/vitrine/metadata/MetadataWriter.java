package io.vitrine.metadata;

import io.vitrine.metadata.MetadataBatchRecords.Place;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.image.MetadataProvenance;
import org.apache.kafka.server.common.ApiMessageAndVersion;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;

/// The one place where the metadata changes. Changes go one after the other through one lock:
/// ```
///   records → checked against the image → appended and fsynced → preparations → new image → listeners → the caller
/// ```
/// So what a caller or a listener has seen is on disk. Thread-safe.
final class MetadataWriter implements Closeable {
    private final MetadataSettings settings;
    private final MetadataLog log;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Consumer<ClusterChange>> preparations = new CopyOnWriteArrayList<>();
    private final List<Consumer<ClusterChange>> listeners = new CopyOnWriteArrayList<>();
    private final List<KafkaImageListener> kafkaListeners = new ArrayList<>();
    private final LogDirectories directories;
    private ControlRecords control;
    private volatile MetadataImage kafkaImage;
    private final Set<Uuid> removedAtStart;
    private boolean endsInTransaction;
    private boolean hasFeatures;
    private volatile ClusterImage image;

    /// Goes on behind what has been loaded; changes nothing yet.
    MetadataWriter(MetadataSettings settings, LogDirectories directories, MetadataDisk disk, LoadedMetadata loaded)
            throws MetadataException {
        this.settings = settings;
        this.directories = directories;
        this.log = new MetadataLog(settings.metadataLogDir(), disk, settings.log(), loaded.extent());
        this.control = loaded.control();
        var replay = loaded.replay();
        this.endsInTransaction = replay.isInTransaction();
        this.hasFeatures = replay.hasMetadataVersion();
        this.kafkaImage = replay.finish(provenance(loaded.extent().end()));
        var empty = ClusterImage.empty(directories.clusterId(), settings.nodeId());
        this.image = TopicViews.next(empty, replay.delta(), kafkaImage, control.version(), log.lastEpoch())
                .image();
        this.removedAtStart = replay.removedIds();
    }

    /// The ids of the topics whose removal was in the log when it was opened.
    Set<Uuid> removedAtStart() {
        return removedAtStart;
    }

    /// The image after the last change; for anyone, at any time.
    ClusterImage image() {
        return image;
    }

    /// How far the log reaches; for anyone, at any time.
    LogExtent extent() {
        return log.extent();
    }

    /// Where the log's files are.
    Path directory() {
        return log.directory();
    }

    MetadataLogSettings settings() {
        return settings.log();
    }

    /// What a checkpoint written now is to hold; the log begins a new segment behind it. Takes the lock for a moment.
    ///
    /// @param after end of the last checkpoint
    /// @return empty if nothing has been written behind that; or if a transaction is open, which would be torn
    Optional<Snapshot> beginCheckpoint(long after) {
        lock.lock();
        try {
            var end = log.extent().end();
            if (end.offset() <= after || endsInTransaction || !hasFeatures) {
                return Optional.empty();
            }
            log.rollBeforeNextAppend();
            return Optional.of(new Snapshot(kafkaImage, end, control));
        } finally {
            lock.unlock();
        }
    }

    /// Takes the segments that hold nothing from `offset` on out of the log; their files are left to the caller.
    List<LogExtent.Segment> forgetLogBefore(long offset) {
        lock.lock();
        try {
            return log.forgetBefore(offset);
        } finally {
            lock.unlock();
        }
    }

    /// Kafka's image after the last change; only inside a change.
    MetadataImage kafkaImage() {
        requireInsideChange();
        return kafkaImage;
    }

    /// Kafka's image after the last change; for anyone, at any time, to look at.
    MetadataImage newestKafkaImage() {
        return kafkaImage;
    }

    /// The version that decides which records may be written; only inside a change.
    MetadataVersion metadataVersion() {
        return kafkaImage().features().metadataVersion().orElseGet(MetadataVersion::latestProduction);
    }

    void addPreparation(Consumer<ClusterChange> preparation) {
        preparations.add(preparation);
    }

    void addListener(Consumer<ClusterChange> listener) {
        listeners.add(listener);
    }

    /// Has `listener` hear of the image as it is, and of each change from now on, after all others.
    void addKafkaListener(KafkaImageListener listener) {
        lock.lock();
        try {
            kafkaListeners.add(listener);
            listener.changed(new MetadataDelta.Builder().setImage(kafkaImage).build(), kafkaImage);
        } finally {
            lock.unlock();
        }
    }

    /// Something that looks at the newest image and may write.
    interface Change<T> {
        T apply(ClusterImage current) throws IOException;
    }

    /// Runs `change` while no other one runs.
    <T> T change(Change<T> change) throws IOException {
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

    /// Writes `records` as one batch; only inside a change. They are on disk and in the image when this returns.
    void write(List<ApiMessageAndVersion> records) throws IOException {
        makeReady();
        append(records);
    }

    /// Writes what must come before anything else can be written; only inside a change.
    /// Records behind a transaction that never ended would belong to it, and a log without features is, to Kafka,
    /// one of its very first version.
    void makeReady() throws IOException {
        requireInsideChange();
        if (endsInTransaction) {
            append(List.of(MetadataRecords.abortTransaction("its writer did not come back")));
            endsInTransaction = false;
        }
        if (!hasFeatures) {
            if (log.extent().endOffset() == 0) {
                // It is there already, unless a crash came just before it was written.
                control = Bootstrap.format(settings, directories);
            }
            append(Bootstrap.records(log.directory()));
            hasFeatures = true;
        }
    }

    /// Waits for a change under way and accepts no further one.
    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            log.close();
        } finally {
            lock.unlock();
        }
    }

    private void append(List<ApiMessageAndVersion> records) throws IOException {
        long nowMs = System.currentTimeMillis();
        var end = new LogEnd(log.extent().endOffset() + records.size(), log.lastEpoch(), nowMs);
        var replay = new MetadataReplay(kafkaImage);
        MetadataImage next;
        try {
            if (endsInTransaction) {
                replay.continueTransaction();
            }
            for (var record : records) {
                replay.replay(
                        record.message(),
                        new Place(log.directory(), log.extent().sizeInBytes()));
            }
            next = replay.finish(provenance(end));
        } catch (MetadataException e) {
            throw new IllegalStateException("Records were built that do not fit the metadata: " + records, e);
        }
        log.append(records, nowMs);
        kafkaImage = next;
        var change = TopicViews.next(image, replay.delta(), next, control.version(), log.lastEpoch());
        publish(change, replay.delta());
    }

    // The change is made; a listener that fails must not keep it from the others.
    private void publish(ClusterChange changed, MetadataDelta delta) {
        var calls = new ArrayList<Runnable>();
        preparations.forEach(preparation -> calls.add(() -> preparation.accept(changed)));
        calls.add(() -> image = changed.image());
        listeners.forEach(listener -> calls.add(() -> listener.accept(changed)));
        kafkaListeners.forEach(listener -> calls.add(() -> listener.changed(delta, kafkaImage)));
        @Nullable RuntimeException failure = null;
        for (var call : calls) {
            try {
                call.run();
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

    private static MetadataProvenance provenance(LogEnd end) {
        return new MetadataProvenance(end.offset() - 1, end.epoch(), end.timestampMs(), true);
    }

    private void requireInsideChange() {
        if (!lock.isHeldByCurrentThread()) {
            throw new IllegalStateException("The metadata can only be written inside a change");
        }
    }
}
