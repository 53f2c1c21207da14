package io.vitrine.metadata;

import java.util.Collection;
import java.util.Optional;
import java.util.regex.Pattern;

/// Which names a topic may have. They become directory names, so nothing else may pass.
final class TopicNames {
    private static final int MAX_LENGTH = 249;
    private static final Pattern LEGAL = Pattern.compile("[a-zA-Z0-9._-]+");
    private static final String METADATA_TOPIC = "__cluster_metadata";

    private TopicNames() {}

    /// Why a topic cannot have this name; empty if it can.
    static Optional<String> findFault(String name) {
        if (name.isEmpty()) {
            return Optional.of("a topic name must not be empty");
        }
        if (name.length() > MAX_LENGTH) {
            return Optional.of(
                    "a topic name has at most %d characters, this one %d".formatted(MAX_LENGTH, name.length()));
        }
        if (!LEGAL.matcher(name).matches()) {
            return Optional.of("topic name '%s' has characters other than a-z, A-Z, 0-9, '.', '_' and '-'"
                    .formatted(printable(name)));
        }
        if (name.equals(".") || name.equals("..")) {
            return Optional.of("'%s' names a directory, not a topic".formatted(name));
        }
        if (name.equals(METADATA_TOPIC)) {
            return Optional.of("'%s' is the metadata log itself".formatted(name));
        }
        return Optional.empty();
    }

    /// The topic whose name differs from `name` in nothing but `.` against `_`.
    static Optional<String> findCollision(String name, Collection<Topic> topics) {
        if (name.indexOf('.') < 0 && name.indexOf('_') < 0) {
            return Optional.empty();
        }
        var unified = unify(name);
        return topics.stream()
                .map(Topic::name)
                .filter(other -> other.length() == name.length() && unify(other).equals(unified))
                .findFirst();
    }

    private static String unify(String name) {
        return name.replace('.', '_');
    }

    // The name goes into messages and logs, where a line break or a terminal sequence must not act.
    private static String printable(String name) {
        return name.codePoints()
                .map(c -> c >= ' ' && c < 0x7f ? c : '?')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
