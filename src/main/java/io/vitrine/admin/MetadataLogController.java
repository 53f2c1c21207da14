package io.vitrine.admin;

import io.vitrine.inspect.CheckpointLog;
import io.vitrine.inspect.LogCatalog;
import io.vitrine.inspect.PayloadFormat;
import io.vitrine.inspect.ReadableLog;
import io.vitrine.inspect.RecordCursor;
import io.vitrine.inspect.RecordOptions;
import io.vitrine.inspect.UnreadableLogException;
import io.vitrine.metadata.MetadataHistory.CheckpointInfo;
import io.vitrine.metadata.MetadataService;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// The metadata log record by record, and its checkpoints.
@RestController
@RequestMapping(ApiPath.CLUSTER_METADATA)
class MetadataLogController {
    private static final String CHECKPOINTS = ApiPath.CLUSTER_METADATA + "/checkpoints";
    private static final int MAX_VALUE_BYTES = 1024 * 1024;
    private static final RecordOptions OPTIONS =
            new RecordOptions(PayloadFormat.AUTO, PayloadFormat.AUTO, MAX_VALUE_BYTES);

    private final LogCatalog logs;
    private final MetadataService metadata;
    private final LogLookup lookup;
    private final PageWriter pages;

    MetadataLogController(LogCatalog logs, MetadataService metadata, LogLookup lookup, PageWriter pages) {
        this.logs = logs;
        this.metadata = metadata;
        this.lookup = lookup;
        this.pages = pages;
    }

    @GetMapping(produces = {MediaType.APPLICATION_JSON_VALUE, Accepted.NDJSON})
    void records(@RequestParam Map<String, String> query, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        var parameters = new QueryParameters(query);
        var from = parameters.findOffset("from");
        int limit = parameters.limit();
        parameters.requireSound();
        var log = logs.metadataLog();
        long start = lookup.firstOffset(log, from);
        var closing = Map.<String, Object>of("log", LogView.of(metadata), "links", Links.ALL);
        try (var cursor = new RecordCursor(log, start, OPTIONS)) {
            var rows = new MetadataRows(cursor, limit, ApiPath.CLUSTER_METADATA, query, closing);
            write(request, response, rows, log);
        }
    }

    @GetMapping("/checkpoints")
    CheckpointList checkpoints(@RequestParam Map<String, String> query) throws IOException {
        new QueryParameters(query).requireSound();
        return new CheckpointList(metadata.history().checkpoints().stream()
                .map(CheckpointView::of)
                .toList());
    }

    @GetMapping(
            path = "/checkpoints/{name}",
            produces = {MediaType.APPLICATION_JSON_VALUE, Accepted.NDJSON})
    void checkpoint(
            @PathVariable String name,
            @RequestParam Map<String, String> query,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        var parameters = new QueryParameters(query);
        var from = parameters.findOffset("from");
        int limit = parameters.limit();
        parameters.requireSound();
        var found = metadata.history().checkpoints().stream()
                .filter(checkpoint -> checkpoint.name().equals(name))
                .findFirst()
                .orElseThrow(() -> MetadataProblem.unknownCheckpoint(name));
        var log = new CheckpointLog(metadata.history(), name);
        try (var cursor = new RecordCursor(log, from.orElse(0), OPTIONS)) {
            var closing = Map.<String, Object>of("checkpoint", CheckpointView.of(found));
            write(request, response, new MetadataRows(cursor, limit, CHECKPOINTS + "/" + name, query, closing), log);
        }
    }

    private void write(HttpServletRequest request, HttpServletResponse response, MetadataRows rows, ReadableLog log)
            throws IOException {
        try {
            pages.write(request, response, rows);
        } catch (UnreadableLogException e) {
            throw ApiProblem.storageFailed(log.name(), String.valueOf(e.getMessage()));
        }
    }

    /// Extent of the log, and how it stands with its checkpoints.
    ///
    /// @param firstImageOffset the first offset whose metadata can be told
    record LogView(
            long logStartOffset,
            long logEndOffset,
            long firstImageOffset,
            long sizeBytes,
            int segments,
            long checkpointOffset,
            long recordsSinceCheckpoint,
            @Nullable String checkpointFailure) {
        static LogView of(MetadataService metadata) {
            var status = metadata.history().checkpointStatus();
            return new LogView(
                    metadata.logStartOffset(),
                    metadata.logEndOffset(),
                    metadata.history().firstOffset(),
                    metadata.sizeInBytes(),
                    metadata.segmentCount(),
                    status.endOffset(),
                    metadata.logEndOffset() - status.endOffset(),
                    status.failure());
        }
    }

    record Links(String checkpoints, String image, String batches) {
        static final Links ALL = new Links(
                CHECKPOINTS,
                ApiPath.CLUSTER_METADATA + "/image",
                ApiPath.TOPICS + "/__cluster_metadata/partitions/0/batches");
    }

    record CheckpointList(List<CheckpointView> items) {}

    /// @param endOffset the first offset that it does not contain
    record CheckpointView(String name, long endOffset, int epoch, long sizeBytes, CheckpointLinks links) {
        static CheckpointView of(CheckpointInfo info) {
            return new CheckpointView(
                    info.name(),
                    info.endOffset(),
                    info.epoch(),
                    info.sizeInBytes(),
                    new CheckpointLinks(CHECKPOINTS + "/" + info.name()));
        }
    }

    record CheckpointLinks(String records) {}
}
