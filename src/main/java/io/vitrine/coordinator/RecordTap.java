package io.vitrine.coordinator;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecordSerde;
import org.apache.kafka.coordinator.common.runtime.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one place through which all records of a coordinator pass, decoded, on their way from and to the log.
public final class RecordTap {
    private static final Logger log = LoggerFactory.getLogger(RecordTap.class);

    private final CoordinatorRecordSerde serde;
    private final List<TapListener> listeners = new CopyOnWriteArrayList<>();

    /// @param serde knows the types of its records
    public RecordTap(CoordinatorRecordSerde serde) {
        this.serde = serde;
    }

    public void listen(TapListener newListener) {
        listeners.add(newListener);
    }

    /// Decodes a record of the log.
    ///
    /// @throws RuntimeException if its bytes can't be decoded
    /// @return empty for a type that this version does not know
    public Optional<CoordinatorRecord> decode(Record record) {
        try {
            return Optional.of(serde.deserialize(record.key(), record.value()));
        } catch (Deserializer.UnknownRecordTypeException e) {
            return Optional.empty();
        }
    }

    /// A record has become part of the state.
    public void replayed(int partition, Record record, CoordinatorRecord decoded) {
        tell(partition, record, decoded, true);
    }

    /// Batches have been written, and have their offsets. Only what somebody wants to hear of is decoded.
    ///
    /// @return how many records they hold
    public int written(int partition, MemoryRecords records) {
        int count = 0;
        for (RecordBatch batch : records.batches()) {
            count += Math.toIntExact(batch.lastOffset() - batch.baseOffset() + 1);
            if (!batch.isControlBatch() && !listeners.isEmpty()) {
                batch.forEach(record -> tellWritten(partition, record));
            }
        }
        return count;
    }

    private void tellWritten(int partition, Record record) {
        var key = record.key();
        if (key == null || key.remaining() < Short.BYTES || !isWanted(key.getShort(key.position()))) {
            return;
        }
        try {
            decode(record).ifPresent(decoded -> tell(partition, record, decoded, false));
        } catch (RuntimeException e) {
            // The write is made; who listens must not undo it.
            log.error("A record of partition {} could not be shown to its listener", partition, e);
        }
    }

    private void tell(int partition, Record record, CoordinatorRecord decoded, boolean replayed) {
        var value = decoded.value();
        var told = new TappedRecord(
                partition,
                record.offset(),
                record.timestamp(),
                replayed,
                decoded.key(),
                value == null ? null : value.message());
        for (var listener : listeners) {
            if (listener.wants(decoded.key().apiKey())) {
                listener.recorded(told);
            }
        }
    }

    private boolean isWanted(short type) {
        for (var listener : listeners) {
            if (listener.wants(type)) {
                return true;
            }
        }
        return false;
    }

    /// Where a record can't be decoded or applied: enough to find it again.
    public static String describe(Record record) {
        ByteBuffer key = record.key();
        return "the record at offset %d (key %d bytes, value %d bytes)"
                .formatted(record.offset(), key == null ? 0 : key.remaining(), record.valueSize());
    }
}
