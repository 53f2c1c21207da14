package io.vitrine.record;

/// The attributes of a record batch, bit by bit:
/// ```
///   bits 0-2 codec | 3 timestamp type | 4 transactional | 5 control | 6 delete horizon | 7-15 unused
/// ```
public record BatchAttributes(short bits) {
    private static final int CODEC_MASK = 0x07;
    private static final int LOG_APPEND_TIME_BIT = 0x08;
    private static final int TRANSACTIONAL_BIT = 0x10;
    private static final int CONTROL_BIT = 0x20;
    private static final int DELETE_HORIZON_BIT = 0x40;

    /// The codec's id; [Codec#find] tells whether it is one we know.
    public int codecId() {
        return bits & CODEC_MASK;
    }

    public boolean isCompressed() {
        return codecId() != Codec.NONE.id();
    }

    /// Did the broker set the timestamps?
    public boolean usesLogAppendTime() {
        return (bits & LOG_APPEND_TIME_BIT) != 0;
    }

    public boolean isTransactional() {
        return (bits & TRANSACTIONAL_BIT) != 0;
    }

    public boolean isControl() {
        return (bits & CONTROL_BIT) != 0;
    }

    /// Does `baseTimestamp` hold the time at which compaction may drop the batch's tombstones?
    public boolean hasDeleteHorizon() {
        return (bits & DELETE_HORIZON_BIT) != 0;
    }

    BatchAttributes withCodec(Codec codec) {
        return new BatchAttributes((short) ((bits & ~CODEC_MASK) | codec.id()));
    }

    BatchAttributes withLogAppendTime() {
        return new BatchAttributes((short) (bits | LOG_APPEND_TIME_BIT));
    }
}
