package io.vitrine.tap;

import java.util.List;
import java.util.Optional;

/// The open connections, for those who do not serve them. Thread-safe.
public interface ConnectionOverview {
    /// How many are open.
    int connectionCount();

    /// Those with this id and greater ones, in the order of their ids, which is that of their opening.
    List<ConnectionEntry> list(long from, int limit);

    Optional<ConnectionEntry> find(long id);

    /// Closes one and keeps the reason.
    ///
    /// @return false if there is none such
    boolean close(long id, String reason);
}
