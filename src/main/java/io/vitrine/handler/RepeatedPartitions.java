package io.vitrine.handler;

import java.util.HashMap;
import java.util.Map;

/// Which partitions a request names more than once.
final class RepeatedPartitions {
    private final Map<Name, State> states = new HashMap<>();

    private record Name(String topic, int partition) {}

    private enum State {
        NAMED_ONCE,
        REPEATED,
        TAKEN
    }

    void add(String topic, int partition) {
        states.merge(new Name(topic, partition), State.NAMED_ONCE, (_, _) -> State.REPEATED);
    }

    boolean contains(String topic, int partition) {
        return states.get(new Name(topic, partition)) != State.NAMED_ONCE;
    }

    /// Is this the first time that somebody takes this repeated partition?
    boolean takeFirst(String topic, int partition) {
        return states.put(new Name(topic, partition), State.TAKEN) == State.REPEATED;
    }
}
