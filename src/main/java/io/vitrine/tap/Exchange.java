package io.vitrine.tap;

import io.vitrine.protocol.Caller;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/// A request and what has become of it. Written by the event loop of its connection alone, until it is handed to an
/// [ExchangeRing]; nothing changes after that.
/// ```
///   read ── queue ──▶ started ── local ──▶ handled ── waiting ──▶ answered ── send ──▶ ended
/// ```
/// There is one for each request, so it has few fields, and shares what it can.
public final class Exchange {
    // The object with its place in the ring, about.
    private static final int FIXED_BYTES = 200;
    private static final int BYTES_OF_CHAR = 2;
    // A message's objects were seen to take up to so many times its bytes on the wire.
    private static final int BODY_EXPANSION = 16;

    /// How a request has ended.
    public enum End {
        /// The client has taken the answer.
        ANSWERED,
        /// It asked for no answer.
        NO_ANSWER_WANTED,
        /// The connection was closed instead of an answer.
        CLOSED,
        /// The client had gone, or the connection was closed, before it had the answer.
        NOT_DELIVERED
    }

    private final ApiKeys apiKey;
    private final short version;
    private final int correlationId;
    private final Caller caller;
    private final int requestBytes;
    private final long readNanos;
    private final long startedNanos;
    private String clientId;
    private long handledNanos;
    private long answeredNanos;
    private long endedNanos;
    private long responseBytes;
    private End end = End.NOT_DELIVERED;
    private final Mentions mentions = new Mentions();
    private @Nullable Bodies bodies;
    private int ring;
    private long sequence = -1;

    /// The messages; here only while somebody follows with bodies, because keeping them costs more than all the rest.
    private record Bodies(
            ApiMessage request, int requestBytes, @Nullable ApiMessage response, long responseBytes) {}

    /// @param requestBytes its size without the length in front
    /// @param readNanos when its bytes were read
    /// @param startedNanos when they were looked at
    public Exchange(
            ApiKeys apiKey,
            short version,
            int correlationId,
            String clientId,
            Caller caller,
            int requestBytes,
            long readNanos,
            long startedNanos) {
        this.apiKey = apiKey;
        this.version = version;
        this.correlationId = correlationId;
        this.clientId = Mentions.cut(clientId);
        this.caller = caller;
        this.requestBytes = requestBytes;
        this.readNanos = readNanos;
        this.startedNanos = startedNanos;
        this.handledNanos = startedNanos;
        this.answeredNanos = startedNanos;
    }

    /// Has the same text as before, but not once more in memory.
    public void shareClientId(String same) {
        clientId = same;
    }

    /// Its handler has returned.
    public void handled() {
        handledNanos = System.nanoTime();
    }

    /// Its answer is there, and its turn has come.
    public void answered(long nanos) {
        answeredNanos = nanos;
    }

    /// Nothing more happens to it.
    void ended(End how, long sentBytes) {
        end = how;
        responseBytes = sentBytes;
        endedNanos = System.nanoTime();
    }

    /// Keeps the request, whose records nobody may read any more.
    ///
    /// @param bytes of it, without its records
    void keepRequest(ApiMessage request, int bytes) {
        bodies = new Bodies(request, bytes, null, 0);
    }

    /// Keeps the answer, if the request was kept.
    void keepResponse(ApiMessage response, long bytes) {
        var kept = bodies;
        if (kept != null) {
            bodies = new Bodies(kept.request(), kept.requestBytes(), response, bytes);
        }
    }

    /// Gives it its number in its ring.
    void number(int ofRing, long next) {
        ring = ofRing;
        sequence = next;
    }

    /// By which it is known, as `<ring>-<number>`.
    public String id() {
        return ring + "-" + sequence;
    }

    int ring() {
        return ring;
    }

    /// What it takes in memory, about.
    long sizeInBytes() {
        var kept = bodies;
        long bodyBytes = kept == null ? 0 : BODY_EXPANSION * (kept.requestBytes() + kept.responseBytes());
        return FIXED_BYTES + (long) BYTES_OF_CHAR * clientId.length() + mentions.sizeInBytes() + bodyBytes;
    }

    long sequence() {
        return sequence;
    }

    public ApiKeys apiKey() {
        return apiKey;
    }

    public short version() {
        return version;
    }

    public int correlationId() {
        return correlationId;
    }

    /// Empty if there was none; its first 255 characters.
    public String clientId() {
        return clientId;
    }

    public Caller caller() {
        return caller;
    }

    public int requestBytes() {
        return requestBytes;
    }

    /// 0 if there was no answer.
    public long responseBytes() {
        return responseBytes;
    }

    public End end() {
        return end;
    }

    public ExchangeTimes times() {
        return new ExchangeTimes(readNanos, startedNanos, handledNanos, answeredNanos, endedNanos);
    }

    public long startedNanos() {
        return startedNanos;
    }

    /// What the request and the answer name.
    public Mentions mentions() {
        return mentions;
    }

    /// The message of the request; null if it was not kept.
    @Nullable
    ApiMessage request() {
        var kept = bodies;
        return kept == null ? null : kept.request();
    }

    /// The message of the answer; null if it was not kept, or there was none.
    @Nullable
    ApiMessage response() {
        var kept = bodies;
        return kept == null ? null : kept.response();
    }
}
