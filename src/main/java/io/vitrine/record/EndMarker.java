package io.vitrine.record;

import java.nio.ByteBuffer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;

/// What a control batch says that ends a transaction. Whose transaction it is stands in the batch's header; its one
/// record is, integers being big-endian:
/// ```
///   key    version 2 | type 2               0 abort, 1 commit
///   value  version 2 | coordinatorEpoch 4
/// ```
///
/// @param coordinatorEpoch that of the transaction coordinator which wrote it
public record EndMarker(boolean commit, int coordinatorEpoch) {

    /// Reads a whole control batch; null if it is none that ends a transaction, or if compaction has emptied it.
    public static @Nullable EndMarker find(RecordBatch batch) {
        try {
            for (var read : MemoryRecords.readableRecords(batch.bytes()).batches()) {
                for (var record : read) {
                    var type = ControlRecordType.parse(record.key());
                    if (type != ControlRecordType.COMMIT && type != ControlRecordType.ABORT) {
                        return null;
                    }
                    int epoch = EndTransactionMarker.deserialize(record).coordinatorEpoch();
                    return new EndMarker(type == ControlRecordType.COMMIT, epoch);
                }
            }
            return null;
        } catch (KafkaException | IllegalArgumentException e) {
            // A batch of a broker's whose checksum holds: of a kind that is not known yet.
            return null;
        }
    }

    /// The batch that ends the transaction of a producer, as it is to be appended.
    public ByteBuffer batch(long producerId, short producerEpoch, long timestamp) {
        var type = commit ? ControlRecordType.COMMIT : ControlRecordType.ABORT;
        var marker = new EndTransactionMarker(type, coordinatorEpoch);
        return MemoryRecords.withEndTransactionMarker(timestamp, producerId, producerEpoch, marker)
                .buffer();
    }
}
