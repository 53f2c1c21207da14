package io.vitrine.control;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How far it has come with what somebody waited for.
///
/// @param reached is it so?
/// @param state what was found at the last look, by name
public record Waited(boolean reached, long waitedMs, Map<String, @Nullable Object> state) {
    public Waited {
        state = Collections.unmodifiableMap(new LinkedHashMap<>(state));
    }
}
