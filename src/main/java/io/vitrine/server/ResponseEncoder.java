package io.vitrine.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageSizeAccumulator;
import org.apache.kafka.common.protocol.ObjectSerializationCache;

/// Writes a response, its header and its length into one buffer, so that it leaves in one piece.
final class ResponseEncoder {
    private static final int LENGTH_BYTES = Integer.BYTES;

    private ResponseEncoder() {}

    static ByteBuf encode(Dispatched request, ApiMessage message, ByteBufAllocator allocator) {
        var header = new ResponseHeaderData().setCorrelationId(request.correlationId());
        short headerVersion = request.apiKey().responseHeaderVersion(request.version());
        var cache = new ObjectSerializationCache();
        var size = new MessageSizeAccumulator();
        header.addSize(size, cache, headerVersion);
        message.addSize(size, cache, request.version());

        int total = LENGTH_BYTES + size.totalSize();
        var buffer = allocator.directBuffer(total, total);
        try {
            var bytes = buffer.nioBuffer(0, total);
            bytes.putInt(size.totalSize());
            var writer = new ByteBufferAccessor(bytes);
            header.write(writer, cache, headerVersion);
            message.write(writer, cache, request.version());
            return buffer.writerIndex(total);
        } catch (RuntimeException e) {
            buffer.release();
            throw e;
        }
    }
}
