/// The partitions this broker hosts: appending, reading, waiting for more, and when an append counts as durable.
/// Kafka handlers and REST controllers share its `PartitionLogService`.
@NullMarked
package io.vitrine.partition;

import org.jspecify.annotations.NullMarked;
