package io.vitrine.record;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.kafka.common.compress.Compression;

/// How the batches of a topic are compressed on disk, whatever their producer chose.
///
/// @param gzipLevel `compression.gzip.level`, -1 for that of its library
/// @param lz4Level `compression.lz4.level`
/// @param zstdLevel `compression.zstd.level`
public record StoredCompression(Type type, int gzipLevel, int lz4Level, int zstdLevel) {
    /// Kafka's defaults: batches stay as they were sent.
    public static final StoredCompression AS_SENT = new StoredCompression(Type.PRODUCER, -1, 9, 3);

    /// The values of `compression.type`.
    public enum Type {
        PRODUCER,
        UNCOMPRESSED,
        GZIP,
        SNAPPY,
        LZ4,
        ZSTD;

        private static final List<Type> ALL = List.of(values());

        /// Finds one by Kafka's name of it.
        public static Optional<Type> find(String kafkaName) {
            return ALL.stream()
                    .filter(type -> type.kafkaName().equals(kafkaName))
                    .findFirst();
        }

        public String kafkaName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// Does `batch` have to be compressed anew? Another level alone is no reason. Markers of transactions stay as
    /// they are.
    boolean differsFrom(RecordBatch batch) {
        if (type == Type.PRODUCER) {
            return false;
        }
        var attributes = batch.attributes();
        return attributes.codecId() != codec(attributes).id() && !attributes.isControl();
    }

    /// What a batch with these attributes is to have.
    Codec codec(BatchAttributes sent) {
        return switch (type) {
            case PRODUCER -> Codec.find(sent.codecId()).orElse(Codec.NONE);
            case UNCOMPRESSED -> Codec.NONE;
            case GZIP -> Codec.GZIP;
            case SNAPPY -> Codec.SNAPPY;
            case LZ4 -> Codec.LZ4;
            case ZSTD -> Codec.ZSTD;
        };
    }

    /// The codec of Kafka's client library, at the level that is asked for.
    Compression compression(Codec codec) {
        return switch (codec) {
            case NONE -> Compression.NONE;
            case GZIP -> Compression.gzip().level(gzipLevel).build();
            case SNAPPY -> Compression.snappy().build();
            case LZ4 -> Compression.lz4().level(lz4Level).build();
            case ZSTD -> Compression.zstd().level(zstdLevel).build();
        };
    }
}
