package io.vitrine;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitrine.inspect.ReasonGuide;
import io.vitrine.protocol.RefusalEntry;
import io.vitrine.protocol.RefusalJournal;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;

/// Stands between clients and a broker, and looks for every error in every answer in the broker's journal, before the
/// client gets it. Each request is given a correlation id of its own on its way.
public final class ErrorAuditor implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final RunningBroker broker;
    private final AtomicInteger correlationIds = new AtomicInteger(1000);
    private final Collection<String> complaints = new ConcurrentLinkedQueue<>();
    private final Set<String> errorsSeen = ConcurrentHashMap.newKeySet();
    private final Collection<Socket> sockets = new ConcurrentLinkedQueue<>();

    private record Asked(int correlationId, ApiKeys api, short version) {}

    public ErrorAuditor(RunningBroker broker) throws IOException {
        this.broker = broker;
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    /// What the journal lacks.
    public List<String> complaints() {
        return List.copyOf(complaints);
    }

    /// The names of all errors that were answered.
    public Set<String> errorsSeen() {
        return errorsSeen;
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (var socket : sockets) {
            socket.close();
        }
    }

    private void accept() {
        try {
            while (true) {
                var client = server.accept();
                var upstream = new Socket(InetAddress.getLoopbackAddress(), broker.port());
                upstream.setTcpNoDelay(true);
                client.setTcpNoDelay(true);
                sockets.add(client);
                sockets.add(upstream);
                var asked = new ConcurrentHashMap<Integer, Asked>();
                Thread.ofVirtual().start(() -> passOn(client, upstream, frame -> renumber(frame, asked)));
                Thread.ofVirtual().start(() -> passOn(upstream, client, frame -> audit(frame, asked)));
            }
        } catch (IOException _) {
            // Closed.
        }
    }

    private interface Step {
        void look(ByteBuffer frame) throws IOException;
    }

    private static void passOn(Socket from, Socket to, Step step) {
        try (from;
                to) {
            var in = new DataInputStream(from.getInputStream());
            var out = new DataOutputStream(to.getOutputStream());
            while (true) {
                var frame = new byte[in.readInt()];
                in.readFully(frame);
                step.look(ByteBuffer.wrap(frame));
                out.writeInt(frame.length);
                out.write(frame);
                out.flush();
            }
        } catch (IOException _) {
            // One side has gone.
        }
    }

    private void renumber(ByteBuffer request, Map<Integer, Asked> asked) {
        int correlationId = correlationIds.incrementAndGet();
        asked.put(correlationId, new Asked(request.getInt(4), ApiKeys.forId(request.getShort(0)), request.getShort(2)));
        request.putInt(4, correlationId);
    }

    private void audit(ByteBuffer answer, Map<Integer, Asked> asked) throws IOException {
        int correlationId = answer.getInt(0);
        var request = asked.remove(correlationId);
        if (request == null) {
            complaints.add("an answer to nothing: " + correlationId);
            return;
        }
        var errors = errorsIn(answer.duplicate(), request);
        errorsSeen.addAll(errors);
        if (!errors.isEmpty()) {
            compare(correlationId, request, errors);
        }
        answer.putInt(0, request.correlationId());
    }

    private void compare(int correlationId, Asked request, Set<String> errors) {
        var entries = broker
                .broker()
                .refusals()
                .find(RefusalJournal.MOST_OF_A_REQUEST, kept -> kept.latest().correlationId() == correlationId)
                .stream()
                .map(RefusalJournal.Kept::latest)
                .toList();
        for (var error : errors) {
            if (entries.stream().noneMatch(entry -> entry.error().equals(error) && isSound(entry, request))) {
                complaints.add("%s %d answered %s, and the journal has %s"
                        .formatted(request.api(), request.version(), error, entries));
            }
        }
    }

    private static boolean isSound(RefusalEntry entry, Asked request) {
        return entry.api().equals(request.api().name)
                && entry.version() == request.version()
                && !entry.reason().isBlank()
                && !entry.detail().isBlank()
                && ReasonGuide.find(entry.reason(), entry.error()).isPresent();
    }

    private static Set<String> errorsIn(ByteBuffer answer, Asked request) throws IOException {
        var bytes = new ByteBufferAccessor(answer);
        var header = new ResponseHeaderData(bytes, request.api().responseHeaderVersion(request.version()));
        var errors = new TreeSet<String>();
        if (header.correlationId() <= 0) {
            throw new IOException("no correlation id");
        }
        var message = request.api().messageType.newResponse();
        // An ApiVersions request that is too new is answered in version 0.
        boolean tooNew =
                request.api() == ApiKeys.API_VERSIONS && request.version() > ApiKeys.API_VERSIONS.latestVersion();
        short version = tooNew ? 0 : request.version();
        message.read(bytes, version);
        collect(toJson(message, version), errors);
        return errors;
    }

    private static JsonNode toJson(ApiMessage message, short version) throws IOException {
        try {
            return (JsonNode) Class.forName(message.getClass().getName() + "JsonConverter")
                    .getMethod("write", message.getClass(), short.class)
                    .invoke(null, message, version);
        } catch (ReflectiveOperationException e) {
            throw new IOException(e);
        }
    }

    private static void collect(JsonNode node, Set<String> errors) {
        node.properties().forEach(field -> {
            if (field.getKey().toLowerCase(Locale.ROOT).endsWith("errorcode")
                    && field.getValue().asInt() != 0) {
                errors.add(Errors.forCode((short) field.getValue().asInt()).name());
            }
        });
        var children = new ArrayList<JsonNode>();
        node.forEach(children::add);
        children.forEach(child -> collect(child, errors));
    }
}
