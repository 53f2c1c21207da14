/// Transactions and producer ids: the coordinator, whose logic is ours, on what Kafka's coordinators run on. What a
/// transactional id is up to lies in `__transaction_state`; what ends it is written into the partitions it touched.
@NullMarked
package io.vitrine.transaction;

import org.jspecify.annotations.NullMarked;
