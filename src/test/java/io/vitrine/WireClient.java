package io.vitrine;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;

/// A bare client: sends and receives single frames, so that a test can say exactly what is on the wire.
public final class WireClient implements AutoCloseable {
    private static final int TIMEOUT_MS = 10_000;

    private final Socket socket;
    private final DataOutputStream out;
    private final DataInputStream in;

    public WireClient(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(TIMEOUT_MS);
        socket.setTcpNoDelay(true);
        out = new DataOutputStream(socket.getOutputStream());
        in = new DataInputStream(socket.getInputStream());
    }

    /// Its own port, by which the broker knows it.
    public int localPort() {
        return socket.getLocalPort();
    }

    /// Sends bytes as they are.
    public void sendRaw(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    /// Sends `frame` behind its length.
    public void sendFrame(byte[] frame) throws IOException {
        sendRaw(ByteBuffer.allocate(Integer.BYTES + frame.length)
                .putInt(frame.length)
                .put(frame)
                .array());
    }

    public void send(ApiKeys api, short version, int correlationId, ApiMessage body) throws IOException {
        sendFrame(encode(api, version, correlationId, body));
    }

    /// Is there something to be read?
    public boolean hasReceived() throws IOException {
        return in.available() > 0;
    }

    /// The next frame, without its length.
    public byte[] receiveFrame() throws IOException {
        var frame = new byte[in.readInt()];
        in.readFully(frame);
        return frame;
    }

    /// The next frame as an answer to a request of this API and version; fails if the correlation id is another.
    public ApiMessage receive(ApiKeys api, short version, int correlationId) throws IOException {
        var accessor = new ByteBufferAccessor(ByteBuffer.wrap(receiveFrame()));
        var header = new ResponseHeaderData(accessor, api.responseHeaderVersion(version));
        if (header.correlationId() != correlationId) {
            throw new IOException("Correlation id %d, expected %d".formatted(header.correlationId(), correlationId));
        }
        var body = api.messageType.newResponse();
        body.read(accessor, version);
        return body;
    }

    /// One request and its answer.
    public ApiMessage call(ApiKeys api, int version, ApiMessage body) throws IOException {
        send(api, (short) version, 7, body);
        return receive(api, (short) version, 7);
    }

    /// Says that nothing more will be sent.
    public void endSending() throws IOException {
        socket.shutdownOutput();
    }

    /// Has the broker closed the connection? Waits for it.
    public boolean isClosedByBroker() throws IOException {
        try {
            return in.read() < 0;
        } catch (SocketException e) {
            // A reset is a close with unread bytes behind it.
            return true;
        }
    }

    /// Takes all that comes until the broker closes the connection.
    public long countBytesUntilClosed() throws IOException {
        long count = 0;
        var bytes = new byte[64 * 1024];
        try {
            for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
                count += read;
            }
        } catch (SocketException e) {
            // As above.
        }
        return count;
    }

    public static byte[] encode(ApiKeys api, short version, int correlationId, ApiMessage body) {
        short headerVersion = api.requestHeaderVersion(version);
        var header = new RequestHeaderData()
                .setRequestApiKey(api.id)
                .setRequestApiVersion(version)
                .setCorrelationId(correlationId)
                .setClientId("wire");
        var headerBytes =
                MessageUtil.toByteBufferAccessor(header, headerVersion).buffer();
        var bodyBytes = MessageUtil.toByteBufferAccessor(body, version).buffer();
        return ByteBuffer.allocate(headerBytes.remaining() + bodyBytes.remaining())
                .put(headerBytes)
                .put(bodyBytes)
                .array();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
