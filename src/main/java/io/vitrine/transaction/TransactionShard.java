package io.vitrine.transaction;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.coordinator.common.runtime.CoordinatorMetadataImage;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.common.runtime.CoordinatorResult;
import org.apache.kafka.coordinator.common.runtime.CoordinatorShard;
import org.apache.kafka.coordinator.transaction.TxnTransitMetadata;
import org.apache.kafka.coordinator.transaction.generated.TransactionLogKey;
import org.apache.kafka.coordinator.transaction.generated.TransactionLogValue;
import org.apache.kafka.server.common.TransactionVersion;
import org.apache.kafka.timeline.SnapshotRegistry;
import org.apache.kafka.timeline.TimelineHashMap;

/// The transactional ids of one partition of `__transaction_state`. What changes one is decided on what is written,
/// though not yet on disk; answers wait for the disk. Reading sees what is on disk.
///
/// Not thread-safe: the runtime has one thread at a time at work on it. Whatever can't be fails with Kafka's exception.
final class TransactionShard implements CoordinatorShard<CoordinatorRecord> {
    private static final long NEWEST = SnapshotRegistry.LATEST_EPOCH;
    // What is forgotten at once goes into one batch.
    private static final int FORGOTTEN_AT_ONCE = 1_000;

    private final int partition;
    private final TimelineHashMap<String, TransactionEntry> entries;
    private final Time time;
    private final Supplier<TransactionVersion> server;
    private final Consumer<Prepared> onLoadedPrepared;

    /// @param partition of `__transaction_state`
    /// @param server the version of transactions that the cluster has agreed on
    /// @param onLoadedPrepared is told of what was prepared when the broker ended
    TransactionShard(
            int partition,
            SnapshotRegistry registry,
            Time time,
            Supplier<TransactionVersion> server,
            Consumer<Prepared> onLoadedPrepared) {
        this.partition = partition;
        this.entries = new TimelineHashMap<>(registry, 0);
        this.time = time;
        this.server = server;
        this.onLoadedPrepared = onLoadedPrepared;
    }

    /// What comes of asking for a producer: one, or the end of the transaction that stands in the way.
    sealed interface Initialised {
        record Given(Producer producer) implements Initialised {}

        record Aborting(Prepared prepared) implements Initialised {}
    }

    CoordinatorResult<Initialised, CoordinatorRecord> init(InitWish wish, OptionalLong newId) {
        var known = entries.get(wish.transactionalId());
        var transition = new InitTransition(wish, newId, time.milliseconds());
        if (known != null && known.isOngoing()) {
            var refused = transition.refuse(known);
            var next = next(refused == null ? fence(known, newId) : refused);
            var prepared = prepared(known.transactionalId(), next);
            return write(known.transactionalId(), next, new Initialised.Aborting(prepared));
        }
        var next = next(transition.of(known));
        return write(
                wish.transactionalId(),
                next,
                new Initialised.Given(new Producer(next.producerId(), next.producerEpoch())));
    }

    /// Adds partitions to a transaction, which begins with the first of them.
    CoordinatorResult<Boolean, CoordinatorRecord> add(
            String transactionalId, AddTransition wish, TransactionVersion version) {
        var transition = wish.of(entries.get(transactionalId), version, time.milliseconds());
        if (transition instanceof Transition.Already) {
            return new CoordinatorResult<>(List.of(), Boolean.TRUE);
        }
        return write(transactionalId, next(transition), true);
    }

    /// Which of some partitions belong to the transaction.
    Set<TopicPartition> verify(String transactionalId, AddTransition wish, long committedOffset) {
        var known = entries.get(transactionalId, committedOffset);
        var refused = wish.refuse(known);
        if (refused != null) {
            throw refused(refused);
        }
        var found = new HashSet<>(wish.partitions());
        found.retainAll(known == null ? Set.of() : known.partitions());
        return found;
    }

    /// Decides how a transaction ends.
    ///
    /// @return empty if it has ended so already
    CoordinatorResult<End, CoordinatorRecord> end(EndWish wish, OptionalLong newId) {
        var known = entries.get(wish.transactionalId());
        var transition = new EndTransition(wish, newId, time.milliseconds()).of(known);
        if (transition instanceof Transition.Already && known != null) {
            return new CoordinatorResult<>(
                    List.of(), new End(known.producerId(), known.producerEpoch(), Optional.empty()));
        }
        var next = next(transition);
        var prepared = prepared(wish.transactionalId(), next);
        return write(
                wish.transactionalId(),
                next,
                new End(prepared.producerId(), prepared.producerEpoch(), Optional.of(prepared)));
    }

    /// What a producer is told whose transaction ends, and what is to be written for it.
    record End(long producerId, short producerEpoch, Optional<Prepared> prepared) {}

    /// Aborts a transaction if it is still the one that was meant, at nobody's wish but the broker's.
    CoordinatorResult<Optional<Prepared>, CoordinatorRecord> abort(TransactionEntry meant, OptionalLong newId) {
        var known = entries.get(meant.transactionalId());
        if (known == null
                || !known.isOngoing()
                || known.startMs() != meant.startMs()
                || !isSameProducer(known, meant)) {
            return new CoordinatorResult<>(List.of(), Optional.empty());
        }
        var next = next(fence(known, newId));
        return write(meant.transactionalId(), next, Optional.of(prepared(meant.transactionalId(), next)));
    }

    /// The markers of a transaction are on disk.
    ///
    /// @return false if somebody else has completed it
    CoordinatorResult<Boolean, CoordinatorRecord> complete(Prepared prepared) {
        var known = entries.get(prepared.entry().transactionalId());
        // An older client keeps its epoch from one transaction to the next; when they began tells them apart.
        boolean isSame = known != null
                && known.isPrepared()
                && isSameProducer(known, prepared.entry())
                && known.startMs() == prepared.entry().startMs()
                && known.lastUpdateMs() == prepared.entry().lastUpdateMs();
        if (known == null || !isSame) {
            return new CoordinatorResult<>(List.of(), Boolean.FALSE);
        }
        return write(known.transactionalId(), known.toKafka().prepareComplete(time.milliseconds()), true);
    }

    /// Forgets ids that nobody has used for so long.
    CoordinatorResult<Integer, CoordinatorRecord> forgetUnused(long unusedMs) {
        long before = time.milliseconds() - unusedMs;
        var forgotten = new ArrayList<CoordinatorRecord>();
        for (var entry : entries.values()) {
            if (entry.state().isExpirationAllowed() && entry.lastUpdateMs() <= before) {
                forgotten.add(TransactionRecords.forgotten(entry.transactionalId()));
            }
            if (forgotten.size() == FORGOTTEN_AT_ONCE) {
                break;
            }
        }
        return new CoordinatorResult<>(forgotten, forgotten.size());
    }

    Optional<LocatedEntry> find(String transactionalId, long committedOffset) {
        return Optional.ofNullable(entries.get(transactionalId, committedOffset))
                .map(entry -> new LocatedEntry(partition, entry));
    }

    List<LocatedEntry> all(long committedOffset) {
        return entries.values(committedOffset).stream()
                .map(entry -> new LocatedEntry(partition, entry))
                .toList();
    }

    @Override
    public void onLoaded(CoordinatorMetadataImage image) {
        entries.values(NEWEST).stream()
                .filter(TransactionEntry::isPrepared)
                .map(entry -> Prepared.of(partition, entry))
                .forEach(onLoadedPrepared);
    }

    @Override
    public void replay(long offset, long producerId, short producerEpoch, CoordinatorRecord record) {
        if (!(record.key() instanceof TransactionLogKey key)) {
            throw new IllegalStateException("%s is no key of transactions".formatted(record.key()));
        }
        var value = record.value();
        if (value == null) {
            entries.remove(key.transactionalId());
        } else if (value.message() instanceof TransactionLogValue message) {
            entries.put(key.transactionalId(), TransactionRecords.read(key, message));
        } else {
            throw new IllegalStateException("%s is no value of transactions".formatted(value.message()));
        }
    }

    private Prepared prepared(String transactionalId, TxnTransitMetadata next) {
        return Prepared.of(partition, TransactionEntry.of(transactionalId, next));
    }

    private Transition fence(TransactionEntry open, OptionalLong newId) {
        return EndTransition.fence(open, server.get(), newId, time.milliseconds());
    }

    private <T> CoordinatorResult<T, CoordinatorRecord> write(
            String transactionalId, TxnTransitMetadata next, T answer) {
        return new CoordinatorResult<>(List.of(TransactionRecords.of(transactionalId, next, server.get())), answer);
    }

    private static TxnTransitMetadata next(Transition transition) {
        return switch (transition) {
            case Transition.To(var next) -> next;
            case Transition.NeedsProducerId() -> throw new NeedsProducerIdException();
            case Transition.Refused refused -> throw refused(refused);
            case Transition.Already() -> throw new IllegalStateException("There is nothing to write");
        };
    }

    private static RuntimeException refused(Transition.Refused refused) {
        return refused.error().exception(refused.why());
    }

    private static boolean isSameProducer(TransactionEntry known, TransactionEntry meant) {
        return known.producerId() == meant.producerId() && known.producerEpoch() == meant.producerEpoch();
    }
}
