package io.vitrine.admin;

import io.vitrine.inspect.AnatomyOptions;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/// What can be asked of an anatomy, wherever the bytes come from.
final class AnatomyParameters {
    private static final int MAX_RECORDS = 1_000;
    private static final int MAX_FIELD_BYTES = 64 * 1024;

    private AnatomyParameters() {}

    /// The forms that an anatomy comes in.
    enum Form {
        JSON,
        TEXT,
        BYTES
    }

    static AnatomyOptions options(QueryParameters parameters) {
        var defaults = AnatomyOptions.DEFAULTS;
        return new AnatomyOptions(
                parameters.number("recordsFrom", defaults.recordsFrom(), 0, Integer.MAX_VALUE),
                parameters.number("limit", defaults.limit(), 0, MAX_RECORDS),
                maxValueBytes(parameters),
                defaults.bounds());
    }

    /// How much of each field is shown.
    static int maxValueBytes(QueryParameters parameters) {
        return parameters.number("maxValueBytes", AnatomyOptions.DEFAULTS.maxValueBytes(), 0, MAX_FIELD_BYTES);
    }

    /// The form asked for by `format`, which a link can have, or else by `Accept`.
    static Form form(QueryParameters parameters, HttpServletRequest request) {
        if (parameters.has("format")) {
            return switch (parameters.word("format", "json", "hex", "raw")) {
                case "hex" -> Form.TEXT;
                case "raw" -> Form.BYTES;
                default -> Form.JSON;
            };
        }
        parameters.text("format");
        var accepted = Accepted.choose(
                request, MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN, MediaType.APPLICATION_OCTET_STREAM);
        if (accepted.equals(MediaType.APPLICATION_OCTET_STREAM)) {
            return Form.BYTES;
        }
        return accepted.equals(MediaType.TEXT_PLAIN) ? Form.TEXT : Form.JSON;
    }

    static ResponseEntity<String> text(String dump) {
        return ResponseEntity.ok()
                .contentType(new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8))
                .body(dump);
    }
}
