package io.vitrine.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.ReferenceCounted;
import io.vitrine.protocol.FileRecords;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.message.ShareFetchResponseData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageSizeAccumulator;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.jspecify.annotations.Nullable;

/// Writes a response, its header and its length, into one buffer, but for records that are to leave from their files:
/// there it is cut, and a region of the file put in between.
final class ResponseEncoder {
    static final int LENGTH_BYTES = Integer.BYTES;

    private final ByteBufAllocator allocator;
    private final int minRegionBytes;

    /// @param minRegionBytes records of fewer bytes are copied; the greatest number where the connection can't send
    ///     from files, as with TLS
    ResponseEncoder(ByteBufAllocator allocator, int minRegionBytes) {
        this.allocator = allocator;
        this.minRegionBytes = minRegionBytes;
    }

    /// The parts of the answer, buffers and regions in turn, which are the caller's to release.
    ///
    /// @throws IOException if records in a file can't be had
    List<ReferenceCounted> encode(Dispatched request, ApiMessage message) throws IOException {
        var header = new ResponseHeaderData().setCorrelationId(request.correlationId());
        short headerVersion = request.apiKey().responseHeaderVersion(request.version());
        var cache = new ObjectSerializationCache();
        var size = new MessageSizeAccumulator();
        header.addSize(size, cache, headerVersion);
        message.addSize(size, cache, request.version());

        int copied = LENGTH_BYTES + size.totalSize() - bytesOfRegions(message);
        var buffer = allocator.directBuffer(copied, copied);
        var writer = new PartsWriter(buffer, copied, minRegionBytes);
        try {
            writer.writeInt(size.totalSize());
            header.write(writer, cache, headerVersion);
            message.write(writer, cache, request.version());
            return writer.finish();
        } catch (UncheckedIOException e) {
            writer.release();
            throw e.getCause();
        } catch (RuntimeException e) {
            writer.release();
            throw e;
        } finally {
            buffer.release();
        }
    }

    private int bytesOfRegions(ApiMessage message) {
        int bytes = 0;
        if (message instanceof FetchResponseData fetched) {
            for (var topic : fetched.responses()) {
                for (var partition : topic.partitions()) {
                    bytes += bytesOfRegion(partition.records());
                }
            }
        } else if (message instanceof ShareFetchResponseData fetched) {
            for (var topic : fetched.responses()) {
                for (var partition : topic.partitions()) {
                    bytes += bytesOfRegion(partition.records());
                }
            }
        }
        return bytes;
    }

    private int bytesOfRegion(@Nullable BaseRecords records) {
        return records != null && isRegion(records, minRegionBytes) ? records.sizeInBytes() : 0;
    }

    private static boolean isRegion(BaseRecords records, int minRegionBytes) {
        return records instanceof FileRecords && records.sizeInBytes() >= minRegionBytes;
    }

    private static final class PartsWriter extends ByteBufferAccessor {
        private final ByteBuf buffer;
        private final int minRegionBytes;
        private final List<ReferenceCounted> parts = new ArrayList<>(1);

        PartsWriter(ByteBuf buffer, int size, int minRegionBytes) {
            super(buffer.nioBuffer(0, size));
            this.buffer = buffer;
            this.minRegionBytes = minRegionBytes;
        }

        @Override
        public void writeRecords(BaseRecords records) {
            if (!(records instanceof FileRecords inFile)) {
                super.writeRecords(records);
                return;
            }
            try {
                write(inFile, buffer());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void write(FileRecords records, ByteBuffer target) throws IOException {
            if (isRegion(records, minRegionBytes)) {
                cut();
                parts.add(new RecordsRegion(records.open()));
            } else {
                try (var open = records.open()) {
                    open.read(target);
                }
            }
        }

        /// Makes a part of what has been written since the last one.
        private void cut() {
            int end = buffer().position();
            if (end > buffer.readerIndex()) {
                buffer.writerIndex(end);
                parts.add(buffer.readRetainedSlice(end - buffer.readerIndex()));
            }
        }

        List<ReferenceCounted> finish() {
            if (buffer().hasRemaining()) {
                throw new IllegalStateException(
                        "%d bytes less were written than announced".formatted(buffer().remaining()));
            }
            cut();
            return parts;
        }

        void release() {
            parts.forEach(ReferenceCountUtil::release);
        }
    }
}
