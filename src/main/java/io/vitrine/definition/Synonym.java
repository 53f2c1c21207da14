package io.vitrine.definition;

import org.jspecify.annotations.Nullable;

/// One of the values that a config could have: the first of them is in force.
///
/// @param value null if it is not to be shown, or if there is none
public record Synonym(String name, @Nullable String value, ConfigSource source) {}
