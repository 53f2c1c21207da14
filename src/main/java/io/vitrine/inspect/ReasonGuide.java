package io.vitrine.inspect;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What the reasons of refusals mean, and what helps, in plain words. All of it is in one file, `reasons.txt`, which is
/// read when somebody asks for the first time.
public final class ReasonGuide {
    private static final String NOTHING = "-";

    private ReasonGuide() {}

    /// What there is to say of a reason.
    ///
    /// @param explanation what has happened
    /// @param whatToDo null if there is nothing to be done
    public record Advice(String explanation, @Nullable String whatToDo) {}

    /// What there is to say of a reason; where it says nothing by itself, of the error.
    public static Optional<Advice> find(String reason, String error) {
        return Optional.ofNullable(Texts.ALL.getOrDefault(reason, Texts.ALL.get(error)));
    }

    /// Made when it is first used.
    private static final class Texts {
        static final Map<String, Advice> ALL = read();

        private static Map<String, Advice> read() {
            try (var file = ReasonGuide.class.getResourceAsStream("reasons.txt")) {
                if (file == null) {
                    throw new IllegalStateException("reasons.txt is missing");
                }
                var text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
                return Arrays.stream(text.split("\n\n", -1))
                        .map(block -> block.strip().split("\n", -1))
                        .filter(lines -> !lines[0].startsWith("#"))
                        .collect(Collectors.toUnmodifiableMap(lines -> lines[0], Texts::advice));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static Advice advice(String[] lines) {
            if (lines.length != 3) {
                throw new IllegalStateException("reasons.txt: %s has %d lines".formatted(lines[0], lines.length));
            }
            return new Advice(lines[1], lines[2].equals(NOTHING) ? null : lines[2]);
        }
    }
}
