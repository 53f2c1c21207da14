package io.vitrine.admin;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.vitrine.log.SegmentDetails;
import io.vitrine.log.SegmentFileInfo;
import io.vitrine.metadata.TopicPartition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One segment: what the list says of it, its files, how many entries its indexes have, what in it is damaged.
///
/// @param maxTimestamp of its records; -1 if it has none or it is not known
record SegmentDetailsView(
        @JsonUnwrapped SegmentView segment,
        long maxTimestamp,
        @Nullable String maxTimestampIso,
        EntryCounts entries,
        List<FileView> files,
        List<DamagedRangeView> damaged) {

    record EntryCounts(int index, int timeindex, int txnindex) {}

    record FileView(String name, long sizeBytes) {
        static FileView of(SegmentFileInfo file) {
            return new FileView(file.name(), file.sizeInBytes());
        }
    }

    static SegmentDetailsView of(TopicPartition partition, SegmentDetails details) {
        return new SegmentDetailsView(
                SegmentView.of(partition, details.segment()),
                details.maxTimestamp(),
                Timestamps.iso(details.maxTimestamp()),
                new EntryCounts(
                        details.offsetIndexEntries(), details.timeIndexEntries(), details.abortedTransactions()),
                details.files().stream().map(FileView::of).toList(),
                DamagedRangeView.listOf(details.damaged()));
    }
}
