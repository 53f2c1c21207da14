package io.vitrine.inspect;

import io.vitrine.group.GroupMember;
import io.vitrine.inspect.Finding.Kind;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.protocol.RefusalEntry;
import io.vitrine.protocol.RefusalJournal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Looks for what a group's members were refused in the last minute, as far as the journal goes back.
final class RefusalChecks {
    private static final long RECENT_MS = 60_000;

    private final RefusalJournal journal;

    RefusalChecks(RefusalJournal journal) {
        this.journal = journal;
    }

    List<Finding> check(GroupFacts facts) {
        var recent = journal.latest(Integer.MAX_VALUE).stream()
                .filter(entry -> facts.nowMs() - entry.time().toEpochMilli() < RECENT_MS)
                .toList();
        var findings = new ArrayList<Finding>();
        var commits = recent.stream()
                .filter(entry ->
                        entry.api().equals("OffsetCommit") && entry.subject().equals(facts.groupId()))
                .toList();
        if (!commits.isEmpty()) {
            findings.add(Finding.ofGroup(
                    Kind.COMMITS_REFUSED,
                    "Commits are refused: " + commits.getFirst().reason() + ", "
                            + commits.getFirst().detail(),
                    evidence(commits)));
        }
        var members = facts.readers();
        Map<String, List<RefusalEntry>> fetches = recent.stream()
                .filter(entry -> entry.api().equals("Fetch"))
                .collect(Collectors.groupingBy(RefusalEntry::subject));
        members.forEach((partition, member) -> {
            var refused = fetches.getOrDefault(partition.toString(), List.of()).stream()
                    .filter(entry -> entry.clientId().equals(member.clientId()))
                    .toList();
            if (!refused.isEmpty()) {
                findings.add(fetchRefused(partition, member, refused));
            }
        });
        return findings;
    }

    private static Finding fetchRefused(TopicPartition partition, GroupMember member, List<RefusalEntry> refused) {
        var last = refused.getFirst();
        return Finding.of(
                        Kind.FETCH_REFUSED,
                        partition,
                        "Fetches are answered with %s: %s".formatted(last.error(), last.detail()),
                        evidence(refused))
                .by(Optional.of(member.id()));
    }

    private static Map<String, Object> evidence(List<RefusalEntry> newestFirst) {
        var last = newestFirst.getFirst();
        return new Evidence()
                .with("error", last.error())
                .with("timesInLastMinute", newestFirst.size())
                .with("lastIso", last.time().toString())
                .with("clientId", last.clientId())
                .with("address", last.address())
                .all();
    }
}
