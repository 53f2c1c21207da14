package io.vitrine.coordinator;

import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/// How many partitions a coordinator reckons with, which it is told once, when it starts: by that number it knows what
/// is in which of them.
public final class CoordinatorLayout {
    private final CoordinatorTopic topic;
    private final int partitionCount;
    private volatile @Nullable Uuid topicId;

    /// @param countIfMissing how many there will be if there is no topic yet
    public CoordinatorLayout(CoordinatorTopic topic, int countIfMissing) {
        var found = topic.find();
        this.topic = topic;
        this.partitionCount = found.map(there -> there.partitions().size()).orElse(countIfMissing);
        this.topicId = found.map(there -> there.id()).orElse(null);
    }

    public int partitionCount() {
        return partitionCount;
    }

    /// Has another topic taken the place of that one, with another number of partitions? One that has merely grown is
    /// still the same: what is in it stays where it is, up to the next start.
    public boolean isOutdated() {
        var found = topic.find();
        if (found.isEmpty() || found.get().id().equals(topicId)) {
            return false;
        }
        boolean fits = found.get().partitions().size() == partitionCount;
        if (fits) {
            topicId = found.get().id();
        }
        return !fits;
    }
}
