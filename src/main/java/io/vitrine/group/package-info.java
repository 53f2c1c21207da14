/// Consumer groups: the one place that knows Kafka's group coordinator. It runs here on our logs: what it writes goes
/// to the partitions of `__consumer_offsets`, and what it knows is replayed from them.
@NullMarked
package io.vitrine.group;

import org.jspecify.annotations.NullMarked;
