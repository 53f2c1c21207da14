package io.vitrine.log;

import java.io.IOException;

/// Told of all that compaction reads and writes, so that it can make it wait, or stop it.
@FunctionalInterface
public interface Throttle {
    Throttle NONE = _ -> {};

    /// Waits until `count` more bytes may be moved.
    ///
    /// @throws IOException to end the compaction, which takes back what it has not finished
    void acquire(long count) throws IOException;
}
