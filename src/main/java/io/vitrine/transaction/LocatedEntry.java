package io.vitrine.transaction;

/// Where a transactional id stands, and where that is written: when the topic has grown since, it is not where the id
/// would be looked for.
///
/// @param partition of `__transaction_state`
record LocatedEntry(int partition, TransactionEntry entry) {}
