package io.vitrine.admin;

import io.vitrine.inspect.AnatomyOptions;
import io.vitrine.inspect.AnatomyText;
import io.vitrine.inspect.BatchAnatomy;
import io.vitrine.inspect.BatchCursor;
import io.vitrine.inspect.DamagedRangeMetException;
import io.vitrine.inspect.LocatedBatch;
import io.vitrine.inspect.ReadableLog;
import io.vitrine.inspect.UnreadableLogException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// The record batches of one partition as they lie on disk.
@RestController
@RequestMapping(ApiPath.PARTITION + "/batches")
class BatchController {
    private static final int MAX_ANATOMY_RECORDS = 1_000;
    private static final int MAX_FIELD_BYTES = 64 * 1024;

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

    /// The batch that holds `offset`: as JSON, as an annotated hex dump, or as its bytes.
    @GetMapping(
            path = "/{offset}",
            produces = {
                MediaType.APPLICATION_JSON_VALUE,
                MediaType.TEXT_PLAIN_VALUE,
                MediaType.APPLICATION_OCTET_STREAM_VALUE
            })
    ResponseEntity<?> batch(
            @PathVariable String topic,
            @PathVariable int partition,
            @PathVariable long offset,
            @RequestParam Map<String, String> query,
            HttpServletRequest request) {
        var parameters = new QueryParameters(query);
        boolean annotate = parameters.flag("annotate", false);
        var options = anatomyOptions(parameters);
        parameters.requireSound();
        var log = lookup.log(topic, partition);
        var located = find(log, offset);
        var form = Accepted.choose(
                request, MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN, MediaType.APPLICATION_OCTET_STREAM);
        if (form.equals(MediaType.APPLICATION_OCTET_STREAM)) {
            return ResponseEntity.ok().contentType(form).body(bytes(located));
        }
        if (form.equals(MediaType.TEXT_PLAIN)) {
            var anatomy = BatchAnatomy.of(located.batch(), log.recordKind(), options);
            return ResponseEntity.ok()
                    .contentType(MediaType.parseMediaType("text/plain;charset=UTF-8"))
                    .body(AnatomyText.of(located, anatomy));
        }
        var anatomy = annotate ? AnatomyView.of(BatchAnatomy.of(located.batch(), log.recordKind(), options)) : null;
        return ResponseEntity.ok().contentType(form).body(view(log, located, search(log, located, offset), anatomy));
    }

    private static BatchView view(
            ReadableLog log, LocatedBatch located, @Nullable SearchView search, @Nullable AnatomyView anatomy) {
        try {
            return BatchView.of(log, located, search, anatomy);
        } catch (UnreadableLogException e) {
            throw ApiProblem.storageFailed(log.name(), String.valueOf(e.getMessage()));
        }
    }

    private LocatedBatch find(ReadableLog log, long offset) {
        lookup.requireInLog(log, offset);
        try {
            return new BatchCursor(log, offset)
                    .next()
                    .filter(located -> located.batch().baseOffset() <= offset)
                    .orElseThrow(() -> ApiProblem.noRecordAt(log.name(), offset));
        } catch (DamagedRangeMetException e) {
            throw ApiProblem.damaged(log.name(), e.range());
        } catch (UnreadableLogException e) {
            throw ApiProblem.storageFailed(log.name(), String.valueOf(e.getMessage()));
        }
    }

    /// How the batch is found; absent if its segment is gone by now.
    private static @Nullable SearchView search(ReadableLog log, LocatedBatch located, long offset) {
        var segment = log.findSegment(located.segmentBaseOffset());
        try {
            return segment.isPresent() ? SearchView.of(segment.get().indexEntryFor(offset), located.position()) : null;
        } catch (IOException e) {
            throw ApiProblem.storageFailed(log.name(), String.valueOf(e.getMessage()));
        }
    }

    private static AnatomyOptions anatomyOptions(QueryParameters parameters) {
        var defaults = AnatomyOptions.DEFAULTS;
        return new AnatomyOptions(
                parameters.number("recordsFrom", defaults.recordsFrom(), 0, Integer.MAX_VALUE),
                parameters.number("limit", defaults.limit(), 0, MAX_ANATOMY_RECORDS),
                parameters.number("maxValueBytes", defaults.maxValueBytes(), 0, MAX_FIELD_BYTES));
    }

    private static byte[] bytes(LocatedBatch located) {
        var bytes = new byte[located.batch().sizeInBytes()];
        located.batch().bytes().get(bytes);
        return bytes;
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
