package io.vitrine.group;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// The kinds of groups that Kafka's coordinator knows.
public enum GroupType {
    CLASSIC,
    CONSUMER,
    SHARE,
    STREAMS;

    /// The name in URLs and answers.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Finds the type by its name, in whatever case.
    public static Optional<GroupType> find(String label) {
        return Arrays.stream(values())
                .filter(type -> type.name().equalsIgnoreCase(label))
                .findFirst();
    }
}
