package io.vitrine.group;

import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// What one part of the coordinator says when it is asked to describe a group.
sealed interface GroupAnswer {
    record Described(GroupDescription description) implements GroupAnswer {}

    /// There may be such a group, but not of the type that was asked for.
    record NotOfThisType() implements GroupAnswer {}

    record Refused(GroupRefusedException refusal) implements GroupAnswer {}

    /// Makes answers of what was found.
    ///
    /// @param describe gets what was found of a group and its partition
    /// @param partition of a group, by its id
    static <T> List<GroupAnswer> all(List<T> found, Describe<T> describe, ToIntFunction<String> partition) {
        return found.stream().map(group -> describe.answer(group, partition)).toList();
    }

    /// Makes an answer of what was found of one group.
    @FunctionalInterface
    interface Describe<T> {
        GroupAnswer answer(T group, ToIntFunction<String> partition);
    }

    /// The answer if something was found, else why not.
    static GroupAnswer of(short code, @Nullable String message, Supplier<GroupDescription> description) {
        // An empty id is that of a classic group, if it is one at all.
        if (code == Errors.GROUP_ID_NOT_FOUND.code() || code == Errors.INVALID_GROUP_ID.code()) {
            return new NotOfThisType();
        }
        return GroupRefusedException.find(code, message)
                .<GroupAnswer>map(Refused::new)
                .orElseGet(() -> new Described(description.get()));
    }
}
