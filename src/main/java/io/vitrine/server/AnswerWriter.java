package io.vitrine.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelProgressiveFuture;
import io.netty.channel.ChannelProgressiveFutureListener;
import io.netty.channel.unix.Errors;
import io.netty.util.ReferenceCounted;
import io.vitrine.tap.Exchange;
import io.vitrine.tap.Exchange.End;
import io.vitrine.tap.ExchangeRing;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/// Writes the answers of one connection, and knows what has become of them: how much the client has taken, and why
/// the rest could not be sent. Belongs to the connection's event loop.
final class AnswerWriter {
    private final Connections connections;
    private final ChannelHandlerContext context;
    private final ResponseEncoder encoder;
    private final ConnectionTally tally;
    private final ExchangeRing ring;
    private final Consumer<String> failed;
    private boolean hasFailed;

    /// @param failed told why bytes could not be sent, unless the client has gone
    AnswerWriter(
            Connections connections,
            ChannelHandlerContext context,
            ConnectionTally tally,
            ExchangeRing ring,
            Consumer<String> failed) {
        this.connections = connections;
        this.context = context;
        this.encoder =
                new ResponseEncoder(context.alloc(), connections.settings().minRegionBytes());
        this.tally = tally;
        this.ring = ring;
        this.failed = failed;
    }

    /// Writes an answer, which leaves with the next flush.
    ///
    /// @throws IOException if its records can't be had
    void write(Dispatched request, ApiMessage message) throws IOException {
        var parts = encoder.encode(request, message);
        long size = -ResponseEncoder.LENGTH_BYTES;
        for (var part : parts) {
            size += part instanceof ByteBuf bytes ? bytes.readableBytes() : ((RecordsRegion) part).count();
        }
        try {
            ring.noteResponse(request.exchange(), message, size);
        } catch (RuntimeException e) {
            parts.forEach(ReferenceCounted::release);
            throw e;
        }
        int last = parts.size() - 1;
        for (int i = 0; i < last; i++) {
            write(parts.get(i), null, 0);
        }
        write(parts.get(last), request.exchange(), size);
    }

    /// @param exchange the one that ends with this part
    /// @param size of its answer
    private void write(ReferenceCounted part, @Nullable Exchange exchange, long size) {
        var sending = part instanceof ByteBuf bytes
                ? new Sending(bytes.readableBytes(), 0, exchange, size)
                : new Sending(0, ((RecordsRegion) part).count(), exchange, size);
        connections.traffic().begun(sending.memoryBytes);
        context.write(part, context.newProgressivePromise().addListener(sending));
    }

    /// Waits for the end of one part.
    private final class Sending implements ChannelProgressiveFutureListener {
        private final int memoryBytes;
        private final long fileBytes;
        private final @Nullable Exchange exchange;
        private final long size;

        Sending(int memoryBytes, long fileBytes, @Nullable Exchange exchange, long size) {
            this.memoryBytes = memoryBytes;
            this.fileBytes = fileBytes;
            this.exchange = exchange;
            this.size = size;
        }

        @Override
        public void operationProgressed(ChannelProgressiveFuture future, long progress, long total) {
            tally.progressed();
        }

        @Override
        public void operationComplete(ChannelProgressiveFuture future) {
            connections.traffic().ended(memoryBytes);
            tally.progressed();
            if (exchange != null) {
                ring.end(exchange, future.isSuccess() ? End.ANSWERED : End.NOT_DELIVERED, size);
            }
            if (future.isSuccess()) {
                connections.traffic().sent(memoryBytes, fileBytes);
                tally.sent(memoryBytes + fileBytes);
            } else if (!hasFailed && !isClientGone(future.cause())) {
                // What follows it in the same answer has no other reason.
                hasFailed = true;
                failed.accept("an answer could not be sent to its end: "
                        + future.cause().getMessage());
            }
        }
    }

    private static boolean isClientGone(Throwable cause) {
        if (cause instanceof Errors.NativeIoException broken) {
            return broken.expectedErr() == Errors.ERRNO_EPIPE_NEGATIVE
                    || broken.expectedErr() == Errors.ERRNO_ECONNRESET_NEGATIVE;
        }
        var message = String.valueOf(cause.getMessage());
        return cause instanceof ClosedChannelException
                || message.contains("Broken pipe")
                || message.contains("Connection reset");
    }
}
