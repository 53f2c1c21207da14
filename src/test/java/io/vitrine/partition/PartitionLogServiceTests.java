package io.vitrine.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.log.LogDirectory;
import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.MetadataSettings;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.record.BatchSlice;
import io.vitrine.record.Batches;
import io.vitrine.record.RecordBatch;
import io.vitrine.record.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartitionLogServiceTests {
    private static final int NODE_ID = 1;
    private static final Instant NOW = Instant.ofEpochMilli(Batches.TIMESTAMP + 5000);

    @TempDir
    Path directory;

    private LogDirectory logDirectory;
    private MetadataService metadata;
    private PartitionLogService service;

    @BeforeEach
    void start() throws Exception {
        logDirectory = LogDirectory.open(directory);
        metadata = MetadataService.open(MetadataSettings.of(NODE_ID, directory));
        service = new PartitionLogService(
                PartitionSettings.of(NODE_ID, TopicRules.KAFKA_DEFAULTS, true),
                List.of(logDirectory),
                Clock.fixed(NOW, ZoneOffset.UTC));
        service.apply(metadata.image());
        metadata.addListener(service::apply);
    }

    @AfterEach
    void stop() throws Exception {
        service.close();
        metadata.close();
        logDirectory.close();
    }

    @Test
    void aNewTopicCanBeWrittenToAsSoonAsItIsMade() throws Exception {
        metadata.createTopic("orders", 2, Map.of());

        assertThat(append("orders", 1, "one")).isEqualTo(new AppendOutcome.Appended(0, -1, 0));
        assertThat(directory.resolve("orders-1/partition.metadata")).exists();
    }

    @Test
    void anAppendThatWantsTheDiskIsDurableWhenItIsAnswered() throws Exception {
        metadata.createTopic("orders", 1, Map.of());

        append("orders", 0, "one");

        assertThat(partition("orders", 0).findOffsets().orElseThrow().durableOffset())
                .isEqualTo(1);
        assertThat(service.flushCount()).isPositive();
    }

    @Test
    void theBrokersClockCountsWhereTheTopicWantsIt() throws Exception {
        metadata.createTopic("orders", 1, Map.of("message.timestamp.type", "LogAppendTime"));

        var outcome = append("orders", 0, "one");

        assertThat(outcome).isEqualTo(new AppendOutcome.Appended(0, NOW.toEpochMilli(), 0));
        assertThat(batch("orders", 0)).satisfies(batch -> {
            assertThat(batch.attributes().usesLogAppendTime()).isTrue();
            assertThat(batch.maxTimestamp()).isEqualTo(NOW.toEpochMilli());
            assertThat(batch.crc()).isEqualTo(batch.computedCrc());
        });
    }

    @Test
    void aGreatestTimestampThatIsNotThatOfTheRecordsIsCorrected() throws Exception {
        metadata.createTopic("orders", 1, Map.of());
        var bytes = Batches.of("one");
        bytes.putLong(RecordBatch.MAX_TIMESTAMP, Batches.TIMESTAMP + 77);

        partition("orders", 0)
                .append(Batches.withCrc(bytes), Durability.PAGE_CACHE, true)
                .get();

        assertThat(batch("orders", 0).maxTimestamp()).isEqualTo(Batches.TIMESTAMP);
        assertThat(batch("orders", 0).crc()).isEqualTo(batch("orders", 0).computedCrc());
    }

    @Test
    void aRetryOfAnIdempotentProducerGetsTheFirstOffset() throws Exception {
        metadata.createTopic("orders", 1, Map.of());
        var partition = partition("orders", 0);
        partition
                .append(Batches.idempotent(7, 0, 0, "a"), Durability.DISK, true)
                .get();
        partition
                .append(Batches.idempotent(7, 0, 1, "b"), Durability.DISK, true)
                .get();

        var again = partition
                .append(Batches.idempotent(7, 0, 0, "a"), Durability.DISK, true)
                .get();
        var gap = partition
                .append(Batches.idempotent(7, 0, 5, "f"), Durability.DISK, true)
                .get();

        assertThat(again).isEqualTo(new AppendOutcome.Duplicate(0, Batches.TIMESTAMP, 0));
        assertThat(gap)
                .isInstanceOfSatisfying(
                        AppendOutcome.Refused.class,
                        refused ->
                                assertThat(refused.refusal().reason()).isEqualTo(Refusal.Reason.OUT_OF_ORDER_SEQUENCE));
        assertThat(partition.findOffsets().orElseThrow().logEndOffset()).isEqualTo(2);
    }

    @Test
    void batchesOfManyWritersNeverInterleave() throws Exception {
        metadata.createTopic("orders", 1, Map.of());
        var partition = partition("orders", 0);
        var writers = new ArrayList<Callable<List<Long>>>();
        for (int writer = 0; writer < 8; writer++) {
            var value = "writer-" + writer;
            writers.add(() -> {
                var offsets = new ArrayList<Long>();
                for (int i = 0; i < 200; i++) {
                    var outcome = partition
                            .append(Batches.of(value, value, value), Durability.PAGE_CACHE, true)
                            .get();
                    offsets.add(((AppendOutcome.Appended) outcome).baseOffset());
                }
                return offsets;
            });
        }

        var all = new HashSet<Long>();
        try (var executor = Executors.newFixedThreadPool(8)) {
            for (var written : executor.invokeAll(writers)) {
                assertThat(written.get()).isSorted();
                all.addAll(written.get());
            }
        }

        assertThat(all).hasSize(1600).allMatch(offset -> offset % 3 == 0);
        assertThat(partition.findOffsets().orElseThrow().logEndOffset()).isEqualTo(4800);
    }

    @Test
    void whoeverWaitsForAnAppendIsCalled() throws Exception {
        metadata.createTopic("orders", 1, Map.of());
        var called = new CountDownLatch(1);
        partition("orders", 0).watchers().add((_, _) -> called.countDown(), Runnable::run);

        append("orders", 0, "one");

        assertThat(called.await(1, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aDirectoryThatDoesNotSayWhoseItIsTakesThePartitionOfflineAndNoOther() throws Exception {
        Files.createDirectories(directory.resolve("orders-0"));
        Files.writeString(directory.resolve("orders-0/partition.metadata"), "version: 0\ntopic_id: orders\n");

        metadata.createTopic("orders", 2, Map.of());

        assertThat(partition("orders", 0).offlineReason().orElseThrow()).contains("topic_id");
        assertThat(append("orders", 0, "one")).isInstanceOf(AppendOutcome.StorageFailed.class);
        assertThat(append("orders", 1, "one")).isInstanceOf(AppendOutcome.Appended.class);
    }

    @Test
    void aDirectoryOfAnotherTopicIsKeptAndNotServed() throws Exception {
        Files.createDirectories(directory.resolve("orders-0"));
        Files.writeString(
                directory.resolve("orders-0/partition.metadata"), "version: 0\ntopic_id: AAAAAAAAAAAAAAAAAAAAAQ==\n");
        Files.writeString(directory.resolve("orders-0/00000000000000000000.log"), "not ours");

        metadata.createTopic("orders", 1, Map.of());

        assertThat(append("orders", 0, "one")).isInstanceOf(AppendOutcome.Appended.class);
        assertThat(directory)
                .isDirectoryContaining(kept -> kept.getFileName().toString().matches("orders-0\\.[0-9a-f]{32}-stray")
                        && Files.exists(kept.resolve("00000000000000000000.log")));
    }

    /// The kernel refuses to force /dev/null, as a dying disk does.
    @Test
    void aRefusedFsyncAcknowledgesNothingAndTakesOnlyThatPartitionOffline() throws Exception {
        linkLog("orders-0", "/dev/null");
        metadata.createTopic("orders", 2, Map.of());

        var first = append("orders", 0, "one");
        var second = append("orders", 0, "two");

        assertThat(first)
                .isInstanceOfSatisfying(
                        AppendOutcome.StorageFailed.class,
                        failed -> assertThat(failed.reason()).contains("refused an fsync"));
        assertThat(second).isInstanceOf(AppendOutcome.StorageFailed.class);
        assertThat(partition("orders", 0).offlineReason().orElseThrow()).contains("refused an fsync");
        assertThat(append("orders", 1, "one")).isInstanceOf(AppendOutcome.Appended.class);
    }

    /// /dev/full takes no byte, as a full disk does.
    @Test
    void aFullDiskRefusesAppendsAndLeavesThePartitionOnline() throws Exception {
        linkLog("orders-0", "/dev/full");
        metadata.createTopic("orders", 1, Map.of());

        var outcome = append("orders", 0, "one");

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        AppendOutcome.StorageFailed.class,
                        failed -> assertThat(failed.reason()).contains("No space left"));
        assertThat(partition("orders", 0).offlineReason()).isEmpty();
        assertThat(partition("orders", 0).findOffsets().orElseThrow().logEndOffset())
                .isZero();
    }

    @Test
    void anEmptyPartitionMetadataIsWrittenAnew() throws Exception {
        Files.createDirectories(directory.resolve("orders-0"));
        Files.createFile(directory.resolve("orders-0/partition.metadata"));

        metadata.createTopic("orders", 1, Map.of());

        assertThat(append("orders", 0, "one")).isInstanceOf(AppendOutcome.Appended.class);
        assertThat(directory.resolve("orders-0/partition.metadata")).content().contains("topic_id: ");
    }

    @Test
    void nothingIsAppendedAfterTheServiceHasStopped() throws Exception {
        metadata.createTopic("orders", 1, Map.of());
        var partition = partition("orders", 0);

        service.close();

        assertThat(partition
                        .append(Batches.of("late"), Durability.PAGE_CACHE, true)
                        .get())
                .isInstanceOf(AppendOutcome.StorageFailed.class);
    }

    @Test
    void leavesTheMarkOfAnOrderlyStopAndTakesItAway() throws IOException {
        var mark = directory.resolve(".kafka_cleanshutdown");
        logDirectory.markInUse();
        assertThat(mark).doesNotExist();

        service.close();

        assertThat(mark).exists();
    }

    private void linkLog(String partition, String target) throws IOException {
        Files.createDirectories(directory.resolve(partition));
        Files.createSymbolicLink(directory.resolve(partition, "00000000000000000000.log"), Path.of(target));
    }

    private AppendOutcome append(String topic, int partition, String value) throws Exception {
        return partition(topic, partition)
                .append(Batches.of(value), Durability.DISK, true)
                .get(10, TimeUnit.SECONDS);
    }

    private Partition partition(String topic, int partition) {
        return service.find(new TopicPartition(topic, partition)).orElseThrow();
    }

    private RecordBatch batch(String topic, long offset) {
        var read = (ReadOutcome.Batches<BatchSlice>) partition(topic, 0).read(offset, 10_000);
        return read.slice().batches().iterator().next();
    }
}
