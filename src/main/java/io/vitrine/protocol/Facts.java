package io.vitrine.protocol;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What shows that a refusal is right: named values, in the order in which they are told. One name has one meaning:
/// `expected` and `found` are what the check compared, `record` is the 0-based place of a record in its batch, and
/// `offset` is the one that was asked for.
public final class Facts {
    // Names are ours and few; this is for a mistake.
    private static final int MOST = 24;

    private final Map<String, Object> values = new LinkedHashMap<>();

    private Facts() {}

    public static Facts none() {
        return new Facts();
    }

    /// What a check wanted to see, and what it saw.
    public static Facts compared(Object expected, Object found) {
        return none().with("expected", expected).with("found", found);
    }

    /// Adds a value, unless it is null.
    ///
    /// @param value a number or a boolean, or else its text is told
    public Facts with(String name, @Nullable Object value) {
        if (value != null && values.size() < MOST) {
            values.put(name, value instanceof Number || value instanceof Boolean ? value : value.toString());
        }
        return this;
    }

    /// Adds all that others have told.
    public Facts with(Map<String, Object> others) {
        others.forEach(this::with);
        return this;
    }

    public Map<String, Object> all() {
        return Collections.unmodifiableMap(values);
    }
}
