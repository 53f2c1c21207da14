package io.vitrine.server;

import io.netty.channel.DefaultMessageSizeEstimator;
import io.netty.channel.FileRegion;
import io.netty.channel.MessageSizeEstimator;

/// Counts what is sent from a file like any other bytes that a client has not taken. For Netty it is nothing, and a
/// client that takes none of it would be served on and on.
final class AnswerSizeEstimator implements MessageSizeEstimator {
    private static final Handle BYTES = DefaultMessageSizeEstimator.DEFAULT.newHandle();

    @Override
    public Handle newHandle() {
        return message -> message instanceof FileRegion region
                ? (int) Math.min(Integer.MAX_VALUE, region.count())
                : BYTES.size(message);
    }
}
