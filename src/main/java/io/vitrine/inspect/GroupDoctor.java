package io.vitrine.inspect;

import io.vitrine.coordinator.CoordinatorLoad;
import io.vitrine.group.GroupDirectory;
import io.vitrine.group.GroupRefusedException;
import io.vitrine.group.GroupService;
import io.vitrine.group.GroupType;
import io.vitrine.inspect.Finding.Kind;
import io.vitrine.metadata.MetadataService;
import io.vitrine.partition.PartitionLogService;
import io.vitrine.protocol.RefusalJournal;
import io.vitrine.share.SharePartitions;
import io.vitrine.timeline.GroupTimelines;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/// Finds out why the consumers of a group don't get on: puts side by side what the coordinator says, what the logs
/// hold, what members fetch, and what they were refused. Each finding comes with what it was concluded from.
public final class GroupDoctor {
    /// Errors that say the group can't be asked at this moment, but is there.
    private static final Set<String> NOT_SERVED =
            Set.of("COORDINATOR_LOAD_IN_PROGRESS", "COORDINATOR_NOT_AVAILABLE", "NOT_COORDINATOR");

    private final GroupService groups;
    private final GroupTimelines timelines;
    private final GroupDirectory directory;
    private final MemberChecks members;
    private final PartitionChecks partitions;
    private final RefusalChecks refusals;
    private final LagChecks lags;
    private final ShareChecks shares;

    /// Those who know something of groups.
    public record Groups(GroupService service, GroupTimelines timelines, SharePartitions shares) {}

    public GroupDoctor(Groups known, MetadataService metadata, PartitionLogService logs, RefusalJournal journal) {
        this.groups = known.service();
        this.timelines = known.timelines();
        this.shares = new ShareChecks(known.shares(), metadata);
        this.directory = new GroupDirectory(groups);
        this.members = new MemberChecks(metadata);
        this.partitions = new PartitionChecks(logs);
        this.refusals = new RefusalChecks(journal);
        this.lags = new LagChecks(logs);
    }

    /// Looks at one group.
    ///
    /// @param silentMs without a heartbeat or a fetch for so long, something is worth telling
    /// @return completed with a [GroupRefusedException] if there is no such group
    public CompletableFuture<GroupDiagnosis> examine(String groupId, long silentMs) {
        return directory
                .describe(groupId)
                .thenCombine(
                        directory.offsets(groupId),
                        (group, offsets) -> diagnose(GroupFacts.of(group, offsets, timelines.find(groupId), silentMs)))
                .exceptionally(thrown -> notServed(groupId, GroupDirectory.failure(thrown)));
    }

    private GroupDiagnosis diagnose(GroupFacts facts) {
        var findings = new ArrayList<Finding>();
        findings.addAll(members.check(facts));
        findings.addAll(
                facts.group().summary().type() == GroupType.SHARE
                        ? shares.check(facts.groupId())
                        : partitions.check(facts));
        findings.addAll(refusals.check(facts));
        findings.addAll(lags.check(facts));
        if (lags.hasReadAll(facts)) {
            findings.replaceAll(finding ->
                    finding.kind() == Kind.NO_MEMBERS ? MemberChecks.allRead(finding) : finding.whereAllIsRead());
        }
        findings.sort(Comparator.comparing(Finding::severity));
        return new GroupDiagnosis(facts.groupId(), facts.state(), facts.nowMs(), List.copyOf(findings));
    }

    private GroupDiagnosis notServed(String groupId, RuntimeException failure) {
        if (!(failure instanceof GroupRefusedException refusal) || !NOT_SERVED.contains(refusal.errorName())) {
            throw failure;
        }
        var evidence = new Evidence().with("error", refusal.errorName());
        groups.loads().stream()
                .filter(load -> load.state() != CoordinatorLoad.State.LOADED)
                .limit(10)
                .forEach(load -> evidence.with(
                        "__consumer_offsets-" + load.partition(),
                        "%s, %d of %d offsets%s"
                                .formatted(
                                        load.state(),
                                        load.offset(),
                                        load.endOffset(),
                                        load.failure().map(": "::concat).orElse(""))));
        var finding = Finding.ofGroup(
                Kind.GROUP_NOT_SERVED,
                "The group can't be asked at this moment: " + refusal.getMessage(),
                evidence.all());
        return new GroupDiagnosis(groupId, "", System.currentTimeMillis(), List.of(finding));
    }
}
