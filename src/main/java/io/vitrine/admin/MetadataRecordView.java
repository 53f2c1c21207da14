package io.vitrine.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vitrine.inspect.ControlMarker;
import io.vitrine.inspect.DecodedRecord;
import io.vitrine.inspect.LocatedBatch;
import io.vitrine.inspect.LogCatalog;
import io.vitrine.inspect.Payload;
import io.vitrine.inspect.RecordEntry;
import io.vitrine.metadata.TopicPartition;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.util.RawValue;

/// A record of the metadata log or of a checkpoint, and the batch it lies in; or damage, as in any log.
sealed interface MetadataRecordView {
    static MetadataRecordView of(RecordEntry entry, Optional<LocatedBatch> batch) {
        return entry instanceof DecodedRecord record && batch.isPresent()
                ? Shown.of(record, batch.get())
                : new Other(RecordView.of(PARTITION, entry));
    }

    TopicPartition PARTITION = new TopicPartition(LogCatalog.METADATA_TOPIC, 0);

    /// A record.
    ///
    /// @param type Kafka's name of it; of a control record, that of its kind
    /// @param control is it one that the quorum wrote for itself?
    /// @param raw the bytes, and why they can't be decoded, where there is no `data`
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Shown(
            long offset,
            long timestamp,
            @Nullable String timestampIso,
            @Nullable String type,
            @Nullable Integer version,
            boolean control,
            @Nullable RawValue data,
            @Nullable PayloadView raw,
            Batch batch)
            implements MetadataRecordView {

        static Shown of(DecodedRecord record, LocatedBatch batch) {
            return switch (record.value()) {
                case Payload.KafkaRecord(var _, String type, int version, String json, int _) ->
                    shown(record, batch, new Content(type, version, new RawValue(json), null));
                case Payload.Json(String json, int _)
                when record.control() != null -> shown(record, batch, Content.of(record.control(), json));
                case null, default ->
                    shown(record, batch, new Content(null, null, null, PayloadView.of(record.value())));
            };
        }

        private static Shown shown(DecodedRecord record, LocatedBatch batch, Content content) {
            return new Shown(
                    record.offset(),
                    record.timestamp(),
                    Timestamps.iso(record.timestamp()),
                    content.type,
                    content.version,
                    record.control() != null,
                    content.data,
                    content.raw,
                    Batch.of(batch));
        }
    }

    /// What could be made of its value.
    record Content(
            @Nullable String type,
            @Nullable Integer version,
            @Nullable RawValue data,
            @Nullable PayloadView raw) {
        static Content of(ControlMarker marker, String json) {
            return new Content(marker.type(), marker.version(), new RawValue(json), null);
        }
    }

    /// The batch that a record lies in, all of which was written at once.
    ///
    /// @param segment base offset that names the file; 0 in a checkpoint
    /// @param position byte in the file at which it begins
    record Batch(long baseOffset, long lastOffset, int epoch, long segment, long position, int size) {
        static Batch of(LocatedBatch located) {
            var batch = located.batch();
            return new Batch(
                    batch.baseOffset(),
                    batch.lastOffset(),
                    batch.partitionLeaderEpoch(),
                    located.segmentBaseOffset(),
                    located.position(),
                    batch.sizeInBytes());
        }
    }

    /// What is no record.
    record Other(RecordView found) implements MetadataRecordView {}
}
