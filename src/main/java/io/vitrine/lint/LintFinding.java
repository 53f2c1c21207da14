package io.vitrine.lint;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// Where a rule has found something.
///
/// @param subject such as `topic orders` or `broker`
/// @param evidence the values it was concluded from, by name, in order
public record LintFinding(String subject, Map<String, Object> evidence) {
    public LintFinding {
        evidence = Collections.unmodifiableMap(new LinkedHashMap<>(evidence));
    }

    static LintFinding ofBroker(String name, Object value) {
        return new LintFinding("broker", Map.of(name, value));
    }

    /// The same with more evidence.
    LintFinding with(String name, Object value) {
        var more = new LinkedHashMap<>(evidence);
        more.put(name, value);
        return new LintFinding(subject, more);
    }
}
