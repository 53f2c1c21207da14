package io.vitrine.admin;

import io.vitrine.inspect.ReadTotals;
import io.vitrine.inspect.ReadableLog;
import io.vitrine.inspect.RecordFilter;
import io.vitrine.inspect.RecordOptions;
import io.vitrine.inspect.TailStart;
import io.vitrine.inspect.TopicCursor;
import io.vitrine.inspect.TopicPositions;
import io.vitrine.inspect.UnreadableLogException;
import io.vitrine.log.TimestampSearch;
import io.vitrine.metadata.Topic;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.springframework.stereotype.Component;

/// Turns places in a topic into offsets of its partitions.
@Component
class TopicRange {
    private static final int MAX_PARTITIONS = 1_000;

    private final LogLookup lookup;
    private final ReadTotals totals;

    TopicRange(LogLookup lookup, ReadTotals totals) {
        this.lookup = lookup;
        this.totals = totals;
    }

    /// The logs of the partitions asked for, in their order.
    ///
    /// @throws ApiProblem if there is no such partition, or there are too many
    List<ReadableLog> logs(Topic topic, TopicQuery query) {
        if (query.partition().isPresent()) {
            return List.of(lookup.log(topic, query.partition().getAsInt()));
        }
        int count = topic.partitions().size();
        if (count > MAX_PARTITIONS) {
            throw ApiProblem.badParameter(
                    "partition",
                    "is needed: the topic has %d partitions, more than %d".formatted(count, MAX_PARTITIONS));
        }
        return IntStream.range(0, count)
                .mapToObj(index -> lookup.log(topic, index))
                .toList();
    }

    /// The parts of `logs` between two places.
    ///
    /// @throws ApiProblem if a log can't be read, or the places are not in it
    List<TopicCursor.Part> between(List<ReadableLog> logs, Mark from, Mark to, TopicQuery query) {
        var ends = new ArrayList<TopicCursor.Part>();
        for (var log : logs) {
            long end = query.end(lookup.offsets(log));
            ends.add(new TopicCursor.Part(log, end, Math.min(end, offset(log, "to", to, logs.size(), query))));
        }
        var starts = from instanceof Mark.Tail(int count) ? tail(ends, count) : null;
        var parts = new ArrayList<TopicCursor.Part>();
        for (int i = 0; i < logs.size(); i++) {
            var log = logs.get(i);
            long start = starts == null ? offset(log, "from", from, logs.size(), query) : starts[i];
            parts.add(new TopicCursor.Part(log, start, ends.get(i).to()));
        }
        return parts;
    }

    /// The parts of `logs` behind where somebody has stopped reading. A partition that was not there at the time is
    /// read from its start.
    ///
    /// @param parameter that named the place
    /// @throws ApiProblem if the place is in another topic, or behind the end of this one
    List<TopicCursor.Part> after(
            List<ReadableLog> logs, TopicPositions positions, Mark to, TopicQuery query, String parameter) {
        var parts = new ArrayList<TopicCursor.Part>();
        for (var log : logs) {
            var offsets = lookup.offsets(log);
            long start = positions.next().getOrDefault(log.name().partition(), offsets.logStartOffset());
            if (start > offsets.logEndOffset()) {
                throw ApiProblem.badParameter(
                        parameter,
                        "is behind the end of %s, which is now %d".formatted(log.name(), offsets.logEndOffset()));
            }
            long end = Math.min(query.end(offsets), offset(log, "to", to, logs.size(), query));
            parts.add(new TopicCursor.Part(log, start, end));
        }
        return parts;
    }

    /// What a caller has brought back.
    ///
    /// @throws ApiProblem if it is not from here
    TopicPositions positions(String text, Topic topic, String parameter) {
        return TopicPositions.parse(text)
                .filter(found -> found.topicId().equals(topic.id()))
                .orElseThrow(() -> ApiProblem.badParameter(
                        parameter, "does not belong to topic '%s' as it is now".formatted(topic.name())));
    }

    /// The positions of `logs` in words that can be brought back.
    static TopicPositions positions(Topic topic, List<ReadableLog> logs, long[] offsets) {
        var next = new TreeMap<Integer, Long>();
        for (int i = 0; i < offsets.length; i++) {
            next.put(logs.get(i).name().partition(), offsets[i]);
        }
        return new TopicPositions(topic.id(), next);
    }

    private long offset(ReadableLog log, String parameter, Mark mark, int logCount, TopicQuery query) {
        var offsets = lookup.offsets(log);
        return switch (mark) {
            case Mark.Earliest() -> offsets.logStartOffset();
            case Mark.Latest() -> query.end(offsets);
            case Mark.Time(long timestamp) -> search(log, parameter, timestamp, query.end(offsets));
            case Mark.Offset(long offset) -> {
                if (logCount > 1) {
                    throw ApiProblem.badParameter(
                            parameter,
                            "is an offset, which needs a partition; a time in milliseconds is @%d".formatted(offset));
                }
                if (!Mark.isIn(offsets, offset)) {
                    throw ApiProblem.offsetOutOfRange(log.name(), offset, offsets);
                }
                yield offset;
            }
            case Mark.Tail(int _) -> throw ApiProblem.badParameter(parameter, "can't be a number of records");
        };
    }

    private static long search(ReadableLog log, String parameter, long timestamp, long end) {
        var search = log.findTimestamps()
                .orElseThrow(() -> ApiProblem.badParameter(
                        parameter, "can't be a time: %s has no index of it".formatted(log.name())));
        try {
            return search.findFirstFrom(timestamp)
                    .map(TimestampSearch.Found::offset)
                    .orElse(end);
        } catch (IOException e) {
            throw ApiProblem.storageFailed(log.name(), String.valueOf(e.getMessage()));
        }
    }

    private long[] tail(List<TopicCursor.Part> parts, int count) {
        try {
            return TailStart.of(
                    parts, count, new TopicCursor.Reading(RecordOptions.DEFAULTS, RecordFilter.ALL, totals));
        } catch (TailStart.TooFarException e) {
            throw ApiProblem.badParameter("from", String.valueOf(e.getMessage()));
        } catch (UnreadableLogException e) {
            throw ApiProblem.storageFailed(parts.getFirst().log().name(), String.valueOf(e.getMessage()));
        }
    }
}
