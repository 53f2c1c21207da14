package io.vitrine.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelProgressiveFuture;
import io.netty.channel.ChannelProgressiveFutureListener;
import io.netty.channel.unix.Errors;
import io.netty.util.ReferenceCounted;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.ApiMessage;

/// Writes the answers of one connection, and knows what has become of them: how much the client has taken, and why
/// the rest could not be sent. Belongs to the connection's event loop.
final class AnswerWriter {
    private final Connections connections;
    private final ChannelHandlerContext context;
    private final ResponseEncoder encoder;
    private final Runnable progressed;
    private final Consumer<String> failed;
    private boolean hasFailed;

    /// @param progressed told whenever the client has taken something
    /// @param failed told why bytes could not be sent, unless the client has gone
    AnswerWriter(Connections connections, ChannelHandlerContext context, Runnable progressed, Consumer<String> failed) {
        this.connections = connections;
        this.context = context;
        this.encoder =
                new ResponseEncoder(context.alloc(), connections.settings().minRegionBytes());
        this.progressed = progressed;
        this.failed = failed;
    }

    /// Writes an answer, which leaves with the next flush.
    ///
    /// @throws IOException if its records can't be had
    void write(Dispatched request, ApiMessage message) throws IOException {
        for (var part : encoder.encode(request, message)) {
            write(part);
        }
    }

    private void write(ReferenceCounted part) {
        var sending = part instanceof ByteBuf bytes
                ? new Sending(bytes.readableBytes(), 0)
                : new Sending(0, ((RecordsRegion) part).count());
        connections.traffic().begun(sending.memoryBytes);
        context.write(part, context.newProgressivePromise().addListener(sending));
    }

    /// Waits for the end of one part.
    private final class Sending implements ChannelProgressiveFutureListener {
        private final int memoryBytes;
        private final long fileBytes;

        Sending(int memoryBytes, long fileBytes) {
            this.memoryBytes = memoryBytes;
            this.fileBytes = fileBytes;
        }

        @Override
        public void operationProgressed(ChannelProgressiveFuture future, long progress, long total) {
            progressed.run();
        }

        @Override
        public void operationComplete(ChannelProgressiveFuture future) {
            connections.traffic().ended(memoryBytes);
            progressed.run();
            if (future.isSuccess()) {
                connections.traffic().sent(memoryBytes, fileBytes);
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
