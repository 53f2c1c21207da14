package io.vitrine.admin;

import io.vitrine.inspect.BatchCursor;
import io.vitrine.inspect.DamagedRangeMetException;
import io.vitrine.inspect.ReadableLog;
import io.vitrine.inspect.UnreadableLogException;
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

/// The record batches of one partition as they lie on disk.
@RestController
@RequestMapping(ApiPath.PARTITION + "/batches")
class BatchController {
    private final LogLookup lookup;
    private final PageWriter pages;

    BatchController(LogLookup lookup, PageWriter pages) {
        this.lookup = lookup;
        this.pages = pages;
    }

    @GetMapping(produces = {MediaType.APPLICATION_JSON_VALUE, Accepted.NDJSON})
    void batches(
            @PathVariable String topic,
            @PathVariable int partition,
            @RequestParam Map<String, String> query,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        var parameters = new QueryParameters(query);
        var from = parameters.findOffset("from");
        int limit = parameters.limit();
        parameters.requireSound();
        var log = lookup.log(topic, partition);
        var cursor = new BatchCursor(log, lookup.firstOffset(log, from));
        try {
            pages.write(request, response, new BatchRows(log, cursor, limit, query));
        } catch (UnreadableLogException e) {
            throw ApiProblem.storageFailed(log.name(), String.valueOf(e.getMessage()));
        }
    }

    /// The rows of a page of batches.
    private static final class BatchRows implements PageWriter.Rows {
        private final ReadableLog log;
        private final BatchCursor cursor;
        private final Map<String, String> query;
        private int left;
        private long nextOffset;

        BatchRows(ReadableLog log, BatchCursor cursor, int limit, Map<String, String> query) {
            this.log = log;
            this.cursor = cursor;
            this.left = limit;
            this.query = query;
        }

        @Override
        public Optional<?> next() throws UnreadableLogException {
            if (left == 0) {
                return Optional.empty();
            }
            left--;
            try {
                var located = cursor.next();
                located.ifPresent(found -> nextOffset = found.batch().nextOffset());
                return located.isPresent()
                        ? Optional.of(BatchView.of(log, located.get(), null, null))
                        : Optional.empty();
            } catch (DamagedRangeMetException e) {
                nextOffset = e.range().nextOffset();
                return Optional.of(RecordView.Unreadable.of(log.name(), e.range()));
            }
        }

        @Override
        public @Nullable String nextPage() {
            return left == 0 ? NextPage.after(log, nextOffset, ApiPath.batches(log.name()), query) : null;
        }
    }
}
