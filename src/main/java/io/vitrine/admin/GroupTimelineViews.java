package io.vitrine.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vitrine.timeline.Generation;
import io.vitrine.timeline.GenerationDiff;
import io.vitrine.timeline.GroupTimeline;
import io.vitrine.timeline.MemberContact;
import io.vitrine.timeline.TimelineEvent;
import io.vitrine.timeline.WaitingMember;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// JSON shapes of what has happened to a group.
final class GroupTimelineViews {
    private GroupTimelineViews() {}

    /// @param events newest first
    /// @param generations newest first
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record TimelineView(
            String groupId,
            String asOfIso,
            @Nullable String rebalancingSinceIso,
            List<EventView> events,
            long droppedEvents,
            List<GenerationView> generations,
            List<ContactView> members,
            List<WaitingView> waiting,
            OffsetsView offsets) {
        static TimelineView of(GroupTimeline timeline, int limit, boolean assignments) {
            return new TimelineView(
                    timeline.groupId(),
                    iso(timeline.asOfMs()),
                    timeline.rebalancingSince().map(GroupTimelineViews::iso).orElse(null),
                    timeline.events().reversed().stream()
                            .limit(limit)
                            .map(EventView::of)
                            .toList(),
                    timeline.droppedEvents(),
                    timeline.generations().reversed().stream()
                            .map(generation -> GenerationView.of(generation, assignments))
                            .toList(),
                    timeline.contacts().stream()
                            .map(contact -> ContactView.of(contact, timeline.asOfMs()))
                            .toList(),
                    timeline.waiting().stream().map(WaitingView::of).toList(),
                    OffsetsView.of(timeline.offsets()));
        }
    }

    /// @param epoch missing if it has to do with none
    /// @param times missing if it happened once
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record EventView(
            long timestamp,
            String timestampIso,
            String kind,
            @Nullable Integer epoch,
            @Nullable String memberId,
            @Nullable String cause,
            String detail,
            boolean inferred,
            boolean replayed,
            @Nullable Integer times,
            @Nullable String lastTimestampIso) {
        static EventView of(TimelineEvent event) {
            boolean repeated = event.repeats().times() > 1;
            return new EventView(
                    event.timestampMs(),
                    iso(event.timestampMs()),
                    event.kind().name(),
                    event.epoch() < 0 ? null : event.epoch(),
                    event.memberId().isEmpty() ? null : event.memberId(),
                    event.cause().map(Enum::name).orElse(null),
                    event.detail(),
                    event.origin() == TimelineEvent.Origin.INFERRED,
                    event.origin() == TimelineEvent.Origin.REPLAYED,
                    repeated ? event.repeats().times() : null,
                    repeated ? iso(event.repeats().lastTimestampMs()) : null);
        }
    }

    /// @param members missing unless asked for
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record GenerationView(
            int epoch,
            String timestampIso,
            boolean replayed,
            @Nullable String protocol,
            @Nullable String leader,
            int memberCount,
            int partitionCount,
            @Nullable List<MemberView> members) {
        static GenerationView of(Generation generation, boolean assignments) {
            return new GenerationView(
                    generation.epoch(),
                    iso(generation.timestampMs()),
                    generation.replayed(),
                    generation.protocol().isEmpty() ? null : generation.protocol(),
                    generation.leader().isEmpty() ? null : generation.leader(),
                    generation.members().size(),
                    generation.partitionCount(),
                    assignments ? MemberView.of(generation.members().values()) : null);
        }
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record MemberView(
            String memberId,
            @Nullable String instanceId,
            String clientId,
            String host,
            Map<String, List<Integer>> partitions) {
        static MemberView of(Generation.Member member) {
            return new MemberView(
                    member.memberId(),
                    member.instanceId().orElse(null),
                    member.clientId(),
                    member.host(),
                    member.assignment().byTopic());
        }

        static List<MemberView> of(java.util.Collection<Generation.Member> members) {
            return members.stream()
                    .sorted(Comparator.comparing(Generation.Member::memberId))
                    .map(MemberView::of)
                    .toList();
        }
    }

    /// @param silentMs since it was last heard of
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ContactView(
            String memberId,
            String clientId,
            String host,
            String lastHeardIso,
            long silentMs,
            @Nullable Integer sessionTimeoutMs,
            @Nullable Integer rebalanceTimeoutMs) {
        static ContactView of(MemberContact contact, long asOfMs) {
            return new ContactView(
                    contact.memberId(),
                    contact.clientId(),
                    contact.host(),
                    iso(contact.lastHeardMs()),
                    asOfMs - contact.lastHeardMs(),
                    contact.sessionTimeoutMs() == 0 ? null : contact.sessionTimeoutMs(),
                    contact.rebalanceTimeoutMs() == 0 ? null : contact.rebalanceTimeoutMs());
        }
    }

    /// @param memberId missing for one that has no id yet
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record WaitingView(
            String groupId,
            String api,
            @Nullable String memberId,
            String clientId,
            String host,
            String sinceIso,
            String deadlineIso,
            List<String> waitsFor) {
        static WaitingView of(WaitingMember waiting) {
            return new WaitingView(
                    waiting.groupId(),
                    waiting.api(),
                    waiting.memberId().isEmpty() ? null : waiting.memberId(),
                    waiting.clientId(),
                    waiting.host(),
                    iso(waiting.sinceMs()),
                    iso(waiting.deadlineMs()),
                    waiting.waitsFor());
        }
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record OffsetsView(
            long commits, long refusedCommits, @Nullable String lastCommitIso, long fetches) {
        static OffsetsView of(GroupTimeline.Offsets offsets) {
            return new OffsetsView(
                    offsets.commits(),
                    offsets.refused(),
                    offsets.lastCommitMs().map(GroupTimelineViews::iso).orElse(null),
                    offsets.fetches());
        }
    }

    /// @param kept how many partitions have the same reader in both
    record DiffView(
            GenerationView from,
            GenerationView to,
            List<MemberView> joined,
            List<MemberView> left,
            List<GenerationDiff.Replacement> replaced,
            List<MoveView> moved,
            int kept) {
        static DiffView of(GenerationDiff diff) {
            return new DiffView(
                    GenerationView.of(diff.from(), false),
                    GenerationView.of(diff.to(), false),
                    MemberView.of(diff.joined()),
                    MemberView.of(diff.left()),
                    diff.replaced(),
                    diff.moves().stream().map(MoveView::of).toList(),
                    diff.kept());
        }
    }

    /// @param from missing if nobody read it
    /// @param to missing if nobody reads it now
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record MoveView(
            String topic,
            int partition,
            @Nullable String from,
            @Nullable String to) {
        static MoveView of(GenerationDiff.Move move) {
            return new MoveView(
                    move.partition().topic(),
                    move.partition().partition(),
                    move.from().orElse(null),
                    move.to().orElse(null));
        }
    }

    private static String iso(long timestampMs) {
        return Optional.ofNullable(Timestamps.iso(timestampMs)).orElse("");
    }
}
