package io.vitrine.tap;

import io.vitrine.protocol.Caller;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An open connection, as of one moment.
///
/// @param principal whom the client has shown to be, such as `User:ANONYMOUS`
/// @param clientIds those that its requests have given, the last one first
/// @param software what the client says of itself in ApiVersions
/// @param lastRequest when it began; null if there was none
/// @param requests those that were begun
/// @param inFlight how many of them are not answered yet
/// @param bytesIn read from it
/// @param bytesOut that the client has taken
/// @param paused why nothing is read from it at this moment
/// @param groupId of the group that the client last joined on it, or told that it lives; null if there was none
/// @param transactionalId of its last InitProducerId; null if there was none
public record ConnectionEntry(
        Caller caller,
        String principal,
        List<String> clientIds,
        Software software,
        Instant opened,
        @Nullable Instant lastRequest,
        long requests,
        int inFlight,
        long bytesIn,
        long bytesOut,
        Pause paused,
        @Nullable String groupId,
        @Nullable String transactionalId) {

    /// A client's software; both are empty if it did not say.
    public record Software(String name, String version) {
        public static final Software UNKNOWN = new Software("", "");
    }

    /// Why nothing is read from a connection.
    public enum Pause {
        /// Things are read.
        NONE,
        /// The client does not take its answers.
        ANSWERS_NOT_TAKEN,
        /// There is no memory for the request that has begun.
        MEMORY,
        /// It has sent much that waits for the requests before it.
        SENT_AHEAD,
        /// It is about to be closed.
        CLOSING
    }
}
