package io.vitrine.admin;

import io.vitrine.inspect.ReadableLog;
import io.vitrine.log.Offsets;
import io.vitrine.log.TimestampSearch;
import java.io.IOException;
import java.time.DateTimeException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Where things are in a partition, as ListOffsets finds them: its ends, the record of the greatest timestamp, and the
/// first record of a time or later.
@RestController
class OffsetController {
    private static final List<String> PLACES = List.of("earliest", "latest", "maxTimestamp");

    private final LogLookup lookup;

    OffsetController(LogLookup lookup) {
        this.lookup = lookup;
    }

    @GetMapping(ApiPath.PARTITION + "/offsets")
    Object offsets(@PathVariable String topic, @PathVariable int partition, @RequestParam Map<String, String> query) {
        var parameters = new QueryParameters(query);
        var at = parameters.text("at");
        boolean committed = parameters
                .word("isolation", "read_uncommitted", "read_committed")
                .equals("read_committed");
        var time = at.filter(place -> !PLACES.contains(place)).flatMap(OffsetController::time);
        if (at.isPresent() && !PLACES.contains(at.get()) && time.isEmpty()) {
            parameters.violate(
                    "at",
                    "'%s' is none of %s, milliseconds or an ISO 8601 time"
                            .formatted(QueryParameters.echo(at.get()), String.join(", ", PLACES)));
        }
        parameters.requireSound();
        var log = lookup.log(topic, partition);
        var marks = lookup.offsets(log);
        if (at.isPresent()) {
            return find(log, marks, at.get(), time.orElse(null), committed);
        }
        return new OffsetsView(PLACES.stream()
                .map(place -> find(log, marks, place, null, committed))
                .toList());
    }

    private static Optional<Long> time(String text) {
        try {
            var digits = text.startsWith("@") ? text.substring(1) : text;
            return Optional.of(
                    digits.matches("\\d{1,19}")
                            ? Long.parseLong(digits)
                            : Mark.time(text).timestamp());
        } catch (NumberFormatException | DateTimeException e) {
            return Optional.empty();
        }
    }

    /// @param time that is sought; null if `place` is a word
    private static OffsetView find(
            ReadableLog log, Offsets marks, String place, @Nullable Long time, boolean committed) {
        long end = committed ? marks.lastStableOffset() : marks.highWatermark();
        return switch (place) {
            case "earliest" -> OffsetView.of(log, place, marks.logStartOffset(), null, end);
            case "latest" -> OffsetView.of(log, place, end, null, end);
            default ->
                search(log, time)
                        .filter(found -> found.offset() < end)
                        .map(found -> OffsetView.of(log, place, found.offset(), found.timestamp(), end))
                        .orElseGet(() -> OffsetView.none(place));
        };
    }

    private static Optional<TimestampSearch.Found> search(ReadableLog log, @Nullable Long time) {
        var timestamps = log.findTimestamps();
        if (timestamps.isEmpty() && time == null) {
            return Optional.empty();
        }
        var search = timestamps.orElseThrow(
                () -> ApiProblem.badParameter("at", "can't be a time: %s has no index of it".formatted(log.name())));
        try {
            return time == null ? search.findGreatest() : search.findFirstFrom(time);
        } catch (IOException e) {
            throw ApiProblem.storageFailed(log.name(), String.valueOf(e.getMessage()));
        }
    }

    record OffsetsView(List<OffsetView> items) {}

    /// @param offset null if there is no such record
    /// @param timestamp of the record that was found by it, else null
    record OffsetView(
            String at,
            @Nullable Long offset,
            @Nullable Long timestamp,
            @Nullable String timestampIso,
            OffsetLinks links) {
        static OffsetView of(ReadableLog log, String at, long offset, @Nullable Long timestamp, long end) {
            return new OffsetView(
                    at,
                    offset,
                    timestamp,
                    timestamp == null ? null : Timestamps.iso(timestamp),
                    new OffsetLinks(offset < end ? ApiPath.records(log.name()) + "?from=" + offset : null));
        }

        static OffsetView none(String at) {
            return new OffsetView(at, null, null, null, new OffsetLinks(null));
        }
    }

    /// @param records from there on; null if there are none
    record OffsetLinks(@Nullable String records) {}
}
