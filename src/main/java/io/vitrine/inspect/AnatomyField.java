package io.vitrine.inspect;

import org.jspecify.annotations.Nullable;

/// One field of a batch and the bytes it stands in.
///
/// @param position of its first byte, counted as [RecordsPlace] says
/// @param length in bytes
/// @param hex its bytes, or the first of them
/// @param truncated are there more bytes than `hex` shows?
/// @param value what the bytes say; null where that is nothing but bytes
/// @param meaning a word on it for people; null where the value speaks for itself
public record AnatomyField(
        String name,
        long position,
        int length,
        String hex,
        boolean truncated,
        @Nullable Value value,
        @Nullable String meaning) {

    /// A value of the kind it has.
    public sealed interface Value {
        record Numeric(long number) implements Value {}

        record Text(String text) implements Value {}

        record Json(String json) implements Value {}
    }

    AnatomyField meaning(String newMeaning) {
        return new AnatomyField(name, position, length, hex, truncated, value, newMeaning);
    }
}
