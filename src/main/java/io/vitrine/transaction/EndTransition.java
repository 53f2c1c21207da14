package io.vitrine.transaction;

import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.coordinator.transaction.TransactionState;
import org.apache.kafka.server.common.TransactionVersion;
import org.jspecify.annotations.Nullable;

/// What EndTxn makes of a transaction. It is decided here how it ends; markers are written when that is on disk.
///
/// From the second version of transactions on the epoch rises with each end, so that a request which comes again is
/// known by its epoch; before that, by the state alone:
/// ```
///                    present epoch            epoch before (from the second version on)
///                    abort       commit       abort       commit
///   Empty            refused*    refused      fenced      fenced
///   Ongoing          abort       commit       fenced      fenced
///   CompleteAbort    done*       refused      done        refused
///   CompleteCommit   refused*    done*        refused     done
///   * from the second version on: abort begins an empty transaction and ends it, commit is refused
/// ```
record EndTransition(EndWish wish, OptionalLong newId, long nowMs) {
    private static final short LAST_EPOCH = Short.MAX_VALUE - 1;

    Transition of(@Nullable TransactionEntry known) {
        if (known == null) {
            return new Transition.Refused(
                    Errors.INVALID_PRODUCER_ID_MAPPING, "nobody has asked for a producer with this transactional id");
        }
        boolean afterOverflow = epochRises()
                && known.previousProducerId() == wish.producerId()
                && wish.producerEpoch() == LAST_EPOCH
                && known.producerEpoch() == 0;
        if (known.producerId() != wish.producerId() && !afterOverflow) {
            return new Transition.Refused(
                    Errors.INVALID_PRODUCER_ID_MAPPING,
                    "the transactional id belongs to producer %d, not to %d"
                            .formatted(known.producerId(), wish.producerId()));
        }
        boolean again = afterOverflow || (epochRises() && known.producerEpoch() == wish.producerEpoch() + 1);
        if (!isEpochOf(known, again)) {
            return new Transition.Refused(
                    Errors.PRODUCER_FENCED,
                    "the epoch of producer %d is %d, not %d"
                            .formatted(wish.producerId(), known.producerEpoch(), wish.producerEpoch()));
        }
        return decide(known, again);
    }

    private boolean epochRises() {
        return wish.version().supportsEpochBump();
    }

    private boolean isEpochOf(TransactionEntry known, boolean again) {
        boolean present = known.producerEpoch() == wish.producerEpoch();
        if (!epochRises()) {
            return present;
        }
        return switch (known.state()) {
            case ONGOING, EMPTY, DEAD, PREPARE_EPOCH_FENCE -> present;
            case PREPARE_COMMIT, PREPARE_ABORT -> again;
            case COMPLETE_COMMIT, COMPLETE_ABORT -> again || present;
        };
    }

    private Transition decide(TransactionEntry known, boolean again) {
        return switch (known.state()) {
            case ONGOING ->
                prepare(known, wish.commit() ? TransactionState.PREPARE_COMMIT : TransactionState.PREPARE_ABORT);
            case EMPTY -> epochRises() && !wish.commit() ? abortEmpty(known) : impossible(known);
            case COMPLETE_COMMIT, COMPLETE_ABORT -> afterEnd(known, again);
            case PREPARE_COMMIT, PREPARE_ABORT ->
                wish.commit() == (known.state() == TransactionState.PREPARE_COMMIT)
                        ? new Transition.Refused(
                                Errors.CONCURRENT_TRANSACTIONS,
                                "the end of the transaction is still being written to its partitions")
                        : impossible(known);
            case DEAD, PREPARE_EPOCH_FENCE ->
                throw new IllegalStateException("'%s' is %s".formatted(known.transactionalId(), known.state()));
        };
    }

    private Transition afterEnd(TransactionEntry known, boolean again) {
        boolean asWished = wish.commit() == (known.state() == TransactionState.COMPLETE_COMMIT);
        if (!epochRises() || again) {
            return asWished ? new Transition.Already() : impossible(known);
        }
        return wish.commit() ? impossible(known) : abortEmpty(known);
    }

    private Transition abortEmpty(TransactionEntry known) {
        return prepare(known, TransactionState.PREPARE_ABORT);
    }

    private Transition prepare(TransactionEntry known, TransactionState state) {
        return prepare(known, state, wish.version(), newId, nowMs);
    }

    private Transition impossible(TransactionEntry known) {
        return new Transition.Refused(
                Errors.INVALID_TXN_STATE,
                "the transaction is %s and can't be %s"
                        .formatted(known.state().stateName(), wish.commit() ? "committed" : "aborted"));
    }

    /// Aborts what is open, at nobody's wish but the broker's: the epoch rises, so that the producer is fenced.
    ///
    /// @param server how transactions are spoken of in this cluster
    static Transition fence(TransactionEntry open, TransactionVersion server, OptionalLong newId, long nowMs) {
        if (server.supportsEpochBump()) {
            return prepare(open, TransactionState.PREPARE_ABORT, server, newId, nowMs);
        }
        var kafka = open.toKafka();
        var fenced = kafka.prepareFenceProducerEpoch();
        kafka.pendingState(Optional.empty());
        kafka.setProducerEpoch(fenced.producerEpoch());
        kafka.setLastProducerEpoch(TransactionEntry.NO_EPOCH);
        return new Transition.To(kafka.prepareAbortOrCommit(
                TransactionState.PREPARE_ABORT,
                TransactionVersion.TV_0,
                TransactionEntry.NO_PRODUCER_ID,
                nowMs,
                false));
    }

    private static Transition prepare(
            TransactionEntry known,
            TransactionState state,
            TransactionVersion version,
            OptionalLong newId,
            long nowMs) {
        boolean overflows = version.supportsEpochBump() && known.isEpochExhausted();
        if (overflows && newId.isEmpty()) {
            return new Transition.NeedsProducerId();
        }
        return new Transition.To(known.toKafka()
                .prepareAbortOrCommit(
                        state,
                        version.supportsEpochBump() ? version : TransactionVersion.TV_0,
                        overflows ? newId.getAsLong() : TransactionEntry.NO_PRODUCER_ID,
                        nowMs,
                        !known.isOngoing()));
    }
}
