package io.vitrine.admin;

import io.vitrine.inspect.DamagedRangeMetException;
import io.vitrine.inspect.ReadableLog;
import io.vitrine.inspect.RecordBytes;
import io.vitrine.inspect.RecordBytes.Outcome;
import io.vitrine.inspect.RecordPart;
import io.vitrine.inspect.UnreadableLogException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// The key or the value of one record as it is, to be saved.
@RestController
@RequestMapping(ApiPath.PARTITION + "/records/{offset}")
class RecordBytesController {
    private static final int MAX_BYTES = 16 * 1024 * 1024;

    private final LogLookup lookup;

    RecordBytesController(LogLookup lookup) {
        this.lookup = lookup;
    }

    @GetMapping(path = "/key", produces = MediaType.APPLICATION_OCTET_STREAM_VALUE)
    void key(
            @PathVariable String topic,
            @PathVariable int partition,
            @PathVariable long offset,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        write(lookup.log(topic, partition), offset, RecordPart.KEY, request, response);
    }

    @GetMapping(path = "/value", produces = MediaType.APPLICATION_OCTET_STREAM_VALUE)
    void value(
            @PathVariable String topic,
            @PathVariable int partition,
            @PathVariable long offset,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        write(lookup.log(topic, partition), offset, RecordPart.VALUE, request, response);
    }

    private void write(
            ReadableLog log, long offset, RecordPart part, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        QueryParameters.requireNone(request);
        lookup.requireInLog(log, offset);
        switch (find(log, offset, part)) {
            case Outcome.Found(var bytes) ->
                Download.write(request, response, "%s-%d-%s.bin".formatted(log.name(), offset, part.label()), bytes);
            case Outcome.Null() ->
                throw new ApiProblem(
                        HttpStatus.NOT_FOUND,
                        "Null " + part.label(),
                        "The %s of the record at offset %d of %s is null.".formatted(part.label(), offset, log.name()));
            case Outcome.TooLarge(int size) ->
                throw new ApiProblem(
                        KafkaError.MESSAGE_TOO_LARGE,
                        "Too large",
                        "The %s has %d bytes, more than the %d that are given at once."
                                .formatted(part.label(), size, MAX_BYTES));
            case Outcome.NoRecord() -> throw ApiProblem.noRecordAt(log.name(), offset);
            case Outcome.Damaged(long baseOffset, String reason) ->
                throw ApiProblem.damaged(log.name(), baseOffset, reason);
        }
    }

    private static Outcome find(ReadableLog log, long offset, RecordPart part) {
        try {
            return RecordBytes.find(log, offset, part, MAX_BYTES);
        } catch (DamagedRangeMetException e) {
            throw ApiProblem.damaged(log.name(), e.range());
        } catch (UnreadableLogException e) {
            throw ApiProblem.storageFailed(log.name(), String.valueOf(e.getMessage()));
        }
    }
}
