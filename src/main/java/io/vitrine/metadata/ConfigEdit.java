package io.vitrine.metadata;

import org.jspecify.annotations.Nullable;

/// What is to be done with one config.
///
/// @param value what to set, add or take away; null where it is deleted, and where a client left it out
public record ConfigEdit(String name, Kind kind, @Nullable String value) {
    /// What can be done.
    public enum Kind {
        SET,
        /// What holds then is what would if it had never been set.
        DELETE,
        /// Words are added to a list that does not have them.
        APPEND,
        /// Words are taken out of a list.
        SUBTRACT
    }
}
