package io.vitrine.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vitrine.group.CommittedOffset;
import io.vitrine.group.GroupMember;
import io.vitrine.log.Offsets;
import io.vitrine.metadata.TopicPartition;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How far a group has read one partition. What is not known is absent: nothing may be committed, the partition may
/// be gone, its log may not be readable.
///
/// @param lag offsets between what is committed and the end, which is the last stable offset for `read_committed`
/// @param commitTime when it was committed
/// @param owner the member that reads the partition
/// @param problem what is wrong with it
@JsonInclude(JsonInclude.Include.NON_NULL)
record GroupOffsetView(
        String topic,
        int partition,
        @Nullable Long committed,
        @Nullable Long logStartOffset,
        @Nullable Long lastStableOffset,
        @Nullable Long endOffset,
        @Nullable Long lag,
        @Nullable Integer leaderEpoch,
        @Nullable Long commitTime,
        @Nullable String commitTimeIso,
        @Nullable String metadata,
        @Nullable OwnerView owner,
        @Nullable String problem,
        OffsetLinks links) {

    record OwnerView(String memberId, String clientId, String host) {
        static @Nullable OwnerView of(@Nullable GroupMember member) {
            return member == null ? null : new OwnerView(member.id(), member.clientId(), member.host());
        }
    }

    /// @param next the record that comes next; absent where there is none
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record OffsetLinks(String partition, @Nullable String next) {}

    /// @param committed null if nothing is
    /// @param owner null if no member reads it
    /// @param stable is the lag that of `read_committed`?
    static GroupOffsetView of(
            TopicPartition name,
            @Nullable CommittedOffset committed,
            Optional<Offsets> marks,
            @Nullable GroupMember owner,
            boolean stable) {
        var offset = committed == null ? null : committed.offset();
        var time = committed == null ? null : committed.timestamp();
        return new GroupOffsetView(
                name.topic(),
                name.partition(),
                offset,
                marks.map(Offsets::logStartOffset).orElse(null),
                marks.map(Offsets::lastStableOffset).orElse(null),
                marks.map(Offsets::highWatermark).orElse(null),
                offset == null
                        ? null
                        : marks.map(found -> GroupLag.lag(offset, found, stable))
                                .orElse(null),
                committed == null || committed.leaderEpoch() < 0 ? null : committed.leaderEpoch(),
                time,
                time == null ? null : Timestamps.iso(time),
                committed == null ? null : committed.metadata(),
                OwnerView.of(owner),
                problem(offset, marks),
                links(name, offset, marks));
    }

    private static @Nullable String problem(@Nullable Long offset, Optional<Offsets> marks) {
        if (marks.isEmpty()) {
            return "there is no such partition here, or its log can't be read";
        }
        if (offset == null) {
            return null;
        }
        if (offset < marks.get().logStartOffset()) {
            return "%d is below the log start %d: the records between were deleted before they were read"
                    .formatted(offset, marks.get().logStartOffset());
        }
        return offset > marks.get().highWatermark()
                ? "%d is beyond the end %d: the log may have been made anew"
                        .formatted(offset, marks.get().highWatermark())
                : null;
    }

    private static OffsetLinks links(TopicPartition name, @Nullable Long offset, Optional<Offsets> marks) {
        boolean inLog = offset != null
                && marks.isPresent()
                && offset >= marks.get().logStartOffset()
                && offset < marks.get().highWatermark();
        return new OffsetLinks(
                ApiPath.partition(name), inLog ? ApiPath.records(name) + "?from=" + offset + "&limit=1" : null);
    }
}
