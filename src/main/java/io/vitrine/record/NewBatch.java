package io.vitrine.record;

import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/// Makes batches of records, through Kafka's client library: what any producer would send.
public final class NewBatch {
    private NewBatch() {}

    /// One batch of at least one record, without a producer id, as it is to be appended.
    public static ByteBuffer of(Codec codec, List<NewRecord> records) {
        if (records.isEmpty()) {
            throw new IllegalArgumentException("A batch of no records");
        }
        var compression = Compression.of(CompressionType.forId(codec.id())).build();
        var contents = records.stream().map(NewRecord::content).toArray(SimpleRecord[]::new);
        return MemoryRecords.withRecords(compression, contents).buffer();
    }
}
