package io.vitrine.metadata;

import java.util.Collection;
import java.util.Optional;
import java.util.regex.Pattern;

/// Which names a topic may have. They become directory names, so nothing else may pass.
final class TopicNames {
    private static final int MAX_LENGTH = 249;
    private static final Pattern LEGAL = Pattern.compile("[a-zA-Z0-9._-]+");
    private static final String METADATA_TOPIC = "__cluster_metadata";
    private static final String INVALID = "Topic name is invalid: ";

    private TopicNames() {}

    /// Is that the metadata log itself?
    static boolean isMetadataLog(String name) {
        return name.equals(METADATA_TOPIC);
    }

    /// Why a topic cannot have this name, in Kafka's words; empty if it can.
    static Optional<String> findFault(String name) {
        if (name.isEmpty()) {
            return Optional.of(INVALID + "the empty string is not allowed");
        }
        if (name.equals(".") || name.equals("..")) {
            return Optional.of(INVALID + "'%s' is not allowed".formatted(name));
        }
        if (name.length() > MAX_LENGTH) {
            return Optional.of(INVALID
                    + "the length of '%s' is longer than the max allowed length %d"
                            .formatted(printable(name), MAX_LENGTH));
        }
        if (!LEGAL.matcher(name).matches()) {
            return Optional.of(INVALID
                    + "'%s' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'"
                            .formatted(printable(name)));
        }
        return Optional.empty();
    }

    /// The topic whose name differs from `name` in nothing but `.` against `_`.
    static Optional<String> findCollision(String name, Collection<Topic> topics) {
        if (name.indexOf('.') < 0 && name.indexOf('_') < 0) {
            return Optional.empty();
        }
        return topics.stream()
                .map(Topic::name)
                .filter(other -> isSameUnified(name, other))
                .findFirst();
    }

    // Without a copy of either: asked for each topic there is.
    private static boolean isSameUnified(String one, String other) {
        if (one.length() != other.length()) {
            return false;
        }
        for (int i = 0; i < one.length(); i++) {
            if (unify(one.charAt(i)) != unify(other.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static char unify(char character) {
        return character == '.' ? '_' : character;
    }

    // The name goes into messages and logs, where a line break or a terminal sequence must not act.
    private static String printable(String name) {
        return name.codePoints()
                .map(c -> Character.isISOControl(c) ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
