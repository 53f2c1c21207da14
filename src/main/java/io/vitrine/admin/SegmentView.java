package io.vitrine.admin;

import io.vitrine.log.SegmentInfo;
import io.vitrine.metadata.TopicPartition;

/// One segment in the list of a partition's.
///
/// @param nextOffset the offset behind its last record
/// @param active is it the one being appended to?
record SegmentView(long baseOffset, long nextOffset, String file, long sizeBytes, boolean active, SegmentLinks links) {

    record SegmentLinks(
            String self,
            String partition,
            String batches,
            String index,
            String timeindex,
            String txnindex,
            String file) {
        static SegmentLinks of(TopicPartition partition, long baseOffset) {
            var self = ApiPath.segment(partition, baseOffset);
            return new SegmentLinks(
                    self,
                    ApiPath.partition(partition),
                    ApiPath.batches(partition) + "?from=" + baseOffset,
                    self + "/index",
                    self + "/timeindex",
                    self + "/txnindex",
                    self + "/file");
        }
    }

    static SegmentView of(TopicPartition partition, SegmentInfo segment) {
        return new SegmentView(
                segment.baseOffset(),
                segment.nextOffset(),
                fileName(segment.baseOffset()),
                segment.sizeInBytes(),
                segment.active(),
                SegmentLinks.of(partition, segment.baseOffset()));
    }

    static String fileName(long baseOffset) {
        return "%020d.log".formatted(baseOffset);
    }
}
