package io.vitrine.transaction;

/// A record of `__transaction_state`: something that became true of a transactional id.
///
/// @param timeMs when
/// @param state what it became, in Kafka's words; `Forgotten` where the id was
/// @param producerId who had the id; -1 with `Forgotten`
/// @param producerEpoch likewise
/// @param partitions how many belonged to the transaction, or have no marker yet where it has been decided
/// @param startMs when the transaction began; -1 where none has
/// @param partition of `__transaction_state`
/// @param offset of the record
/// @param replayed was it read from the log when the broker started?
public record TransactionEvent(
        long timeMs,
        String state,
        long producerId,
        short producerEpoch,
        int partitions,
        long startMs,
        int partition,
        long offset,
        boolean replayed) {}
