package io.vitrine.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vitrine.inspect.ControlMarker;
import io.vitrine.inspect.DamagedBatch;
import io.vitrine.inspect.DecodedRecord;
import io.vitrine.inspect.DeletedRange;
import io.vitrine.inspect.RecordEntry;
import io.vitrine.inspect.UnreadableRange;
import io.vitrine.log.DamagedRange;
import io.vitrine.metadata.TopicPartition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One record, or the place where records could not be read.
sealed interface RecordView {
    static RecordView of(TopicPartition partition, RecordEntry entry) {
        return switch (entry) {
            case DecodedRecord decoded -> Shown.of(partition, decoded);
            case DamagedBatch damaged -> Damaged.of(partition, damaged);
            case UnreadableRange unreadable -> Unreadable.of(partition, unreadable.range());
            case DeletedRange deleted -> Deleted.of(deleted);
        };
    }

    /// A record that could be read.
    ///
    /// @param headerCount as stored; -1 is how some producers write "no headers"
    /// @param control present for a record that the broker wrote for itself
    /// @param deletes present where it is known what a record without a value deletes
    record Shown(
            long offset,
            long timestamp,
            @Nullable String timestampIso,
            int size,
            @Nullable PayloadView key,
            @Nullable PayloadView value,
            int headerCount,
            List<HeaderView> headers,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            ControlView control,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String deletes,

            RecordLinks links)
            implements RecordView {
        static Shown of(TopicPartition partition, DecodedRecord decoded) {
            return new Shown(
                    decoded.offset(),
                    decoded.timestamp(),
                    Timestamps.iso(decoded.timestamp()),
                    decoded.sizeInBytes(),
                    PayloadView.of(decoded.key()),
                    PayloadView.of(decoded.value()),
                    decoded.headerCount(),
                    decoded.headers().stream().map(HeaderView::of).toList(),
                    ControlView.of(decoded.control()),
                    decoded.deletes(),
                    RecordLinks.of(partition, decoded));
        }
    }

    record HeaderView(@Nullable String key, @Nullable PayloadView value) {
        static HeaderView of(DecodedRecord.Header header) {
            return new HeaderView(header.key(), PayloadView.of(header.value()));
        }
    }

    record ControlView(String type, int typeId, int version) {
        static @Nullable ControlView of(@Nullable ControlMarker marker) {
            return marker == null ? null : new ControlView(marker.type(), marker.typeId(), marker.version());
        }
    }

    /// Where more of a record is.
    ///
    /// @param key its bytes; absent if it is null
    /// @param value its bytes; absent if it is null
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record RecordLinks(
            String self,
            String batch,
            @Nullable String key,
            @Nullable String value) {
        static RecordLinks of(TopicPartition partition, DecodedRecord decoded) {
            var self = ApiPath.records(partition) + "/" + decoded.offset();
            return new RecordLinks(
                    self,
                    ApiPath.batches(partition) + "/" + decoded.offset() + "?annotate=true",
                    decoded.key() == null ? null : self + "/key",
                    decoded.value() == null ? null : self + "/value");
        }
    }

    /// The records of this batch, from some point on.
    record Damaged(long baseOffset, long lastOffset, ProblemView problem, DamagedLinks links) implements RecordView {
        static Damaged of(TopicPartition partition, DamagedBatch damaged) {
            return new Damaged(
                    damaged.baseOffset(),
                    damaged.lastOffset(),
                    ProblemView.of(damaged.problem()),
                    new DamagedLinks(ApiPath.batches(partition) + "/" + damaged.baseOffset() + "?annotate=true"));
        }
    }

    record DamagedLinks(String batch) {}

    /// The records of a part of the log that can't be trusted.
    record Unreadable(long baseOffset, long lastOffset, DamagedRangeView damaged, SegmentLinks links)
            implements RecordView {
        static Unreadable of(TopicPartition partition, DamagedRange range) {
            return new Unreadable(
                    range.firstOffset(),
                    range.nextOffset() - 1,
                    DamagedRangeView.of(range),
                    new SegmentLinks(ApiPath.segment(partition, range.segmentBaseOffset())));
        }
    }

    /// Records that were deleted before they could be shown.
    record Deleted(long baseOffset, long lastOffset, DeletedView deleted) implements RecordView {
        static Deleted of(DeletedRange range) {
            return new Deleted(range.baseOffset(), range.lastOffset(), new DeletedView(range.nextOffset()));
        }
    }

    /// Where the log begins by now.
    record DeletedView(long logStartOffset) {}

    record SegmentLinks(String segment) {}
}
