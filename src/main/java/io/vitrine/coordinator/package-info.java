/// What all of Kafka's coordinators have in common here: each keeps what it knows in the partitions of a topic, which
/// is replayed when a partition is taken over, and written by the group commit. Who they are is known further up.
@NullMarked
package io.vitrine.coordinator;

import org.jspecify.annotations.NullMarked;
