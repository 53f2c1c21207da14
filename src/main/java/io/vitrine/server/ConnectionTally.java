package io.vitrine.server;

import io.vitrine.protocol.Arrivals;
import io.vitrine.protocol.Caller;
import io.vitrine.tap.ConnectionEntry;
import io.vitrine.tap.ConnectionEntry.Pause;
import io.vitrine.tap.ConnectionEntry.Software;
import io.vitrine.tap.Exchange;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.ShareGroupHeartbeatRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/// What one connection has done, and what its client has said of itself. Written by its event loop, read by anybody:
/// so nothing is locked, and who reads may be a moment behind.
final class ConnectionTally {
    private static final String ANONYMOUS = "User:ANONYMOUS";
    private static final int MAX_CLIENT_IDS = 4;
    private static final int MAX_NAME_CHARS = 255;

    private final Caller caller;
    private final Arrival arrival;
    private final Instant opened = Instant.now(Clock.systemUTC());
    private final long openedNanos = System.nanoTime();
    private final AtomicLong lastRequestNanos = new AtomicLong();
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong bytesIn = new AtomicLong();
    private final AtomicLong bytesOut = new AtomicLong();
    private volatile long lastProgressNanos = openedNanos;
    private volatile Pause paused = Pause.NONE;
    private volatile List<String> clientIds = List.of();
    private volatile Software software = Software.UNKNOWN;
    private volatile @Nullable String groupId;
    private volatile @Nullable String transactionalId;

    ConnectionTally(Caller caller, Arrivals arrivals) {
        this.caller = caller;
        this.arrival = new Arrival(arrivals, caller);
    }

    Caller caller() {
        return caller;
    }

    /// Bytes have come in.
    ///
    /// @return when
    long received(int bytes) {
        add(bytesIn, bytes);
        long now = System.nanoTime();
        lastProgressNanos = now;
        return now;
    }

    /// The client has taken a part of something.
    void progressed() {
        lastProgressNanos = System.nanoTime();
    }

    /// The client has taken so much.
    void sent(long bytes) {
        add(bytesOut, bytes);
    }

    /// Nanoseconds since bytes last went in or out.
    long quietNanos() {
        return System.nanoTime() - lastProgressNanos;
    }

    /// A request was begun.
    void requested(Exchange exchange, ApiMessage message) {
        add(requests, 1);
        lastRequestNanos.setOpaque(exchange.startedNanos());
        var known = clientIds;
        if (known.isEmpty() || !known.getFirst().equals(exchange.clientId())) {
            known = withFirst(known, exchange.clientId());
            clientIds = known;
        }
        exchange.shareClientId(known.getFirst());
        noteFacts(message);
        arrival.took(exchange.apiKey(), known.getFirst(), message);
    }

    /// The connection has ended.
    void ended() {
        arrival.ended();
    }

    /// A request is answered, or never will be.
    void finished() {
        add(done, 1);
    }

    /// Says why nothing is read at this moment.
    void pause(Pause reason) {
        if (paused != reason) {
            paused = reason;
        }
    }

    ConnectionEntry describe() {
        long begun = requests.getOpaque();
        return new ConnectionEntry(
                caller,
                ANONYMOUS,
                clientIds.stream().filter(id -> !id.isEmpty()).toList(),
                software,
                opened,
                begun == 0 ? null : opened.plusNanos(lastRequestNanos.getOpaque() - openedNanos),
                begun,
                (int) Math.max(0, begun - done.getOpaque()),
                bytesIn.getOpaque(),
                bytesOut.getOpaque(),
                paused,
                groupId,
                transactionalId);
    }

    private void noteFacts(ApiMessage message) {
        switch (message) {
            case ApiVersionsRequestData asked ->
                software = new Software(cut(asked.clientSoftwareName()), cut(asked.clientSoftwareVersion()));
            case JoinGroupRequestData asked -> noteGroup(asked.groupId());
            case HeartbeatRequestData asked -> noteGroup(asked.groupId());
            case ConsumerGroupHeartbeatRequestData asked -> noteGroup(asked.groupId());
            case ShareGroupHeartbeatRequestData asked -> noteGroup(asked.groupId());
            case StreamsGroupHeartbeatRequestData asked -> noteGroup(asked.groupId());
            case InitProducerIdRequestData asked -> {
                @Nullable String id = asked.transactionalId();
                transactionalId = id == null ? null : cut(id);
            }
            default -> {
                // Others say nothing of who they are.
            }
        }
    }

    private void noteGroup(String id) {
        if (!id.equals(groupId)) {
            groupId = cut(id);
        }
    }

    private static List<String> withFirst(List<String> known, String id) {
        var ids = new ArrayList<String>();
        ids.add(id);
        known.stream()
                .filter(other -> !other.equals(id))
                .limit(MAX_CLIENT_IDS - 1)
                .forEach(ids::add);
        return List.copyOf(ids);
    }

    /// There is one writer.
    private static void add(AtomicLong count, long more) {
        count.setOpaque(count.getPlain() + more);
    }

    private static String cut(String name) {
        return name.length() <= MAX_NAME_CHARS ? name : name.substring(0, MAX_NAME_CHARS);
    }
}
