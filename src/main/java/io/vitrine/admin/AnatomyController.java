package io.vitrine.admin;

import io.vitrine.anatomy.MessageAnatomy;
import io.vitrine.anatomy.MessageApi;
import io.vitrine.anatomy.MessageKind;
import io.vitrine.anatomy.MessageQuestion;
import io.vitrine.anatomy.MessageQuestion.Framing;
import io.vitrine.inspect.RecordKind;
import io.vitrine.protocol.ApiTable;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/// Explains bytes that lie on no disk: a request, a response, or batches. They are the caller's own, so all of them
/// are shown, passwords too, and none of them is kept.
@RestController
class AnatomyController {
    private static final int DEFAULT_FIELDS = 1_000;
    private static final int MAX_FIELDS = 10_000;
    private static final int DEFAULT_RECORDS = 100;
    private static final int MAX_RECORDS = 1_000;
    private static final int AT_ONCE = 8;

    private final ApiTable apis;
    // What is posted and what is answered can take some ten times 1 MiB.
    private final Semaphore turns = new Semaphore(AT_ONCE);

    AnatomyController(ApiTable apis) {
        this.apis = apis;
    }

    @PostMapping(
            path = ApiPath.BASE + "/anatomy",
            consumes = {MediaType.APPLICATION_OCTET_STREAM_VALUE, MediaType.TEXT_PLAIN_VALUE},
            produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.TEXT_PLAIN_VALUE})
    ResponseEntity<?> explain(HttpServletRequest request) throws IOException {
        var parameters = QueryParameters.of(request);
        var question = question(parameters);
        var encoding = parameters.word("encoding", "auto", "hex", "base64");
        boolean dump = parameters.has("format")
                ? parameters.word("format", "json", "hex").equals("hex")
                : wantsText(parameters, request);
        parameters.requireSound();
        // A client that sends slowly holds up nobody else.
        var bytes = PostedBytes.read(request, encoding);
        if (!turns.tryAcquire()) {
            throw BusyProblem.readers(1);
        }
        try {
            var anatomy = MessageAnatomy.of(ByteBuffer.wrap(bytes), question);
            return dump
                    ? AnatomyParameters.text(MessageAnatomyText.of(anatomy, bytes.length))
                    : ResponseEntity.ok(MessageAnatomyView.of(anatomy, bytes.length, apis));
        } finally {
            turns.release();
        }
    }

    private static boolean wantsText(QueryParameters parameters, HttpServletRequest request) {
        parameters.text("format");
        return Accepted.choose(request, MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN)
                .equals(MediaType.TEXT_PLAIN);
    }

    private static MessageQuestion question(QueryParameters parameters) {
        var kind = kind(parameters);
        var api = api(parameters);
        if (kind == MessageKind.RESPONSE && api == null) {
            parameters.violate("api", "expected the API and the version, which a response does not say itself");
        }
        if (kind != null && kind != MessageKind.RESPONSE && api != null) {
            parameters.violate("api", "is for a response; a %s says itself what it is".formatted(kind.label()));
        }
        return new MessageQuestion(
                kind,
                switch (parameters.word("framing", "auto", "framed", "bare")) {
                    case "framed" -> Framing.FRAMED;
                    case "bare" -> Framing.BARE;
                    default -> Framing.AUTO;
                },
                api,
                RecordKind.ofTopic(parameters.text("topic").orElse("")),
                parameters.number("fieldsFrom", 0, 0, Integer.MAX_VALUE),
                parameters.number("limit", DEFAULT_FIELDS, 0, MAX_FIELDS),
                parameters.number("recordLimit", DEFAULT_RECORDS, 0, MAX_RECORDS),
                AnatomyParameters.maxValueBytes(parameters));
    }

    private static @Nullable MessageKind kind(QueryParameters parameters) {
        return switch (parameters.word("kind", "auto", "request", "response", "batch")) {
            case "request" -> MessageKind.REQUEST;
            case "response" -> MessageKind.RESPONSE;
            case "batch" -> MessageKind.BATCH;
            default -> null;
        };
    }

    private static @Nullable MessageApi api(QueryParameters parameters) {
        var name = parameters.text("api");
        int version = parameters.number("version", -1, 0, Short.MAX_VALUE);
        if (name.isEmpty()) {
            if (version >= 0) {
                parameters.violate("version", "is that of an api, which is not given");
            }
            return null;
        }
        var key = MessageApi.findKey(name.get());
        if (key.isEmpty()) {
            parameters.violate("api", "'%s' is no API of Kafka".formatted(QueryParameters.echo(name.get())));
            return null;
        }
        if (!MessageApi.isKnown(key.get(), version)) {
            parameters.violate("version", MessageApi.versionsOf(key.get()));
            return null;
        }
        return new MessageApi(key.get(), (short) version);
    }
}
