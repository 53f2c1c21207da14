package io.vitrine.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// The end of a connection on which everything has been answered.
final class Farewell {
    // For the client to notice that nothing more comes, and to close its side.
    private static final Duration LIMIT = Duration.ofSeconds(2);

    private Farewell() {}

    /// Ends our side of the connection and reads on until the client has ended its own; what is read is for the
    /// handler of the channel to discard. Closing with bytes unread would have the kernel reset the connection, and
    /// the client would lose answers that it has not read. For the event loop of the channel.
    static void say(ChannelHandlerContext context) {
        var channel = context.channel();
        if (!channel.isActive()) {
            context.close();
            return;
        }
        ((DuplexChannel) channel).shutdownOutput();
        channel.config().setAutoRead(true);
        var limit = context.executor().schedule(() -> context.close(), LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        channel.closeFuture().addListener(_ -> limit.cancel(false));
    }
}
