package io.vitrine.admin;

import io.vitrine.admin.ApiProblem.Violation;
import io.vitrine.inspect.PayloadFormat;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// The query of a request, read parameter by parameter. Everything that is wrong with it is told at once, and so is a
/// name that means nothing: a misspelt `from` must not silently show the wrong page.
final class QueryParameters {
    static final int DEFAULT_LIMIT = 100;
    static final int MAX_LIMIT = 10_000;
    private static final int MAX_ECHO_CHARS = 100;

    private final Map<String, String> given;
    private final Set<String> known = new LinkedHashSet<>();
    private final List<Violation> violations = new ArrayList<>();

    QueryParameters(Map<String, String> given) {
        this.given = given;
    }

    /// Those of `request`, none of which is there twice: [SingleParameters] sees to that.
    static QueryParameters of(HttpServletRequest request) {
        var given = new HashMap<String, String>();
        request.getParameterMap().forEach((name, values) -> given.put(name, values[0]));
        return new QueryParameters(given);
    }

    /// For a call that takes none.
    ///
    /// @throws ApiProblem if there are any
    static void requireNone(HttpServletRequest request) {
        var given = new HashMap<String, String>();
        request.getParameterMap().keySet().forEach(name -> given.put(name, ""));
        new QueryParameters(given).requireSound();
    }

    int limit() {
        return number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
    }

    /// A whole number; `fallback` if it is not given.
    int number(String name, int fallback, int min, int max) {
        return (int) find(name, min, max).orElse(fallback);
    }

    /// Text; empty if it is not given.
    Optional<String> text(String name) {
        known.add(name);
        return Optional.ofNullable(given.get(name));
    }

    /// One of a few words; the first of them if it is not given.
    String word(String name, String... words) {
        var value = text(name).orElse(words[0]);
        if (!List.of(words).contains(value)) {
            violate(name, "'%s' is none of %s".formatted(echo(value), String.join(", ", words)));
        }
        return value;
    }

    /// Is it given?
    boolean has(String name) {
        return given.containsKey(name);
    }

    /// An offset; empty if it is not given.
    OptionalLong findOffset(String name) {
        return find(name, 0, Long.MAX_VALUE);
    }

    PayloadFormat format(String name) {
        known.add(name);
        var value = given.get(name);
        if (value == null) {
            return PayloadFormat.AUTO;
        }
        return PayloadFormat.find(value).orElseGet(() -> {
            violate(name, "'%s' is none of auto, json, utf8, base64, hex, none".formatted(echo(value)));
            return PayloadFormat.AUTO;
        });
    }

    boolean flag(String name, boolean fallback) {
        known.add(name);
        var value = given.get(name);
        if (value != null && !value.equals("true") && !value.equals("false")) {
            violate(name, "'%s' is neither true nor false".formatted(echo(value)));
        }
        return value == null ? fallback : value.equals("true");
    }

    /// To be called when all parameters have been read.
    ///
    /// @throws ApiProblem if anything was wrong with them
    void requireSound() {
        for (var name : given.keySet()) {
            if (!known.contains(name)) {
                violate(echo(name), known.isEmpty() ? "takes no parameters" : "is none of " + String.join(", ", known));
            }
        }
        if (!violations.isEmpty()) {
            throw ApiProblem.badParameters(violations);
        }
    }

    private OptionalLong find(String name, long min, long max) {
        known.add(name);
        var value = given.get(name);
        if (value == null) {
            return OptionalLong.empty();
        }
        try {
            // Java would take digits of any script.
            if (!value.chars().allMatch(c -> c < 0x80)) {
                throw new NumberFormatException();
            }
            long number = Long.parseLong(value);
            if (number >= min && number <= max) {
                return OptionalLong.of(number);
            }
            violate(name, "%d is not between %d and %d".formatted(number, min, max));
        } catch (NumberFormatException e) {
            violate(name, "'%s' is not a whole number".formatted(echo(value)));
        }
        return OptionalLong.empty();
    }

    /// Notes what is wrong with a parameter that has been read, for [#requireSound].
    void violate(String name, String message) {
        violations.add(new Violation(name, message));
    }

    static String echo(String value) {
        return value.length() <= MAX_ECHO_CHARS ? value : value.substring(0, MAX_ECHO_CHARS) + "…";
    }
}
