package io.vitrine.inspect;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// How people want to see the bytes of a key or a value.
public enum PayloadFormat {
    /// JSON if it is an object or an array, else text if it is some, else base64. Which one it was, the answer says.
    AUTO,
    /// Any JSON value, a number alone too.
    JSON,
    /// Text, with whatever control characters are in it.
    UTF8,
    BASE64,
    HEX,
    /// The size alone.
    NONE;

    /// Finds the format by the name it has in URLs.
    public static Optional<PayloadFormat> find(String label) {
        return Arrays.stream(values())
                .filter(format -> format.label().equals(label))
                .findFirst();
    }

    /// The name in URLs and answers.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
