package io.vitrine.admin;

import io.vitrine.inspect.ReadTotals;
import io.vitrine.inspect.ReadableLog;
import io.vitrine.inspect.TopicCursor;
import io.vitrine.inspect.UnreadableLogException;
import io.vitrine.metadata.Topic;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.UriComponentsBuilder;

/// Decoded records of a topic, all partitions together, oldest first.
@RestController
class TopicRecordController {
    private static final int MAX_VALUE_BYTES = 16 * 1024 * 1024;
    private static final int MAX_PASSED_RECORDS = 1_000_000;
    private static final int DEFAULT_PASSED_RECORDS = 100_000;
    private static final String CURSOR = "cursor";

    private final LogLookup lookup;
    private final TopicRange range;
    private final PageWriter pages;
    private final ReadTotals totals;

    /// @param limit how many to show
    /// @param maxPassed how many to pass over in vain before the page ends
    private record PageSize(int limit, int maxPassed) {}

    TopicRecordController(LogLookup lookup, TopicRange range, PageWriter pages, ReadTotals totals) {
        this.lookup = lookup;
        this.range = range;
        this.pages = pages;
        this.totals = totals;
    }

    @GetMapping(
            path = ApiPath.TOPIC_RECORDS,
            produces = {MediaType.APPLICATION_JSON_VALUE, Accepted.NDJSON})
    void records(
            @PathVariable String topic,
            @RequestParam Map<String, String> query,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        var parameters = new QueryParameters(query);
        var wanted = TopicQuery.of(parameters, MAX_VALUE_BYTES);
        var from = Mark.of(parameters, "from", new Mark.Earliest());
        var to = Mark.of(parameters, "to", new Mark.Latest());
        var cursor = parameters.text(CURSOR);
        var size = size(parameters, Accepted.wantsLines(request));
        if (cursor.isPresent() && parameters.has("from")) {
            parameters.violate(CURSOR, "and from name two places to begin at");
        }
        parameters.requireSound();
        var found = lookup.topic(topic);
        var logs = range.logs(found, wanted);
        var parts = cursor.isPresent()
                ? range.after(logs, range.positions(cursor.get(), found, CURSOR), to, wanted, CURSOR)
                : range.between(logs, from, to, wanted);
        try (var records = new TopicCursor(parts, new TopicCursor.Reading(wanted.options(), wanted.filter(), totals))) {
            pages.write(request, response, new Rows(new NextCursor(found, logs, query), records, size));
        } catch (UnreadableLogException e) {
            throw ApiProblem.storageFailed(found.name(), String.valueOf(e.getMessage()));
        }
    }

    /// Lines are read as they come, so there may be any number of them.
    private static PageSize size(QueryParameters parameters, boolean lines) {
        return new PageSize(
                parameters.number(
                        "limit",
                        QueryParameters.DEFAULT_LIMIT,
                        1,
                        lines ? Integer.MAX_VALUE : QueryParameters.MAX_LIMIT),
                parameters.number("maxScanned", DEFAULT_PASSED_RECORDS, 1, MAX_PASSED_RECORDS));
    }

    /// Makes the link to the next page.
    private record NextCursor(Topic topic, List<ReadableLog> logs, Map<String, String> query) {
        String link(long[] positions) {
            var parameters = new TreeMap<>(query);
            parameters.remove("from");
            parameters.put(CURSOR, TopicRange.positions(topic, logs, positions).text());
            // As a template, so that characters which mean something in a query are escaped in values.
            var link = UriComponentsBuilder.fromPath(ApiPath.records(topic.name()));
            parameters.keySet().forEach(name -> link.queryParam(name, "{" + name + "}"));
            return link.encode().buildAndExpand(parameters).toUriString();
        }
    }

    /// How much was looked at for a page.
    private record Scanned(long records, long bytes) {}

    /// The rows of a page.
    private static final class Rows implements PageWriter.Rows {
        private static final long MAX_PASSED_BYTES = 256L * 1024 * 1024;

        private final NextCursor next;
        private final TopicCursor cursor;
        private final PageSize size;
        private int shown;
        private int passed;
        private long passedBytes;
        private boolean stopped;

        Rows(NextCursor next, TopicCursor cursor, PageSize size) {
            this.next = next;
            this.cursor = cursor;
            this.size = size;
        }

        @Override
        public Optional<?> next() throws UnreadableLogException {
            while (shown < size.limit()) {
                if (passed >= size.maxPassed() || passedBytes >= MAX_PASSED_BYTES) {
                    stopped = !cursor.isAtEnd();
                    return Optional.empty();
                }
                long before = cursor.bytesScanned();
                switch (cursor.step()) {
                    case TopicCursor.Step.Found(var log, var entry) -> {
                        shown++;
                        return Optional.of(TopicRecordView.of(log.name(), entry));
                    }
                    case TopicCursor.Step.Passed() -> {
                        passed++;
                        passedBytes += cursor.bytesScanned() - before;
                    }
                    case TopicCursor.Step.End() -> {
                        return Optional.empty();
                    }
                }
            }
            return Optional.empty();
        }

        @Override
        public @Nullable String nextPage() {
            return cursor.isAtEnd() ? null : next.link(cursor.positions());
        }

        @Override
        public Map<String, Object> closing() {
            var scanned = new Scanned(cursor.recordsScanned(), cursor.bytesScanned());
            return stopped
                    ? Map.of("stopped", "%d records did not match; next goes on".formatted(passed), "scanned", scanned)
                    : Map.of("scanned", scanned);
        }

        @Override
        public boolean isCutShort() {
            return stopped;
        }
    }
}
