package io.vitrine.inspect;

import io.vitrine.metadata.ClusterImage;
import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.Partition;
import io.vitrine.partition.PartitionLogService;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/// Those who follow the ends of topics at this moment: not too many at a time, and all of them told when their topic
/// or the broker goes. Thread-safe.
public final class LiveTails implements AutoCloseable {
    /// How many there may be at a time.
    public static final int MAX_OPEN = 32;

    private static final String STOPPING = "the broker is stopping";
    private static final long PATIENCE_MS = 500;

    private final LogCatalog logs;
    private final PartitionLogService partitions;
    private final MetadataService metadata;
    private final Semaphore places = new Semaphore(MAX_OPEN);
    private final Set<LiveTail> tails = ConcurrentHashMap.newKeySet();
    private final LongAdder opened = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private volatile boolean closing;

    public LiveTails(LogCatalog logs, PartitionLogService partitions, MetadataService metadata) {
        this.logs = logs;
        this.partitions = partitions;
        this.metadata = metadata;
        metadata.addListener(this::imageChanged);
    }

    /// Takes a place for one tail, which has to be given back with [#leave].
    ///
    /// @return false if none is free
    public boolean tryEnter() {
        return !closing && places.tryAcquire();
    }

    /// Gives a place back.
    public void leave() {
        places.release();
    }

    /// Begins to follow a topic.
    public LiveTail open(LiveTail.Start start) {
        var tail = new LiveTail(this, start);
        tails.add(tail);
        opened.increment();
        // What has happened since the caller looked was told to those who were there.
        tell(tail, start, metadata.image());
        if (closing) {
            tail.end(STOPPING);
        }
        return tail;
    }

    /// Tails that are followed at this moment.
    public int openCount() {
        return tails.size();
    }

    /// Tails that were begun.
    public long openedCount() {
        return opened.sum();
    }

    /// Records that slow readers were not shown.
    public long droppedCount() {
        return dropped.sum();
    }

    /// Tells all that there will be no more, and waits a moment for them to pass it on.
    @Override
    public void close() {
        closing = true;
        tails.forEach(tail -> tail.end(STOPPING));
        try {
            if (places.tryAcquire(MAX_OPEN, PATIENCE_MS, TimeUnit.MILLISECONDS)) {
                places.release(MAX_OPEN);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Tells everybody whose topic has changed.
    void imageChanged(ClusterImage image) {
        tails.forEach(tail -> tell(tail, tail.start(), image));
    }

    void closed(LiveTail tail) {
        tails.remove(tail);
    }

    void dropped(long records) {
        dropped.add(records);
    }

    Optional<ReadableLog> findLog(TopicPartition partition) {
        return logs.find(partition);
    }

    Optional<Partition> findPartition(TopicPartition partition) {
        return partitions.find(partition);
    }

    private static void tell(LiveTail tail, LiveTail.Start start, ClusterImage image) {
        if (start.topic().name().equals(LogCatalog.METADATA_TOPIC)) {
            // Its log has grown, or there would be no new image.
            tail.topicChanged(start.topic());
            return;
        }
        image.findTopic(start.topic().id())
                .ifPresentOrElse(tail::topicChanged, () -> tail.end("the topic was deleted"));
    }
}
