package io.vitrine.group;

import io.vitrine.coordinator.TapListener;
import io.vitrine.coordinator.TappedRecord;
import io.vitrine.metadata.TopicPartition;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.coordinator.group.generated.CoordinatorRecordType;
import org.apache.kafka.coordinator.group.generated.OffsetCommitKey;
import org.apache.kafka.coordinator.group.generated.OffsetCommitValue;

/// When offsets were committed, which the coordinator knows but does not tell: noted as the records pass, because
/// finding one again would mean to read the log. What is noted takes no more than `maxBytes`, about; the oldest notes
/// go first. A time is told only with the very offset that was committed then, so that a note on a commit that has
/// not come to be, or on one of a transaction that was aborted, says nothing wrong. Thread-safe.
final class CommitTimes implements TapListener {
    private static final long MAX_BYTES = 32 * 1024 * 1024;
    // The objects of an entry, without the characters of its names.
    private static final int ENTRY_SIZE_IN_BYTES = 250;

    private final long maxBytes;
    private final Map<Place, Commit> commits = new LinkedHashMap<>();
    private long bytes;

    /// What is committed, and by whom.
    private record Place(String group, String topic, int partition) {
        int sizeInBytes() {
            return ENTRY_SIZE_IN_BYTES + 2 * (group.length() + topic.length());
        }
    }

    private record Commit(long offset, long timestamp) {}

    CommitTimes() {
        this(MAX_BYTES);
    }

    CommitTimes(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Override
    public boolean wants(short type) {
        return type == CoordinatorRecordType.OFFSET_COMMIT.id();
    }

    @Override
    public void recorded(TappedRecord record) {
        if (!(record.key() instanceof OffsetCommitKey key)) {
            return;
        }
        var place = new Place(key.group(), key.topic(), key.partition());
        synchronized (this) {
            if (commits.remove(place) != null) {
                bytes -= place.sizeInBytes();
            }
            if (record.value() instanceof OffsetCommitValue value) {
                commits.put(place, new Commit(value.offset(), value.commitTimestamp()));
                bytes += place.sizeInBytes();
                forgetOldest();
            }
        }
    }

    /// When a group committed this offset; empty if that is not known any more.
    synchronized OptionalLong find(String group, TopicPartition partition, long offset) {
        var commit = commits.get(new Place(group, partition.topic(), partition.partition()));
        return commit != null && commit.offset() == offset ? OptionalLong.of(commit.timestamp()) : OptionalLong.empty();
    }

    /// Forgets all.
    synchronized void clear() {
        commits.clear();
        bytes = 0;
    }

    /// How many are known.
    synchronized int count() {
        return commits.size();
    }

    private void forgetOldest() {
        var oldest = commits.keySet().iterator();
        while (bytes > maxBytes && oldest.hasNext()) {
            bytes -= oldest.next().sizeInBytes();
            oldest.remove();
        }
    }
}
