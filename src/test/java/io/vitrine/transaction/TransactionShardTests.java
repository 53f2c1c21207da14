package io.vitrine.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.transaction.TransactionShard.Initialised;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ConcurrentTransactionsException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.internals.LogContext;
import org.apache.kafka.coordinator.common.runtime.CoordinatorMetadataImage;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.common.runtime.CoordinatorResult;
import org.apache.kafka.coordinator.transaction.TransactionCoordinatorRecordSerde;
import org.apache.kafka.coordinator.transaction.TransactionState;
import org.apache.kafka.server.common.TransactionVersion;
import org.apache.kafka.timeline.SnapshotRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The state machine alone: what it does when epochs are used up, and what is left of it in the log.
class TransactionShardTests {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    private static final int PARTITION = 0;
    private static final short LAST_EPOCH = Short.MAX_VALUE - 1;
    private static final int TIMEOUT_MS = 60_000;

    private final TransactionCoordinatorRecordSerde serde = new TransactionCoordinatorRecordSerde();
    private final List<CoordinatorRecord> log = new ArrayList<>();
    private final List<Prepared> loaded = new ArrayList<>();
    private TransactionVersion version = TransactionVersion.TV_2;
    private TransactionShard shard = shard();
    private long nextId = 100;

    @BeforeEach
    void start() {
        shard = shard();
    }

    @Test
    void aProducerWhoseEpochsAreUsedUpByItsTransactionsGetsAnotherId() {
        var producer = withEpoch(LAST_EPOCH);
        add(producer);

        var end = apply(end(producer, true, newId()));
        var prepared = end.prepared().orElseThrow();

        assertThat(prepared.entry().producerId()).isEqualTo(producer.id());
        assertThat(prepared.entry().producerEpoch()).isEqualTo(Short.MAX_VALUE);
        assertThat(new Producer(end.producerId(), end.producerEpoch())).isEqualTo(new Producer(101, (short) 0));
        // It begins its next transaction before the last one is complete.
        assertThatThrownBy(() -> add(new Producer(101, (short) 0))).isInstanceOf(ConcurrentTransactionsException.class);
        assertThat(apply(shard.complete(prepared))).isTrue();
        add(new Producer(101, (short) 0));
        assertThat(entry().state()).isEqualTo(TransactionState.ONGOING);
    }

    @Test
    void theEndThatUsedUpTheEpochsCanBeAskedForAgain() {
        var producer = withEpoch(LAST_EPOCH);
        add(producer);
        apply(shard.complete(apply(end(producer, true, newId())).prepared().orElseThrow()));

        var again = apply(end(producer, true, OptionalLong.empty()));

        assertThat(again.prepared()).isEmpty();
        assertThat(again.producerId()).isEqualTo(101);
        assertThat(again.producerEpoch()).isZero();
        assertThatThrownBy(() -> end(producer, false, OptionalLong.empty()))
                .isInstanceOf(InvalidTxnStateException.class);
    }

    @Test
    void aProducerWhoseEpochsAreUsedUpByComingBackGetsAnotherId() {
        version = TransactionVersion.TV_0;
        withEpoch(LAST_EPOCH);

        assertThatThrownBy(() -> init(null, OptionalLong.empty())).isInstanceOf(NeedsProducerIdException.class);

        assertThat(given(init(null, newId()))).isEqualTo(new Producer(101, (short) 0));
    }

    @Test
    void anIdThatIsNeededIsAskedForBeforeAnythingChanges() {
        assertThatThrownBy(() -> init(null, OptionalLong.empty())).isInstanceOf(NeedsProducerIdException.class);
        var producer = withEpoch(LAST_EPOCH);
        add(producer);
        int records = log.size();

        assertThatThrownBy(() -> end(producer, true, OptionalLong.empty()))
                .isInstanceOf(NeedsProducerIdException.class);

        assertThat(log).hasSize(records);
        assertThat(entry().state()).isEqualTo(TransactionState.ONGOING);
    }

    @Test
    void fencingRaisesTheEpochOnceSinceVersionTwoAndTheProducerComesInTheNext() {
        var producer = given(init(null, newId()));
        add(producer);

        var aborting = apply(init(null, OptionalLong.empty()));

        assertThat(aborting).isInstanceOf(Initialised.Aborting.class);
        assertThat(entry().producerEpoch()).isEqualTo((short) 1);
        assertThatThrownBy(() -> init(null, OptionalLong.empty())).isInstanceOf(ConcurrentTransactionsException.class);
        apply(shard.complete(((Initialised.Aborting) aborting).prepared()));
        assertThat(given(init(null, OptionalLong.empty())).epoch()).isEqualTo((short) 2);
        assertThatThrownBy(() -> add(producer)).isInstanceOf(ProducerFencedException.class);
    }

    @Test
    void aProducerThatMissedItsAnswerGetsItAgainButNotFromTheLog() {
        var first = given(init(null, newId()));
        var second = given(init(first, OptionalLong.empty()));

        assertThat(given(init(first, OptionalLong.empty()))).isEqualTo(second);

        // The record has no place for the epoch before; Kafka forgets it too.
        reload();
        assertThatThrownBy(() -> init(first, OptionalLong.empty())).isInstanceOf(ProducerFencedException.class);
    }

    @Test
    void whatIsPreparedIsToldOfWhenItIsLoaded() {
        var producer = given(init(null, newId()));
        add(producer);
        apply(end(producer, false, OptionalLong.empty()));

        reload();

        assertThat(loaded).hasSize(1);
        assertThat(loaded.getFirst().isCommit()).isFalse();
        assertThat(loaded.getFirst().entry().partitions()).containsExactly(ORDERS);
        assertThat(apply(shard.complete(loaded.getFirst()))).isTrue();
        assertThat(apply(shard.complete(loaded.getFirst()))).isFalse();
        assertThat(entry().state()).isEqualTo(TransactionState.COMPLETE_ABORT);
    }

    @Test
    void aTransactionThatIsNoLongerTheOneMeantIsNotAborted() {
        var producer = given(init(null, newId()));
        add(producer);
        var meant = entry();
        apply(shard.complete(
                apply(end(producer, true, OptionalLong.empty())).prepared().orElseThrow()));
        add(new Producer(producer.id(), (short) 1));

        assertThat(apply(shard.abort(meant, OptionalLong.empty()))).isEmpty();

        assertThat(entry().isOngoing()).isTrue();
        assertThat(apply(shard.abort(entry(), OptionalLong.empty()))).isPresent();
    }

    @Test
    void recordsAreWrittenInTheFormThatTheClusterHasAgreedOn() {
        version = TransactionVersion.TV_0;
        given(init(null, newId()));
        version = TransactionVersion.TV_1;
        given(init(null, OptionalLong.empty()));

        assertThat(log.get(0).value().version()).isZero();
        assertThat(log.get(1).value().version()).isEqualTo((short) 1);
    }

    private TransactionShard shard() {
        return new TransactionShard(
                PARTITION, new SnapshotRegistry(new LogContext()), Time.SYSTEM, () -> version, loaded::add);
    }

    /// As the next broker finds it: through the bytes of the log.
    private void reload() {
        shard = shard();
        for (var record : log) {
            var read = serde.deserialize(
                    ByteBuffer.wrap(serde.serializeKey(record)), ByteBuffer.wrap(serde.serializeValue(record)));
            shard.replay(0, -1, (short) -1, read);
        }
        shard.onLoaded(CoordinatorMetadataImage.EMPTY);
    }

    private <T> T apply(CoordinatorResult<T, CoordinatorRecord> result) {
        for (var record : result.records()) {
            shard.replay(log.size(), -1, (short) -1, record);
            log.add(record);
        }
        return result.response();
    }

    private OptionalLong newId() {
        return OptionalLong.of(nextId++);
    }

    private CoordinatorResult<Initialised, CoordinatorRecord> init(@Nullable Producer expected, OptionalLong newId) {
        return shard.init(new InitWish("t", TIMEOUT_MS, expected), newId);
    }

    private Producer given(CoordinatorResult<Initialised, CoordinatorRecord> result) {
        return ((Initialised.Given) apply(result)).producer();
    }

    /// A producer that has come back so often.
    private Producer withEpoch(short epoch) {
        var producer = given(init(null, newId()));
        var entry = entry();
        var kafka = entry.toKafka();
        kafka.setProducerEpoch((short) (epoch - 1));
        var next = kafka.prepareIncrementProducerEpoch(TIMEOUT_MS, Optional.empty(), entry.lastUpdateMs());
        apply(new CoordinatorResult<>(List.of(TransactionRecords.of("t", next, version)), true));
        return new Producer(producer.id(), epoch);
    }

    private void add(Producer producer) {
        apply(shard.add("t", new AddTransition(producer.id(), producer.epoch(), Set.of(ORDERS)), version));
    }

    private CoordinatorResult<TransactionShard.End, CoordinatorRecord> end(
            Producer producer, boolean commit, OptionalLong newId) {
        return shard.end(EndWish.of("t", producer.id(), producer.epoch(), commit, true), newId);
    }

    private TransactionEntry entry() {
        return shard.find("t", SnapshotRegistry.LATEST_EPOCH).orElseThrow().entry();
    }
}
