package io.vitrine.transaction;

import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.internals.LogContext;
import org.apache.kafka.coordinator.common.runtime.CoordinatorExecutor;
import org.apache.kafka.coordinator.common.runtime.CoordinatorMetrics;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.common.runtime.CoordinatorShardBuilder;
import org.apache.kafka.coordinator.common.runtime.CoordinatorTimer;
import org.apache.kafka.server.common.TransactionVersion;
import org.apache.kafka.timeline.SnapshotRegistry;

/// Makes a [TransactionShard] of what the runtime gives it.
final class TransactionShardBuilder implements CoordinatorShardBuilder<TransactionShard, CoordinatorRecord> {
    private final Supplier<TransactionVersion> server;
    private final Consumer<Prepared> onLoadedPrepared;
    private SnapshotRegistry registry = new SnapshotRegistry(new LogContext());
    private Time time = Time.SYSTEM;
    private int partition;

    TransactionShardBuilder(Supplier<TransactionVersion> server, Consumer<Prepared> onLoadedPrepared) {
        this.server = server;
        this.onLoadedPrepared = onLoadedPrepared;
    }

    @Override
    public TransactionShardBuilder withSnapshotRegistry(SnapshotRegistry given) {
        registry = given;
        return this;
    }

    @Override
    public TransactionShardBuilder withTime(Time given) {
        time = given;
        return this;
    }

    @Override
    public TransactionShardBuilder withTopicPartition(TopicPartition given) {
        partition = given.partition();
        return this;
    }

    @Override
    public TransactionShardBuilder withLogContext(LogContext unused) {
        return this;
    }

    @Override
    public TransactionShardBuilder withTimer(CoordinatorTimer<CoordinatorRecord> unused) {
        return this;
    }

    @Override
    public TransactionShardBuilder withExecutor(CoordinatorExecutor<CoordinatorRecord> unused) {
        return this;
    }

    @Override
    public TransactionShardBuilder withCoordinatorMetrics(CoordinatorMetrics unused) {
        return this;
    }

    @Override
    public TransactionShard build() {
        return new TransactionShard(partition, registry, time, server, onLoadedPrepared);
    }
}
