package io.vitrine.control;

import io.vitrine.metadata.TopicPartition;

/// What somebody waits for.
public sealed interface Wish {
    /// The topic exists and every partition of it that lies here can be written to.
    record TopicReady(String topic) implements Wish {}

    /// The partition holds everything before this offset.
    record EndOffset(TopicPartition partition, long offset) implements Wish {}

    /// The group is stable and has as many members.
    record GroupStable(String group, int members) implements Wish {}

    /// The group has no more than so much to read, of all that it has committed something of or that a member reads.
    record GroupLag(String group, long atMost) implements Wish {}
}
