package io.vitrine.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.log.LogDirectory;
import io.vitrine.log.LogSettings;
import io.vitrine.log.OpeningMarks;
import io.vitrine.log.PartitionLog;
import io.vitrine.log.RecoveryProgress;
import io.vitrine.log.SimulatedDisk;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.record.BatchSlice;
import io.vitrine.record.Batches;
import io.vitrine.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;

/// A partition on a [SimulatedDisk], and what it has answered for: whatever befalls the disk, that has to be there.
final class SimulatedPartition implements AutoCloseable {
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochMilli(Batches.TIMESTAMP), ZoneOffset.UTC);
    private static final long PRODUCER_ID = 7;
    private static final int LEADER_EPOCH = 0;

    private final SimulatedDisk disk;
    private final Path path;
    private final Partition.Place place;
    private final LogSettings settings;
    // Has no threads: everything happens in the order that the test says.
    private final GroupCommit groupCommit = new GroupCommit(0);
    private final Map<Long, ByteBuffer> acknowledged = new TreeMap<>();
    private long recoveryPoint;
    private int sequence;
    private Partition partition;

    SimulatedPartition(SimulatedDisk disk, LogDirectory directory, String topic, LogSettings settings)
            throws IOException {
        this.disk = disk;
        this.path = Path.of("/disk", topic + "-0");
        this.settings = settings;
        this.place =
                new Partition.Place(new TopicPartition(topic, 0), Uuid.randomUuid(), directory, CLOCK, groupCommit);
        disk.createDirectories(path);
        disk.forceDirectory(Path.of("/"));
        disk.forceDirectory(Path.of("/disk"));
        this.partition = open();
    }

    Partition partition() {
        return partition;
    }

    Path path() {
        return path;
    }

    int acknowledgedCount() {
        return acknowledged.size();
    }

    /// Appends the next batch of an idempotent producer, as a client with `acks=all` does: the same again until it is
    /// answered for.
    AppendOutcome append() {
        return append(sequence * 7919 % 13 * 150);
    }

    AppendOutcome append(int valueBytes) {
        var value = "%08d".formatted(sequence) + "x".repeat(valueBytes);
        var batch = Batches.idempotent(PRODUCER_ID, 0, sequence, value);
        var answer = partition.append(batch, Durability.DISK, true);
        partition.appends().flush();
        var outcome = answer.join();
        switch (outcome) {
            case AppendOutcome.Appended appended -> note(appended.baseOffset(), batch);
            case AppendOutcome.Duplicate duplicate -> note(duplicate.baseOffset(), batch);
            case AppendOutcome.StorageFailed _ -> {}
            case AppendOutcome.Deleted deleted -> throw new AssertionError("deleted: " + deleted);
            case AppendOutcome.Refused refused -> throw new AssertionError("refused: " + refused);
        }
        return outcome;
    }

    /// Appends a batch that nobody waits for.
    AppendOutcome appendUnforced(int valueBytes) {
        return partition
                .append(Batches.of("x".repeat(valueBytes)), Durability.PAGE_CACHE, true)
                .join();
    }

    private void note(long baseOffset, ByteBuffer batch) {
        sequence++;
        batch.putLong(RecordBatch.BASE_OFFSET, baseOffset);
        batch.putInt(RecordBatch.PARTITION_LEADER_EPOCH, LEADER_EPOCH);
        acknowledged.put(baseOffset, batch);
    }

    long endOffset() {
        return partition.findOffsets().orElseThrow().logEndOffset();
    }

    /// Has the checkpoint written that the next opening goes by.
    void checkpoint() {
        partition.storage().checkpoint();
        recoveryPoint = partition.storage().findUpkeep().orElseThrow().recoveryPoint();
    }

    /// The broker is killed and started again; its disk is as it was.
    void restart() throws IOException {
        disk.kill();
        partition = open();
    }

    /// The machine loses its power.
    void cutPower() throws IOException {
        disk.faults().clear();
        disk.cutPower();
        partition = open();
    }

    /// Everything that was answered for can be read, at its offset and as it was sent.
    void requireAcknowledged() {
        acknowledged.forEach((offset, expected) -> {
            var found = partition.read(offset, 1);
            assertThat(found).as("what lies at offset %d", offset).isInstanceOf(ReadOutcome.Batches.class);
            var batch = ((ReadOutcome.Batches<BatchSlice>) found)
                    .slice()
                    .batches()
                    .iterator()
                    .next();
            assertThat(batch.bytes()).as("the batch at offset %d", offset).isEqualTo(expected);
        });
    }

    /// All of the log is sound and nothing is missing in it.
    void requireWhole() {
        long offset = 0;
        while (offset < endOffset()) {
            var found = partition.read(offset, 10_000);
            assertThat(found).as("what lies at offset %d", offset).isInstanceOf(ReadOutcome.Batches.class);
            for (var batch : ((ReadOutcome.Batches<BatchSlice>) found).slice().batches()) {
                assertThat(batch.baseOffset()).isEqualTo(offset);
                assertThat(batch.computedCrc()).isEqualTo(batch.crc());
                offset = batch.nextOffset();
            }
        }
        assertThat(partition.reads().damagedRanges()).isEmpty();
    }

    @Override
    public void close() {
        groupCommit.close();
        disk.kill();
    }

    private Partition open() throws IOException {
        var opened = PartitionLog.open(
                new PartitionLog.Location(disk, path),
                settings,
                new OpeningMarks(false, recoveryPoint, 0, LEADER_EPOCH),
                CLOCK,
                new RecoveryProgress());
        return Partition.online(place, TopicRules.KAFKA_DEFAULTS.batchRules(Map.of()), opened);
    }
}
