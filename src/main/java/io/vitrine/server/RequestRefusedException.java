package io.vitrine.server;

import io.vitrine.protocol.Closing;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.apache.kafka.common.protocol.ApiKeys;

/// A request that the protocol gives no answer for; its connection is closed.
final class RequestRefusedException extends Exception {
    private static final long serialVersionUID = 1;
    private static final int MOST_SHOWN = 32;

    private final Closing why;
    private int apiKey = -1;
    private int version = -1;
    private int correlationId = -1;
    private String firstBytes = "";

    RequestRefusedException(Closing why, String message) {
        super(message);
        this.why = why;
    }

    /// The same, with which request it was. Who authenticates without being asked must not find the password in what
    /// is told: such requests show no more than says which they are, and what begins as no request shows even less.
    ///
    /// @param frame of at least 8 bytes
    RequestRefusedException of(ByteBuffer frame) {
        apiKey = frame.getShort(0);
        boolean isKnown = ApiKeys.hasId(apiKey);
        if (isKnown) {
            version = frame.getShort(2);
            correlationId = frame.getInt(4);
        }
        int most = isKnown ? mayBeSecret() ? Long.BYTES : MOST_SHOWN : Short.BYTES;
        var first = new byte[Math.min(most, frame.limit())];
        frame.get(0, first);
        firstBytes = HexFormat.of().formatHex(first);
        return this;
    }

    private boolean mayBeSecret() {
        return apiKey == ApiKeys.SASL_AUTHENTICATE.id || apiKey == ApiKeys.ALTER_USER_SCRAM_CREDENTIALS.id;
    }

    Closing why() {
        return why;
    }

    int apiKey() {
        return apiKey;
    }

    int version() {
        return version;
    }

    int correlationId() {
        return correlationId;
    }

    /// Behind the length, in hex.
    String firstBytes() {
        return firstBytes;
    }
}
