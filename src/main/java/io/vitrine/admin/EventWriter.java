package io.vitrine.admin;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.json.JsonMapper;

/// Writes server-sent events:
/// ```
///   id: <what to send back as Last-Event-ID>
///   event: <name>
///   data: <JSON on one line>
/// ```
/// A heartbeat is a comment, and an id without data: a browser takes note of it and tells nobody. Not thread-safe.
final class EventWriter {
    private static final int FLUSH_BYTES = 64 * 1024;

    private final JsonMapper mapper;
    private final HttpServletResponse response;
    private final OutputStream target;
    private final long heartbeatNanos;
    private int unflushed;
    private long lastWrite = System.nanoTime();

    EventWriter(JsonMapper mapper, HttpServletResponse response, int heartbeatMs) throws IOException {
        this.mapper = mapper;
        this.response = response;
        this.heartbeatNanos = TimeUnit.MILLISECONDS.toNanos(heartbeatMs);
        response.setContentType("text/event-stream;charset=UTF-8");
        // What would hold events back is asked not to.
        response.setHeader("X-Accel-Buffering", "no");
        this.target = response.getOutputStream();
    }

    /// Writes one event.
    ///
    /// @throws IOException if the reader is gone
    void write(String event, String id, Object data) throws IOException {
        write("id: %s\nevent: %s\ndata: ".formatted(id, event).getBytes(StandardCharsets.UTF_8));
        write(mapper.writeValueAsBytes(data));
        write("\n\n".getBytes(StandardCharsets.UTF_8));
        if (unflushed > FLUSH_BYTES) {
            flush();
        }
    }

    /// Has the reader get what was written.
    ///
    /// @throws IOException if the reader is gone
    void flush() throws IOException {
        if (unflushed > 0) {
            unflushed = 0;
            response.flushBuffer();
        }
    }

    /// Nanoseconds until the next heartbeat.
    long nanosToHeartbeat() {
        return heartbeatNanos - (System.nanoTime() - lastWrite);
    }

    /// Shows that the stream is alive, and finds out whether its reader is.
    ///
    /// @throws IOException if the reader is gone
    void heartbeat(String id) throws IOException {
        write(": heartbeat\nid: %s\n\n".formatted(id).getBytes(StandardCharsets.UTF_8));
        flush();
    }

    private void write(byte[] bytes) throws IOException {
        target.write(bytes);
        unflushed += bytes.length;
        lastWrite = System.nanoTime();
    }
}
