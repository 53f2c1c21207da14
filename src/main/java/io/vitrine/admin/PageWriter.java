package io.vitrine.admin;

import io.vitrine.inspect.UnreadableLogException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/// Writes a page of rows while they are read, so that a page of any length takes the memory of a row: as one JSON
/// object, or as a line for each row (`application/x-ndjson`).
/// ```
///   {"items":[row,row,…],"next":"/api/v1/…","problem":{…}}
/// ```
/// By the time something goes wrong the status is long sent, so the page itself says that it ends early.
@Component
class PageWriter {
    private static final Logger log = LoggerFactory.getLogger(PageWriter.class);

    private final JsonMapper mapper;

    PageWriter(JsonMapper mapper) {
        this.mapper = mapper;
    }

    /// The rows of one page.
    interface Rows {
        /// The next row; empty when the page is full or there are no more.
        Optional<?> next() throws UnreadableLogException;

        /// Where the next page is; null if this is the last one. Asked when there are no more rows.
        @Nullable
        String nextPage();

        /// What else is to be said at the end of the page. Asked when there are no more rows.
        default Map<String, Object> closing() {
            return Map.of();
        }

        /// Does the page end before it is full, although there is more? Lines say so in one line more.
        default boolean isCutShort() {
            return false;
        }
    }

    /// Why a page ends early.
    record EarlyEnd(String title, String detail) {}

    /// Writes all rows.
    ///
    /// @throws UnreadableLogException if not even the first can be had; nothing has been written then
    void write(HttpServletRequest request, HttpServletResponse response, Rows rows) throws IOException {
        var first = rows.next();
        var form = Accepted.choose(request, MediaType.APPLICATION_JSON, MediaType.APPLICATION_NDJSON);
        boolean lines = Accepted.wantsLines(request);
        response.setContentType(form.toString());
        try (var generator = mapper.writer().withRootValueSeparator("\n").createGenerator(response.getOutputStream())) {
            if (lines) {
                writeLines(generator, first, rows);
            } else {
                writeObject(generator, first, rows);
            }
        } catch (JacksonException e) {
            if (!(NestedExceptionUtils.getMostSpecificCause(e) instanceof IOException)) {
                throw e;
            }
            log.debug("The caller has gone in the middle of {}", request.getRequestURI(), e);
        }
    }

    private static void writeLines(JsonGenerator generator, Optional<?> first, Rows rows) {
        var problem = writeRows(generator, first, rows);
        if (problem != null) {
            generator.writePOJO(Map.of("problem", problem));
        } else if (rows.isCutShort()) {
            generator.writePOJO(lastLine(rows));
        }
        if (first.isPresent() || rows.isCutShort()) {
            generator.writeRaw('\n');
        }
    }

    private static void writeObject(JsonGenerator generator, Optional<?> first, Rows rows) {
        generator.writeStartObject();
        generator.writeArrayPropertyStart("items");
        var problem = writeRows(generator, first, rows);
        generator.writeEndArray();
        var next = rows.nextPage();
        if (next != null && problem == null) {
            generator.writeStringProperty("next", next);
        }
        if (problem != null) {
            generator.writePOJOProperty("problem", problem);
        }
        new TreeMap<>(rows.closing()).forEach(generator::writePOJOProperty);
        generator.writeEndObject();
    }

    private static Map<String, Object> lastLine(Rows rows) {
        var line = new TreeMap<>(rows.closing());
        var next = rows.nextPage();
        if (next != null) {
            line.put("next", next);
        }
        return line;
    }

    private static @Nullable EarlyEnd writeRows(JsonGenerator generator, Optional<?> first, Rows rows) {
        for (Optional<?> row = first; row.isPresent(); ) {
            generator.writePOJO(row.get());
            try {
                row = rows.next();
            } catch (UnreadableLogException e) {
                return new EarlyEnd("Log not readable", String.valueOf(e.getMessage()));
            } catch (RuntimeException e) {
                // The page would close its brackets and look complete.
                log.error("A page ends early", e);
                return new EarlyEnd("Internal error", "The broker's log says what happened.");
            }
        }
        return null;
    }
}
