package io.vitrine.inspect;

import io.vitrine.group.CommittedOffset;
import io.vitrine.group.GroupMember;
import io.vitrine.inspect.Finding.Kind;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.protocol.RefusalJournal;
import io.vitrine.protocol.RefusalJournal.Kept;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Looks for what a group's members were refused in the last minute, as far as the journal goes back.
final class RefusalChecks {
    private static final long RECENT_MS = 60_000;
    private static final String REBALANCING = "REBALANCE_IN_PROGRESS";

    private final RefusalJournal journal;

    RefusalChecks(RefusalJournal journal) {
        this.journal = journal;
    }

    List<Finding> check(GroupFacts facts) {
        var recent = journal.kept(Integer.MAX_VALUE).stream()
                .filter(refused -> facts.nowMs() - refused.latest().time().toEpochMilli() < RECENT_MS)
                // After this the member joins and goes on; whether it does is for others to see.
                .filter(refused -> !refused.latest().error().equals(REBALANCING))
                .toList();
        var findings = new ArrayList<Finding>();
        recent.stream()
                .filter(refused -> refused.latest().api().equals("OffsetCommit")
                        && refused.latest().subject().equals(facts.groupId()))
                .filter(refused -> facts.committed().values().stream().noneMatch(commit -> isOver(commit, refused)))
                .findFirst()
                .map(RefusalChecks::commitsRefused)
                .ifPresent(findings::add);
        Map<String, List<Kept>> fetches = recent.stream()
                .filter(refused -> refused.latest().api().equals("Fetch"))
                .collect(Collectors.groupingBy(refused -> refused.latest().subject()));
        facts.readers()
                .forEach((partition, member) -> fetches.getOrDefault(partition.toString(), List.of()).stream()
                        .filter(refused -> refused.latest().clientId().equals(member.clientId()))
                        .filter(refused -> !isOver(facts.committed().get(partition), refused))
                        .findFirst()
                        .map(refused -> fetchRefused(partition, member, refused))
                        .ifPresent(findings::add));
        return findings;
    }

    /// Who has committed since has read since, and was not refused.
    private static boolean isOver(@Nullable CommittedOffset committed, Kept refused) {
        return committed != null
                && committed.timestamp() != null
                && committed.timestamp() > refused.latest().time().toEpochMilli();
    }

    private static Finding commitsRefused(Kept refused) {
        return Finding.ofGroup(
                Kind.COMMITS_REFUSED,
                "Commits are refused: %s, %s"
                        .formatted(refused.latest().reason(), refused.latest().detail()),
                evidence(refused));
    }

    private static Finding fetchRefused(TopicPartition partition, GroupMember member, Kept refused) {
        var last = refused.latest();
        return Finding.of(
                        Kind.FETCH_REFUSED,
                        partition,
                        "Fetches are answered with %s: %s".formatted(last.error(), last.detail()),
                        evidence(refused))
                .by(Optional.of(member.id()));
    }

    private static Map<String, Object> evidence(Kept refused) {
        var last = refused.latest();
        return new Evidence()
                .with("error", last.error())
                .with("times", refused.times())
                .with("firstIso", refused.firstTime().toString())
                .with("lastIso", last.time().toString())
                .with("clientId", last.clientId())
                .with("address", last.address())
                .all();
    }
}
