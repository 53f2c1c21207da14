package io.vitrine.inspect;

import java.util.LinkedHashMap;
import java.util.Map;

/// Puts evidence together, in order.
final class Evidence {
    private final Map<String, Object> values = new LinkedHashMap<>();

    static Map<String, Object> of(String name, Object value) {
        return Map.of(name, value);
    }

    Evidence with(String name, Object value) {
        values.put(name, value);
        return this;
    }

    Map<String, Object> all() {
        return values;
    }
}
