package io.vitrine.inspect;

import io.vitrine.inspect.Finding.Kind;
import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.share.InFlightRange;
import io.vitrine.share.SharePartitionView;
import io.vitrine.share.SharePartitions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Looks at what a share group has been given: records that its members hold, and those that come back to it.
final class ShareChecks {
    private final SharePartitions shares;
    private final MetadataService metadata;

    ShareChecks(SharePartitions shares, MetadataService metadata) {
        this.shares = shares;
        this.metadata = metadata;
    }

    List<Finding> check(String groupId) {
        var findings = new ArrayList<Finding>();
        for (var view : shares.views(groupId)) {
            metadata.image()
                    .findTopic(view.key().topicId())
                    .map(topic -> new TopicPartition(topic.name(), view.key().partition()))
                    .ifPresent(name -> check(name, view, findings));
        }
        return findings;
    }

    private static void check(TopicPartition name, SharePartitionView view, List<Finding> findings) {
        var held = view.ranges().stream()
                .filter(range -> !range.member().isEmpty())
                .toList();
        if (!held.isEmpty()) {
            findings.add(held(name, view, held));
        }
        var again = view.ranges().stream()
                .filter(range -> range.deliveryCount() > 1)
                .toList();
        again.stream()
                .max(Comparator.comparingInt(InFlightRange::deliveryCount))
                .ifPresent(most -> findings.add(Finding.of(
                        Kind.RECORDS_REDELIVERED,
                        name,
                        "%d records were given to members more than once: they were released, or held for too long."
                                .formatted(count(again)),
                        evidence(view)
                                .with("mostDeliveries", most.deliveryCount())
                                .with("offset", most.firstOffset())
                                .all())));
    }

    private static Finding held(TopicPartition name, SharePartitionView view, List<InFlightRange> held) {
        var first = held.getFirst();
        long until = held.stream().mapToLong(InFlightRange::lockUntilMs).min().orElse(0);
        return Finding.of(
                Kind.RECORDS_HELD,
                name,
                "%d records are with members, who have not said what has become of them.".formatted(count(held)),
                evidence(view)
                        .with("firstHeldOffset", first.firstOffset())
                        .with("heldBy", first.member())
                        .with("firstLockEndsIso", MemberChecks.iso(until))
                        .all());
    }

    private static Evidence evidence(SharePartitionView view) {
        return new Evidence().with("startOffset", view.startOffset()).with("nextOffset", view.nextOffset());
    }

    private static long count(List<InFlightRange> ranges) {
        return ranges.stream()
                .mapToLong(range -> range.lastOffset() - range.firstOffset() + 1)
                .sum();
    }
}
