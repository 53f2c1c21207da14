package io.vitrine.inspect;

import java.util.Locale;

/// What of a record has bytes of its own.
public enum RecordPart {
    KEY,
    VALUE;

    /// The name in URLs and answers.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
