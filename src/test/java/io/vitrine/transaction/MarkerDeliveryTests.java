package io.vitrine.transaction;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vitrine.coordinator.CoordinatorTopic;
import io.vitrine.log.DiskFailure;
import io.vitrine.log.DiskOperation;
import io.vitrine.log.LogDirectory;
import io.vitrine.log.SimulatedDisk;
import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.MetadataSettings;
import io.vitrine.partition.AppendOutcome;
import io.vitrine.partition.Durability;
import io.vitrine.partition.PartitionLogService;
import io.vitrine.partition.PartitionSettings;
import io.vitrine.partition.TopicRules;
import io.vitrine.record.Batches;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.coordinator.transaction.TransactionState;
import org.apache.kafka.server.common.TransactionVersion;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Markers are delivered whatever goes wrong in between, and by one at a time.
class MarkerDeliveryTests {
    private static final int NODE_ID = 1;
    private static final long PRODUCER_ID = 7;

    @TempDir
    Path directory;

    private final SimulatedDisk disk = new SimulatedDisk(1);
    private final Completions completions = new Completions();
    private final AtomicInteger attempts = new AtomicInteger();

    @SuppressWarnings("NullAway.Init")
    private MetadataService metadata;

    @SuppressWarnings("NullAway.Init")
    private LogDirectory logDirectory;

    @SuppressWarnings("NullAway.Init")
    private PartitionLogService partitions;

    @BeforeEach
    void start() throws Exception {
        metadata = MetadataService.open(MetadataSettings.of(NODE_ID, directory.resolve("metadata")));
        metadata.createTopic(CoordinatorTopic.OF_GROUPS, 1, Map.of());
        disk.createDirectories(directory.resolve("logs"));
        logDirectory = LogDirectory.open(directory.resolve("logs"), disk);
        partitions = new PartitionLogService(
                PartitionSettings.of(NODE_ID, TopicRules.KAFKA_DEFAULTS, true),
                List.of(logDirectory),
                Clock.systemUTC());
    }

    @AfterEach
    void stop() throws Exception {
        partitions.close();
        logDirectory.close();
        metadata.close();
    }

    @Test
    void anAttemptThatThrowsIsFollowedByAnother() throws Exception {
        var delivery = delivery(() -> {
            if (attempts.incrementAndGet() < 3) {
                throw new IllegalStateException("out of order");
            }
            return CompletableFuture.allOf();
        });

        var delivered = delivery.deliver(prepared(1), 0, () -> true);

        assertThat(delivered.get(30, SECONDS)).isTrue();
        assertThat(attempts).hasValue(3);
    }

    @Test
    void whoBeginsToEndATransactionAgainHasTheOtherLeaveIt() throws Exception {
        var delivery = delivery(() -> {
            attempts.incrementAndGet();
            return CompletableFuture.failedFuture(new NotLeaderOrFollowerException("offline"));
        });
        var first = completions.begin(prepared(1));
        var waiting = completions.await(0, "t");
        var delivered = delivery.deliver(first.prepared(), 0, () -> completions.isUnderWay(first));
        await().untilAsserted(() -> assertThat(attempts).hasValueGreaterThan(1));

        var second = completions.begin(prepared(1));

        assertThat(delivered.get(30, SECONDS)).as("delivered").isFalse();
        completions.end(first);
        assertThat(completions.isUnderWay(second)).isTrue();
        completions.end(second);
        assertThat(waiting.get(30, SECONDS)).isNull();
        assertThat(completions.isUnderWay(second)).isFalse();
    }

    @Test
    void whoComesLateDoesNotTakeOverTheNextTransaction() {
        var next = completions.begin(prepared(2));

        var late = completions.begin(prepared(1));

        assertThat(completions.isUnderWay(late)).isFalse();
        assertThat(completions.isUnderWay(next)).isTrue();
    }

    @Test
    void aPartitionThatIsOfflineGetsItsMarkerWhenItsDiskIsBack() throws Exception {
        metadata.createTopic("orders", 1, Map.of());
        partitions.apply(metadata.image());
        partitions.startUpkeep();
        var orders = partitions
                .find(new io.vitrine.metadata.TopicPartition("orders", 0))
                .orElseThrow();
        var ticket = orders.transactions().ask(PRODUCER_ID, (short) 0, 0, false);
        orders.transactions()
                .append(Batches.transactional(PRODUCER_ID, 0, 0, "v"), Durability.DISK, true, ticket.orElseThrow())
                .get(30, SECONDS);
        disk.faults().failEvery(1, DiskOperation.FORCE, DiskFailure.NO_SPACE);
        var refused =
                orders.append(Batches.of("no room"), Durability.DISK, true).get(30, SECONDS);
        assertThat(refused).isInstanceOf(AppendOutcome.StorageFailed.class);
        assertThat(orders.offlineReason()).isPresent();

        var delivered = delivery(() -> CompletableFuture.allOf()).deliver(prepared("orders", 1), 0, () -> true);
        assertThat(orders.findOffsets().orElseThrow().lastStableOffset()).isZero();
        disk.faults().clear();

        assertThat(delivered.get(60, SECONDS)).isTrue();
        assertThat(orders.offlineReason()).isEmpty();
        var offsets = orders.findOffsets().orElseThrow();
        assertThat(offsets.lastStableOffset()).isEqualTo(offsets.logEndOffset()).isGreaterThanOrEqualTo(2);
        assertThat(offsets.durableOffset()).isEqualTo(offsets.logEndOffset());
        assertThat(orders.transactions().producers())
                .singleElement()
                .satisfies(producer -> assertThat(producer.coordinatorEpoch()).isZero());
    }

    private interface Attempt {
        CompletableFuture<Void> run();
    }

    private MarkerDelivery delivery(Attempt attempt) {
        return new MarkerDelivery(new MarkerWriter(metadata, partitions, (_, _) -> attempt.run()));
    }

    private static Prepared prepared(long lastUpdateMs) {
        return prepared(CoordinatorTopic.OF_GROUPS, lastUpdateMs);
    }

    private static Prepared prepared(String topic, long lastUpdateMs) {
        var entry = new TransactionEntry(
                "t",
                PRODUCER_ID,
                TransactionEntry.NO_PRODUCER_ID,
                TransactionEntry.NO_PRODUCER_ID,
                (short) 0,
                TransactionEntry.NO_EPOCH,
                60_000,
                TransactionState.PREPARE_COMMIT,
                Set.of(new TopicPartition(topic, 0)),
                lastUpdateMs,
                lastUpdateMs,
                TransactionVersion.TV_0);
        return Prepared.of(0, entry);
    }
}
