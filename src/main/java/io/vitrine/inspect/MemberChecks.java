package io.vitrine.inspect;

import io.vitrine.group.GroupMember;
import io.vitrine.inspect.Finding.Kind;
import io.vitrine.metadata.MetadataService;
import io.vitrine.timeline.TimelineEvent;
import io.vitrine.timeline.WaitingMember;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

/// Looks at a group and its members for what keeps them from reading.
final class MemberChecks {
    private static final int NAMED = 10;

    private final MetadataService metadata;

    MemberChecks(MetadataService metadata) {
        this.metadata = metadata;
    }

    List<Finding> check(GroupFacts facts) {
        var findings = new ArrayList<Finding>();
        checkTopics(facts, findings);
        if (facts.group().members().isEmpty()) {
            findings.add(noMembers(facts));
            return findings;
        }
        if (!facts.isSettled()) {
            findings.add(rebalancing(facts));
        }
        facts.group().members().forEach(member -> checkMember(facts, member, findings));
        return findings;
    }

    /// What a group that has done its work is like: not stuck, though nobody reads.
    static Finding allRead(Finding noMembers) {
        return Finding.ofGroup(
                Kind.ALL_READ,
                "Nobody reads, and there is nothing to be read: the group has no members, and all that it has committed offsets of is read.",
                noMembers.evidence());
    }

    private static Finding noMembers(GroupFacts facts) {
        var evidence = new Evidence().with("state", facts.state());
        facts.timeline()
                .filter(timeline -> !timeline.events().isEmpty())
                .map(timeline -> timeline.events().getLast())
                .ifPresent(event -> evidence.with("lastEvent", describe(event))
                        .with("lastEventIso", iso(event.repeats().lastTimestampMs())));
        return Finding.ofGroup(Kind.NO_MEMBERS, "Nobody reads: the group has no members.", evidence.all());
    }

    private static Finding rebalancing(GroupFacts facts) {
        var evidence = new Evidence().with("state", facts.state());
        var timeline = facts.timeline();
        timeline.flatMap(found -> found.rebalancingSince()
                        .or(() -> found.events().reversed().stream()
                                .filter(event -> event.kind() == TimelineEvent.Kind.REBALANCED)
                                .map(TimelineEvent::timestampMs)
                                .findFirst()))
                .ifPresent(since -> evidence.with("sinceIso", iso(since)).with("sinceMs", facts.nowMs() - since));
        var missing = new TreeSet<String>();
        timeline.ifPresent(
                found -> found.waiting().stream().map(WaitingMember::waitsFor).forEach(missing::addAll));
        var epoch = facts.group().assignmentEpoch();
        facts.group().members().stream()
                .filter(member -> epoch != null && member.epoch() != null && !epoch.equals(member.epoch()))
                .map(GroupMember::id)
                .forEach(missing::add);
        evidence.with("waitsFor", missing.stream().limit(NAMED).toList()).with("waitsForCount", missing.size());
        var text = missing.isEmpty()
                ? "The group is sharing out its partitions."
                : "The group is sharing out its partitions and waits for %d of its %d members."
                        .formatted(missing.size(), facts.group().members().size());
        return Finding.ofGroup(Kind.REBALANCING, text, evidence.all());
    }

    private void checkTopics(GroupFacts facts, List<Finding> findings) {
        var image = metadata.image();
        var subscribed = facts.subscribedTopics();
        subscribed.stream()
                .filter(topic -> image.findTopic(topic).isEmpty())
                .map(topic -> Finding.ofGroup(
                        Kind.TOPIC_MISSING,
                        "Members are subscribed to topic '%s', which does not exist.".formatted(topic),
                        Evidence.of("topic", topic)))
                .forEach(findings::add);
        facts.committed().keySet().stream()
                .map(partition -> partition.topic())
                .distinct()
                .sorted()
                .filter(topic -> image.findTopic(topic).isEmpty())
                .map(topic -> Finding.ofGroup(
                        Kind.TOPIC_GONE,
                        "Something is committed of topic '%s', which is gone.".formatted(topic),
                        Evidence.of("topic", topic)))
                .forEach(findings::add);
        if (facts.isSettled() && !subscribed.isEmpty() && !facts.hasPattern()) {
            facts.committed().keySet().stream()
                    .map(partition -> partition.topic())
                    .distinct()
                    .sorted()
                    .filter(topic -> !subscribed.contains(topic))
                    .map(topic -> Finding.ofGroup(
                            Kind.TOPIC_NOT_SUBSCRIBED,
                            "The group has read topic '%s', and no member is subscribed to it now.".formatted(topic),
                            Evidence.of("topic", topic)))
                    .forEach(findings::add);
        }
    }

    private void checkMember(GroupFacts facts, GroupMember member, List<Finding> findings) {
        if (facts.isSettled() && member.assigned().isEmpty()) {
            findings.add(idle(facts, member));
        }
        facts.timeline()
                .filter(timeline -> timeline.waiting().stream()
                        .noneMatch(waiting -> waiting.memberId().equals(member.id())))
                .flatMap(timeline -> timeline.findContact(member.id()))
                .filter(contact -> facts.nowMs() - contact.lastHeardMs() > facts.silentMs())
                .ifPresent(contact -> findings.add(Finding.of(
                        Kind.MEMBER_SILENT,
                        member.id(),
                        "Nothing was heard of this member for %d ms.".formatted(facts.nowMs() - contact.lastHeardMs()),
                        new Evidence()
                                .with("clientId", member.clientId())
                                .with("host", member.host())
                                .with("lastHeardIso", iso(contact.lastHeardMs()))
                                .with("sessionTimeoutMs", contact.sessionTimeoutMs())
                                .with("expiresIso", iso(contact.lastHeardMs() + contact.sessionTimeoutMs()))
                                .all())));
    }

    private Finding idle(GroupFacts facts, GroupMember member) {
        int partitions = facts.subscribedTopics().stream()
                .flatMap(topic -> metadata.image().findTopic(topic).stream())
                .mapToInt(topic -> topic.partitions().size())
                .sum();
        int members = facts.group().members().size();
        var subscription = member.subscription();
        var text = members > partitions
                ? "This member has nothing to read: %d members share %d partitions.".formatted(members, partitions)
                : "This member has nothing to read.";
        return Finding.of(
                Kind.MEMBER_WITHOUT_PARTITIONS,
                member.id(),
                text,
                new Evidence()
                        .with("clientId", member.clientId())
                        .with("members", members)
                        .with("partitions", partitions)
                        .with(
                                "subscription",
                                subscription == null ? "unknown" : Objects.toString(subscription.topics()))
                        .all());
    }

    private static String describe(TimelineEvent event) {
        return "%s %s".formatted(event.kind(), event.detail()).strip();
    }

    static String iso(long timestampMs) {
        return Instant.ofEpochMilli(timestampMs).toString();
    }
}
