package io.vitrine.record;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// How the records of a batch are compressed; the ids are those of the batch attributes.
public enum Codec {
    NONE(0),
    GZIP(1),
    SNAPPY(2),
    LZ4(3),
    ZSTD(4);

    private static final List<Codec> BY_ID = List.of(values());

    private final int id;

    Codec(int id) {
        this.id = id;
    }

    /// Finds the codec with this id; empty for 5, 6 and 7, which nobody has defined.
    public static Optional<Codec> find(int id) {
        return id >= 0 && id < BY_ID.size() ? Optional.of(BY_ID.get(id)) : Optional.empty();
    }

    /// Finds the codec by Kafka's name of it.
    public static Optional<Codec> find(String kafkaName) {
        return BY_ID.stream()
                .filter(codec -> codec.kafkaName().equals(kafkaName))
                .findFirst();
    }

    public int id() {
        return id;
    }

    /// Can it be told to try so hard? Those with levels are gzip, where -1 leaves it to the library, lz4 and zstd.
    public boolean hasLevel(int level) {
        return switch (this) {
            case NONE, SNAPPY -> false;
            case GZIP -> level == -1 || (level >= 1 && level <= 9);
            case LZ4 -> level >= 1 && level <= 17;
            case ZSTD -> level >= -131_072 && level <= 22;
        };
    }

    /// Kafka's name of the codec, as in `compression.type`.
    public String kafkaName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
