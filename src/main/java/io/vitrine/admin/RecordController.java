package io.vitrine.admin;

import io.vitrine.inspect.DamagedBatch;
import io.vitrine.inspect.DecodedRecord;
import io.vitrine.inspect.ReadableLog;
import io.vitrine.inspect.RecordCursor;
import io.vitrine.inspect.RecordOptions;
import io.vitrine.inspect.UnreadableLogException;
import io.vitrine.inspect.UnreadableRange;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Decoded records of one partition.
@RestController
@RequestMapping(ApiPath.PARTITION + "/records")
class RecordController {
    private static final int MAX_VALUE_BYTES = 16 * 1024 * 1024;

    private final LogLookup lookup;
    private final PageWriter pages;

    RecordController(LogLookup lookup, PageWriter pages) {
        this.lookup = lookup;
        this.pages = pages;
    }

    @GetMapping(produces = {MediaType.APPLICATION_JSON_VALUE, Accepted.NDJSON})
    void records(
            @PathVariable String topic,
            @PathVariable int partition,
            @RequestParam Map<String, String> query,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        var parameters = new QueryParameters(query);
        var from = parameters.findOffset("from");
        int limit = parameters.limit();
        var options = options(parameters);
        parameters.requireSound();
        var log = lookup.log(topic, partition);
        long start = lookup.firstOffset(log, from);
        try (var cursor = new RecordCursor(log, start, options)) {
            pages.write(request, response, new RecordRows(log, cursor, limit, query));
        } catch (UnreadableLogException e) {
            throw ApiProblem.storageFailed(log.name(), String.valueOf(e.getMessage()));
        }
    }

    @GetMapping("/{offset}")
    RecordView record(
            @PathVariable String topic,
            @PathVariable int partition,
            @PathVariable long offset,
            @RequestParam Map<String, String> query) {
        var parameters = new QueryParameters(query);
        var options = options(parameters);
        parameters.requireSound();
        var log = lookup.log(topic, partition);
        lookup.requireInLog(log, offset);
        try (var cursor = new RecordCursor(log, offset, options)) {
            var entry = cursor.next().orElseThrow(() -> ApiProblem.noRecordAt(log.name(), offset));
            if (entry instanceof DamagedBatch damaged && damaged.baseOffset() <= offset) {
                throw ApiProblem.damaged(
                        log.name(), damaged.baseOffset(), damaged.problem().reason());
            }
            if (entry instanceof UnreadableRange unreadable) {
                throw ApiProblem.damaged(log.name(), unreadable.range());
            }
            if (entry instanceof DecodedRecord record && record.offset() == offset) {
                return RecordView.of(log.name(), record);
            }
            throw ApiProblem.noRecordAt(log.name(), offset);
        } catch (UnreadableLogException e) {
            throw ApiProblem.storageFailed(log.name(), String.valueOf(e.getMessage()));
        }
    }

    private static RecordOptions options(QueryParameters parameters) {
        return new RecordOptions(
                parameters.format("keyFormat"),
                parameters.format("valueFormat"),
                parameters.number("maxValueBytes", RecordOptions.DEFAULT_MAX_VALUE_BYTES, 0, MAX_VALUE_BYTES));
    }

    /// The rows of a page of records.
    private static final class RecordRows implements PageWriter.Rows {
        private final ReadableLog log;
        private final RecordCursor cursor;
        private final Map<String, String> query;
        private int left;
        private long nextOffset;

        RecordRows(ReadableLog log, RecordCursor cursor, int limit, Map<String, String> query) {
            this.log = log;
            this.cursor = cursor;
            this.left = limit;
            this.query = query;
        }

        @Override
        public Optional<RecordView> next() throws UnreadableLogException {
            if (left == 0) {
                return Optional.empty();
            }
            left--;
            var entry = cursor.next();
            entry.ifPresent(found -> nextOffset = found.nextOffset());
            return entry.map(found -> RecordView.of(log.name(), found));
        }

        @Override
        public @Nullable String nextPage() {
            return left == 0 ? NextPage.after(log, nextOffset, ApiPath.records(log.name()), query) : null;
        }
    }
}
