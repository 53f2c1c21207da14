package io.vitrine.admin;

import io.vitrine.log.Offsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;

/// A place in a topic, as `from` and `to` name it.
sealed interface Mark {
    String FORMS = "earliest, latest, an offset, tail:<count>, -<count>, @<milliseconds> or an ISO 8601 time";

    /// Where the logs begin.
    record Earliest() implements Mark {}

    /// Where the logs end at this moment.
    record Latest() implements Mark {}

    /// One offset of one partition.
    record Offset(long offset) implements Mark {}

    /// The first record of this time or later, in each partition.
    record Time(long timestamp) implements Mark {}

    /// Before the last records.
    record Tail(int count) implements Mark {}

    /// Reads a parameter; `fallback` if it is not given or not understood, which is noted.
    static Mark of(QueryParameters parameters, String name, Mark fallback) {
        var given = parameters.text(name);
        if (given.isEmpty()) {
            return fallback;
        }
        var mark = parse(given.get());
        if (mark.isEmpty()) {
            parameters.violate(name, "'%s' is none of %s".formatted(QueryParameters.echo(given.get()), FORMS));
        }
        return mark.orElse(fallback);
    }

    private static Optional<Mark> parse(String text) {
        try {
            return switch (text) {
                case "earliest" -> Optional.of(new Earliest());
                case "latest" -> Optional.of(new Latest());
                default -> text.startsWith("tail:") ? tail(text.substring("tail:".length())) : parsePlace(text);
            };
        } catch (NumberFormatException | DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Optional<Mark> parsePlace(String text) {
        if (text.startsWith("@")) {
            return Optional.of(new Time(Long.parseLong(text.substring(1))))
                    .filter(time -> time.timestamp() >= 0)
                    .map(Mark.class::cast);
        }
        if (text.matches("-\\d+")) {
            return tail(text.substring(1));
        }
        return text.matches("\\d+") ? Optional.of(new Offset(Long.parseLong(text))) : Optional.of(time(text));
    }

    private static Optional<Mark> tail(String count) {
        int number = Integer.parseInt(count);
        return number < 1 || number > QueryParameters.MAX_LIMIT ? Optional.empty() : Optional.of(new Tail(number));
    }

    /// A time without a zone is UTC. In a query a plus is a space, unless somebody took the trouble to escape it.
    static Time time(String text) {
        try {
            return new Time(instant(text.replace(' ', '+')).toEpochMilli());
        } catch (ArithmeticException e) {
            throw new DateTimeException("No 64 bits of milliseconds hold this time", e);
        }
    }

    private static Instant instant(String iso) {
        if (!iso.contains("T")) {
            return LocalDate.parse(iso).atStartOfDay(ZoneOffset.UTC).toInstant();
        }
        boolean zoned = iso.matches(".*(Z|[+-]\\d\\d(:?\\d\\d)?)$");
        return zoned ? Instant.parse(iso) : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
    }

    /// Is `offset` in the log, or its end?
    static boolean isIn(Offsets offsets, long offset) {
        return offset >= offsets.logStartOffset() && offset <= offsets.highWatermark();
    }
}
