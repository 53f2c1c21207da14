package io.vitrine.transaction;

import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.coordinator.transaction.TxnTransitMetadata;

/// What becomes of a transactional id for somebody's wish.
sealed interface Transition {
    /// It changes.
    record To(TxnTransitMetadata next) implements Transition {}

    /// It is as wished already.
    record Already() implements Transition {}

    /// A producer id that nobody has is needed first.
    record NeedsProducerId() implements Transition {}

    /// It can't be.
    record Refused(Errors error, String why) implements Transition {}
}
