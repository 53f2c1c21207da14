package io.vitrine.record;

import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.AbstractRecords;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;

/// A record that is still to be written. The arrays are not copied.
public final class NewRecord {
    private final SimpleRecord content;
    private final byte @Nullable [] key;
    private final int maxSizeInBytes;

    /// A name and a value; the same name may come several times.
    public static final class NewHeader {
        private final Header content;

        public NewHeader(String key, byte @Nullable [] value) {
            this.content = new RecordHeader(key, value);
        }
    }

    /// @param key null for none
    /// @param value null for a tombstone
    public NewRecord(long timestamp, byte @Nullable [] key, byte @Nullable [] value, List<NewHeader> headers) {
        this.key = key;
        var contents = headers.stream().map(header -> header.content).toArray(Header[]::new);
        this.content = new SimpleRecord(timestamp, key, value, contents);
        // Of a batch with this record alone.
        this.maxSizeInBytes = AbstractRecords.estimateSizeInBytesUpperBound(
                        RecordBatch.CURRENT_MAGIC, CompressionType.NONE, key, value, contents)
                - RecordBatch.HEADER_SIZE_IN_BYTES;
    }

    public long timestamp() {
        return content.timestamp();
    }

    public boolean hasKey() {
        return key != null;
    }

    /// Where Kafka's own producer sends a record with this key.
    ///
    /// @throws IllegalStateException if it has none
    public int partitionByKey(int partitionCount) {
        if (key == null) {
            throw new IllegalStateException("A record without a key belongs anywhere");
        }
        return KeyPartitioner.partitionOf(key, partitionCount);
    }

    /// The most it can take in a batch, before compression.
    public int maxSizeInBytes() {
        return maxSizeInBytes;
    }

    SimpleRecord content() {
        return content;
    }
}
