package io.vitrine.server;

import io.vitrine.protocol.Closing;
import java.nio.ByteBuffer;
import java.util.Map;
import org.apache.kafka.common.protocol.ApiKeys;

/// How large a request may be that has nothing in it but very many small things: read, and answered one by one, they
/// take many times the memory of the frame.
final class BodyLimit {
    private static final int MIB = 1024 * 1024;
    // Ten thousand of the longest names are 2.5 MB, and no more than that are deleted in one change.
    private static final Map<ApiKeys, Integer> MAX_BYTES = Map.of(ApiKeys.DELETE_TOPICS, 4 * MIB);

    private BodyLimit() {}

    /// @param body of a request, from its position on
    static void check(ByteBuffer body, ApiKeys api) throws RequestRefusedException {
        var most = MAX_BYTES.get(api);
        if (most != null && body.remaining() > most) {
            throw new RequestRefusedException(
                    Closing.OVERSIZED_REQUEST,
                    "%s has %d bytes, more than the %d it may have".formatted(api.name, body.remaining(), most));
        }
    }
}
