package io.vitrine.record;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.utils.internals.BufferSupplier;

/// Opens the four codecs through Kafka's client library: the one place that touches it here.
/// Their own memory is bounded: gzip 32 KiB, lz4 one block of at most 4 MiB, zstd its window of at most 128 MiB,
/// snappy the chunk that [SnappyFraming] has looked at first.
final class Decompression {
    private Decompression() {}

    /// A stream of the unpacked bytes.
    ///
    /// @throws MalformedRecordException if the compressed bytes do not begin as the codec demands
    static InputStream open(Codec codec, ByteBuffer compressed) throws IOException {
        if (codec == Codec.SNAPPY) {
            SnappyFraming.check(compressed);
        }
        try {
            return Compression.of(CompressionType.forId(codec.id()))
                    .build()
                    .wrapForInput(compressed, RecordBatch.CURRENT_MAGIC, BufferSupplier.NO_CACHING);
        } catch (RuntimeException e) {
            var damaged = new MalformedRecordException(
                    0, "the %s stream is damaged: %s".formatted(codec.kafkaName(), rootMessage(e)));
            damaged.initCause(e);
            throw damaged;
        }
    }

    private static String rootMessage(Throwable thrown) {
        var root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }
}
