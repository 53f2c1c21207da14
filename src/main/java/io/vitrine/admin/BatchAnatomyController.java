package io.vitrine.admin;

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
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/// One batch as it lies on disk: its header and where it is found as JSON, with all its bytes explained if asked for;
/// the same as an annotated hex dump for terminals; or its bytes.
@RestController
class BatchAnatomyController {
    private final LogLookup lookup;

    BatchAnatomyController(LogLookup lookup) {
        this.lookup = lookup;
    }

    /// The batch that holds `offset`.
    @GetMapping(
            path = ApiPath.PARTITION + "/batches/{offset}",
            produces = {
                MediaType.APPLICATION_JSON_VALUE,
                MediaType.TEXT_PLAIN_VALUE,
                MediaType.APPLICATION_OCTET_STREAM_VALUE
            })
    @Nullable
    ResponseEntity<?> batch(
            @PathVariable String topic,
            @PathVariable int partition,
            @PathVariable long offset,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        var parameters = QueryParameters.of(request);
        boolean annotate = parameters.flag("annotate", false);
        var options = AnatomyParameters.options(parameters);
        var form = AnatomyParameters.form(parameters, request);
        parameters.requireSound();
        var log = lookup.log(topic, partition);
        var located = find(log, offset);
        return switch (form) {
            case BYTES -> {
                var batch = located.batch();
                var name = "%s-%d-batch.bin".formatted(log.name(), batch.baseOffset());
                Download.write(request, response, name, batch.bytes());
                yield null;
            }
            case TEXT -> {
                var anatomy = BatchAnatomy.of(located.batch(), log.recordKind(), options);
                yield AnatomyParameters.text(AnatomyText.of(located, anatomy));
            }
            case JSON -> {
                var anatomy =
                        annotate ? AnatomyView.of(BatchAnatomy.of(located.batch(), log.recordKind(), options)) : null;
                yield ResponseEntity.ok()
                        .contentType(MediaType.APPLICATION_JSON)
                        .body(view(log, located, search(log, located, offset), anatomy));
            }
        };
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
}
