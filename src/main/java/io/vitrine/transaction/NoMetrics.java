package io.vitrine.transaction;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.coordinator.common.runtime.CoordinatorMetrics;
import org.apache.kafka.coordinator.common.runtime.CoordinatorMetricsShard;
import org.apache.kafka.timeline.SnapshotRegistry;

/// What the runtime wants to be told of what a coordinator counts: nothing, as that is counted where it is shown.
final class NoMetrics extends CoordinatorMetrics {
    @Override
    public CoordinatorMetricsShard newMetricsShard(SnapshotRegistry registry, TopicPartition partition) {
        return new Shard(partition);
    }

    @Override
    public void activateMetricsShard(CoordinatorMetricsShard shard) {}

    @Override
    public void deactivateMetricsShard(CoordinatorMetricsShard shard) {}

    @Override
    public void onUpdateLastCommittedOffset(TopicPartition partition, long offset) {}

    private record Shard(TopicPartition topicPartition) implements CoordinatorMetricsShard {
        @Override
        public void record(String sensor) {}

        @Override
        public void record(String sensor, double value) {}

        @Override
        public void commitUpTo(long offset) {}
    }
}
