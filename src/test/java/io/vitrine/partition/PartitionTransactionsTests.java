package io.vitrine.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.log.LocalDisk;
import io.vitrine.log.LogDirectory;
import io.vitrine.log.LogSettings;
import io.vitrine.log.LogSlice;
import io.vitrine.log.OpeningMarks;
import io.vitrine.log.PartitionLog;
import io.vitrine.log.ProducerSnapshotEntry;
import io.vitrine.log.RecoveryProgress;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.record.Batches;
import io.vitrine.record.Refusal.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartitionTransactionsTests {
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochMilli(Batches.TIMESTAMP), ZoneOffset.UTC);
    private static final long PRODUCER_ID = 7;
    private static final short V1 = 1;
    private static final short V2 = 2;

    @TempDir
    Path directory;

    private final GroupCommit groupCommit = new GroupCommit(1);
    private LogDirectory logDirectory;
    private Partition partition;

    @BeforeEach
    void open() throws IOException {
        logDirectory = LogDirectory.open(directory);
        var name = new TopicPartition("orders", 0);
        var log = PartitionLog.open(
                new PartitionLog.Location(new LocalDisk(), directory.resolve("orders-0")),
                LogSettings.DEFAULTS,
                OpeningMarks.UNKNOWN,
                CLOCK,
                new RecoveryProgress());
        partition = Partition.online(
                new Partition.Place(name, Uuid.randomUuid(), logDirectory, CLOCK, groupCommit),
                TopicRules.KAFKA_DEFAULTS.batchRules(Map.of()),
                log);
    }

    @AfterEach
    void close() throws IOException {
        groupCommit.close();
        partition.storage().close();
        logDirectory.close();
    }

    @Test
    void aBatchOfATransactionThatNobodyHasAskedForIsRefused() {
        assertThat(append(0, 0, null)).isEqualTo(Reason.NOT_IN_TRANSACTION);
    }

    @Test
    void aTransactionBeginsWithATicketAndNeedsNoneUntilItIsEnded() {
        var ticket = ask(0, 0).orElseThrow();

        assertThat(append(0, 0, ticket)).isNull();
        assertThat(ask(0, 1)).isEmpty();
        assertThat(append(0, 1, null)).isNull();
        assertThat(stable()).isZero();
        assertThat(end(0, V1, true)).isNull();
        assertThat(stable()).isEqualTo(3);
        assertThat(append(0, 2, null)).isEqualTo(Reason.NOT_IN_TRANSACTION);
        assertThat(append(0, 2, ticket)).isEqualTo(Reason.NOT_IN_TRANSACTION);
    }

    @Test
    void aTicketIsWorthNothingOnceItsTransactionHasBeenEnded() {
        var ticket =
                partition.transactions().ask(PRODUCER_ID, (short) 0, 0, false).orElseThrow();

        assertThat(end(0, V1, false)).isNull();

        assertThat(append(0, 0, ticket)).isEqualTo(Reason.NOT_IN_TRANSACTION);
        assertThat(stable()).isEqualTo(1);
    }

    @Test
    void aTicketOfTheEpochThatTheMarkerBringsOutlivesIt() {
        var first = ask(0, 0).orElseThrow();
        assertThat(append(0, 0, first)).isNull();
        var next = ask(1, 0).orElseThrow();

        assertThat(end(1, V2, true)).isNull();

        assertThat(append(1, 0, next)).isNull();
        assertThat(stable()).isEqualTo(2);
    }

    @Test
    void whatWasAskedForFirstIsAppendedFirst() {
        var ticket = ask(0, 0).orElseThrow();
        assertThat(ask(0, 1)).contains(ticket);

        assertThat(append(0, 1, ticket)).isEqualTo(Reason.OUT_OF_ORDER_SEQUENCE);
        assertThat(append(0, 0, ticket)).isNull();
        assertThat(append(0, 1, ticket)).isNull();
    }

    @Test
    void sinceVersionTwoAnUnknownProducerBeginsAtSequenceZero() {
        assertThat(append(0, 5, ask(0, 5).orElseThrow())).isEqualTo(Reason.OUT_OF_ORDER_SEQUENCE);

        var before = partition.transactions().ask(PRODUCER_ID + 1, (short) 0, 5, false);
        var batch = Batches.transactional(PRODUCER_ID + 1, 0, 5, "five");
        assertThat(partition
                        .transactions()
                        .append(batch, Durability.PAGE_CACHE, true, before.orElseThrow())
                        .join())
                .isInstanceOf(AppendOutcome.Appended.class);
    }

    @Test
    void oldEpochsAndBatchesOutsideAnOpenTransactionAreRefused() {
        assertThat(append(1, 0, ask(1, 0).orElseThrow())).isNull();

        assertThat(ask(0, 0)).isEmpty();
        assertThat(append(0, 0, null)).isEqualTo(Reason.OLD_PRODUCER_EPOCH);
        assertThat(outcome(Batches.idempotent(PRODUCER_ID, 1, 1, "outside"), null))
                .isEqualTo(Reason.NOT_IN_TRANSACTION);
        assertThat(end(0, V1, true)).isEqualTo(Reason.OLD_PRODUCER_EPOCH);
        assertThat(end(1, V2, true)).isEqualTo(Reason.OLD_PRODUCER_EPOCH);
        assertThat(end(2, V2, true)).isNull();
        assertThat(end(2, V2, true)).as("again").isNull();
    }

    @Test
    void aRetryOfACommittedBatchIsKnownAgain() {
        assertThat(append(0, 0, ask(0, 0).orElseThrow())).isNull();
        assertThat(end(0, V1, true)).isNull();

        var again = partition.append(Batches.transactional(PRODUCER_ID, 0, 0, "v"), Durability.PAGE_CACHE, true);

        assertThat(again.join()).isEqualTo(new AppendOutcome.Duplicate(0, Batches.TIMESTAMP, 0));
    }

    @Test
    void aMarkerWakesThoseWhoReadCommittedData() {
        var changes = new AtomicInteger();
        assertThat(append(0, 0, ask(0, 0).orElseThrow())).isNull();
        partition.watchers().add((_, changed) -> changes.addAndGet(changed ? 1 : 0), Runnable::run);

        assertThat(append(0, 1, null)).isNull();
        assertThat(changes).hasValue(0);
        assertThat(end(0, V1, true)).isNull();

        assertThat(changes).hasValue(1);
        var read = partition.reads().fetch(0, 10_000, Isolation.READ_COMMITTED);
        assertThat(read)
                .isInstanceOfSatisfying(
                        ReadOutcome.Batches.class,
                        batches -> assertThat(((LogSlice) batches.slice()).isEmpty())
                                .isFalse());
    }

    @Test
    void aTicketThatNothingCameOfIsForgottenWithItsProducer() {
        var ticket = ask(0, 0).orElseThrow();
        long day = LogSettings.DEFAULTS.producerExpirationMs();

        partition.transactions().forgetTickets(Batches.TIMESTAMP + day - 1);
        assertThat(ask(0, 0)).contains(ticket);
        partition.transactions().forgetTickets(Batches.TIMESTAMP + day);

        assertThat(append(0, 0, ticket)).isEqualTo(Reason.NOT_IN_TRANSACTION);
    }

    @Test
    void aCoordinatorWritesWithoutSequences() {
        var ticket = partition.transactions().ask(PRODUCER_ID, (short) 0, -1, true);
        var batch = Batches.withCrc(
                Batches.transactional(PRODUCER_ID, 0, 0, "offset").putInt(53, -1));

        var appended = partition.transactions().appendFromCoordinator(batch, ticket.orElseThrow());

        assertThat(appended).isEqualTo(new AppendOutcome.Appended(0, -1, 0));
        assertThat(partition.transactions().producers())
                .containsExactly(new ProducerSnapshotEntry(PRODUCER_ID, (short) 0, -1, 0, 0, Batches.TIMESTAMP, -1, 0));
    }

    private Optional<TransactionTicket> ask(int epoch, int sequence) {
        return partition.transactions().ask(PRODUCER_ID, (short) epoch, sequence, true);
    }

    private @Nullable Reason append(int epoch, int sequence, @Nullable TransactionTicket ticket) {
        return outcome(Batches.transactional(PRODUCER_ID, epoch, sequence, "v"), ticket);
    }

    private @Nullable Reason outcome(ByteBuffer batch, @Nullable TransactionTicket ticket) {
        return reason(partition
                .transactions()
                .append(batch, Durability.PAGE_CACHE, true, ticket)
                .join());
    }

    private @Nullable Reason end(int epoch, short version, boolean commit) {
        var marker = new TransactionMarker(PRODUCER_ID, (short) epoch, 0, commit, version);
        return reason(partition.transactions().end(marker, Durability.DISK).join());
    }

    private static @Nullable Reason reason(AppendOutcome outcome) {
        return switch (outcome) {
            case AppendOutcome.Appended _ -> null;
            case AppendOutcome.Refused(var refusal) -> refusal.reason();
            default -> throw new AssertionError(outcome);
        };
    }

    private long stable() {
        return partition.findOffsets().orElseThrow().lastStableOffset();
    }
}
