package io.vitrine.fault;

import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/// Knows topics by their ids, by which newer requests name them.
@FunctionalInterface
public interface TopicNames {
    /// Null if there is none.
    @Nullable
    String find(Uuid id);
}
