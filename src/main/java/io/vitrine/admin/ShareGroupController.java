package io.vitrine.admin;

import io.vitrine.group.GroupDirectory;
import io.vitrine.group.GroupType;
import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.Topic;
import io.vitrine.share.InFlightRange;
import io.vitrine.share.SharePartitionView;
import io.vitrine.share.SharePartitions;
import io.vitrine.share.UnreadableRecords;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// What share groups are given at this moment: which records are with whom until when, and what has become of them.
@RestController
@RequestMapping(ApiPath.SHARE_GROUPS)
class ShareGroupController {
    private final ObjectProvider<SharePartitions> shares;
    private final MetadataService metadata;
    private final GroupDirectory groups;

    ShareGroupController(ObjectProvider<SharePartitions> shares, MetadataService metadata, GroupDirectory groups) {
        this.shares = shares;
        this.metadata = metadata;
        this.groups = groups;
    }

    @GetMapping("/{group}")
    ShareGroupView group(@PathVariable String group, @RequestParam Map<String, String> query) {
        new QueryParameters(query).requireSound();
        var partitions = shares.getIfAvailable();
        var views = partitions == null ? List.<SharePartitionView>of() : partitions.views(group);
        if (views.isEmpty()) {
            requireShareGroup(group);
        }
        return new ShareGroupView(group, views.stream().map(this::show).toList());
    }

    private void requireShareGroup(String id) {
        var type = GroupCall.await(groups.describe(id)).summary().type();
        if (type != GroupType.SHARE) {
            throw GroupProblem.of(
                    KafkaError.GROUP_ID_NOT_FOUND.name(),
                    "'%s' is a %s group, not a share group.".formatted(id, type.label()));
        }
    }

    private PartitionView show(SharePartitionView view) {
        var topic = metadata.image().findTopic(view.key().topicId()).map(Topic::name);
        return new PartitionView(
                topic.orElse(null),
                view.key().topicId().toString(),
                view.key().partition(),
                view.startOffset(),
                view.nextOffset(),
                view.ranges().stream().map(RangeView::of).toList(),
                view.unreadable().stream().map(UnreadableView::of).toList());
    }

    /// @param partitions those that members read at this moment
    record ShareGroupView(String group, List<PartitionView> partitions) {}

    /// @param topic null if it has been deleted
    /// @param startOffset all before it is done with
    /// @param nextOffset from here on nobody was given anything
    /// @param leftOut the last records that were left out because they can't be read, since somebody began to read
    record PartitionView(
            @Nullable String topic,
            String topicId,
            int partition,
            long startOffset,
            long nextOffset,
            List<RangeView> inFlight,
            List<UnreadableView> leftOut) {}

    record UnreadableView(long firstOffset, long lastOffset, String reason, String atIso) {
        static UnreadableView of(UnreadableRecords records) {
            return new UnreadableView(
                    records.firstOffset(),
                    records.lastOffset(),
                    records.reason(),
                    records.at().toString());
        }
    }

    /// @param member who holds the records; null if nobody does
    /// @param becoming what they will be when that is on disk; null if nothing is being written
    record RangeView(
            long firstOffset,
            long lastOffset,
            String state,
            int deliveryCount,
            @Nullable String member,
            @Nullable Long lockedUntil,
            @Nullable String lockedUntilIso,
            @Nullable String becoming) {
        static RangeView of(InFlightRange range) {
            boolean held = !range.member().isEmpty();
            return new RangeView(
                    range.firstOffset(),
                    range.lastOffset(),
                    range.state().name(),
                    range.deliveryCount(),
                    held ? range.member() : null,
                    held ? range.lockUntilMs() : null,
                    held ? Instant.ofEpochMilli(range.lockUntilMs()).toString() : null,
                    range.becoming() == null ? null : range.becoming().name());
        }
    }
}
