package io.vitrine.admin;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Listens to server-sent events over a socket of its own, so that a test can also not read, or be gone.
public final class EventStream implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int SMALL_BUFFER_BYTES = 16 * 1024;

    private final Socket socket = new Socket();
    private final BufferedReader lines;
    private String lastId = "";
    private int heartbeats;

    /// One event, with the id that was in force.
    public record Event(String name, String id, JsonNode data) {}

    public EventStream(URI base, String path, String lastEventId) throws IOException {
        socket.setReceiveBufferSize(SMALL_BUFFER_BYTES);
        socket.setSoTimeout((int) PATIENCE.toMillis());
        socket.connect(new InetSocketAddress(base.getHost(), base.getPort()));
        // The older protocol knows no chunks.
        var request = "GET %s HTTP/1.0\r\nHost: localhost\r\nAccept: text/event-stream\r\n%s\r\n"
                .formatted(path, lastEventId.isEmpty() ? "" : "Last-Event-ID: %s\r\n".formatted(lastEventId));
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        var status = lines.readLine();
        if (status == null || !status.contains(" 200")) {
            throw new IOException("answered with " + status);
        }
        while (!lines.readLine().isEmpty()) {
            // Headers are looked at elsewhere.
        }
    }

    /// The next event; the stream must not be at its end.
    public Event next() throws IOException {
        String name = "message";
        var data = new StringBuilder();
        while (true) {
            var line = lines.readLine();
            if (line == null) {
                throw new IOException("the stream has ended");
            }
            if (line.startsWith("id: ")) {
                lastId = line.substring(4);
            } else if (line.startsWith("event: ")) {
                name = line.substring(7);
            } else if (line.startsWith("data: ")) {
                data.append(line.substring(6));
            } else if (line.startsWith(":")) {
                heartbeats++;
            } else if (line.isEmpty() && !data.isEmpty()) {
                return new Event(name, lastId, JSON.readTree(data.toString()));
            }
        }
    }

    /// The next event, which has to be a record, and its key.
    String nextKey() throws IOException {
        var event = next();
        if (!event.name().equals("record")) {
            throw new IOException("no record but " + event);
        }
        return event.data().get("key").get("data").stringValue();
    }

    /// Reads until there has been one more heartbeat.
    public void awaitHeartbeat() throws IOException {
        int before = heartbeats;
        while (heartbeats == before) {
            var line = lines.readLine();
            if (line == null) {
                throw new IOException("the stream has ended");
            }
            if (line.startsWith(":")) {
                heartbeats++;
                lastId = lines.readLine().substring(4);
            }
        }
    }

    public boolean isAtEnd() throws IOException {
        return lines.readLine() == null;
    }

    public String lastId() {
        return lastId;
    }

    /// Is gone at once, as a process that was killed.
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
