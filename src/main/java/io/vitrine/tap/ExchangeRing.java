package io.vitrine.tap;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/// The last exchanges of one event loop, which is the only one to write; anybody may read. It holds so many, and so
/// many bytes of them: the oldest make room.
/// ```
///   oldest ▶ [ 17 | 18 | 19 | 20 | … ] ◀ next        an exchange has its place at sequence mod capacity
/// ```
public final class ExchangeRing {
    private final RecentExchanges owner;
    private final AtomicReferenceArray<@Nullable Exchange> places;
    private final long maxBytes;
    private final int index;
    private volatile long oldest;
    private long bytes;
    private volatile long next;

    /// @param index which of the rings it is
    ExchangeRing(RecentExchanges owner, int index, int capacity, long maxBytes) {
        this.owner = owner;
        this.index = index;
        this.places = new AtomicReferenceArray<>(capacity);
        this.maxBytes = maxBytes;
    }

    /// Notes what a request asks, before its handler may change it.
    public void noteRequest(Exchange exchange, ApiMessage message) {
        MentionFinder.noteRequest(message, exchange.mentions());
        if (owner.wantsBodies()) {
            long kept = exchange.requestBytes() - MentionFinder.recordBytes(message);
            if (kept <= RecentExchanges.MAX_BODY_BYTES) {
                exchange.keepRequest(message, (int) kept);
            }
        }
    }

    /// Notes what it was answered.
    ///
    /// @param sizeInBytes of the message
    public void noteResponse(Exchange exchange, ApiMessage message, long sizeInBytes) {
        MentionFinder.noteResponse(message, exchange.mentions());
        if (exchange.request() != null) {
            long kept = sizeInBytes - MentionFinder.recordBytes(message);
            if (kept <= RecentExchanges.MAX_BODY_BYTES) {
                exchange.keepResponse(message, kept);
            }
        }
    }

    /// Takes an exchange to which nothing more happens.
    ///
    /// @param sentBytes of its answer, without the length in front
    public void end(Exchange exchange, Exchange.End how, long sentBytes) {
        exchange.ended(how, sentBytes);
        add(exchange);
    }

    private void add(Exchange exchange) {
        long sequence = next;
        exchange.number(index, sequence);
        bytes += exchange.sizeInBytes();
        while (sequence - oldest >= places.length() || (bytes > maxBytes && oldest < sequence)) {
            forgetOldest();
        }
        places.setRelease(place(sequence), exchange);
        next = sequence + 1;
        owner.added();
    }

    private void forgetOldest() {
        long forgotten = oldest;
        int place = place(forgotten);
        var exchange = places.getPlain(place);
        if (exchange != null) {
            bytes -= exchange.sizeInBytes();
            places.setRelease(place, null);
        }
        oldest = forgotten + 1;
    }

    int index() {
        return index;
    }

    /// The number of the next exchange.
    long next() {
        return next;
    }

    /// Those with smaller numbers have made room.
    long oldest() {
        return oldest;
    }

    /// The exchange with this number; null if it had to make room.
    @Nullable
    Exchange find(long sequence) {
        var exchange = places.getAcquire(place(sequence));
        return exchange != null && exchange.sequence() == sequence ? exchange : null;
    }

    private int place(long sequence) {
        return (int) (sequence % places.length());
    }
}
