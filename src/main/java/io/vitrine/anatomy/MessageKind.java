package io.vitrine.anatomy;

import java.util.Locale;

/// What bytes can be.
public enum MessageKind {
    REQUEST,
    RESPONSE,
    /// One record batch or several, one behind the other.
    BATCH;

    /// The name in URLs and answers.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
