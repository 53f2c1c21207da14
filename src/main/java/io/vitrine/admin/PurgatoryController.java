package io.vitrine.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vitrine.partition.DiskWait;
import io.vitrine.partition.PartitionLogService;
import io.vitrine.protocol.Purgatory;
import io.vitrine.protocol.PurgatoryEntry;
import io.vitrine.timeline.GroupTimelines;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// The requests that wait before they are answered, and what for; who waits longest comes first.
@RestController
@RequestMapping(PurgatoryController.PATH)
class PurgatoryController {
    static final String PATH = ApiPath.BASE + "/purgatory";
    private static final int MAX_PARTITIONS = 100;

    private final Purgatory purgatory;
    private final GroupTimelines timelines;
    private final PartitionLogService partitions;

    PurgatoryController(Purgatory purgatory, GroupTimelines timelines, PartitionLogService partitions) {
        this.purgatory = purgatory;
        this.timelines = timelines;
        this.partitions = partitions;
    }

    @GetMapping
    PurgatoryView purgatory(@RequestParam Map<String, String> query) {
        var parameters = new QueryParameters(query);
        long from = parameters.findOffset("from").orElse(0);
        int limit = parameters.limit();
        parameters.requireSound();
        var page = purgatory.list(from, limit + 1, MAX_PARTITIONS);
        var now = Instant.now(Clock.systemUTC());
        var members = timelines.waiting();
        var appends = partitions.diskWaits();
        return new PurgatoryView(
                page.stream()
                        .limit(limit)
                        .map(entry -> WaitingView.of(entry, now))
                        .toList(),
                purgatory.size(),
                page.size() > limit ? NextPage.from(page.getLast().id(), PATH, query) : null,
                members.stream()
                        .limit(limit)
                        .map(GroupTimelineViews.WaitingView::of)
                        .toList(),
                members.size(),
                appends.stream().limit(limit).map(DiskWaitView::of).toList(),
                appends.stream().mapToInt(DiskWait::appends).sum());
    }

    /// @param items fetches, those of share groups too
    /// @param waiting how many of them there are in all
    /// @param groups requests of members of groups that wait for other members
    /// @param waitingInGroups how many of those there are in all
    /// @param appends partitions with appends that are written and wait for the disk
    /// @param waitingForDisk how many such appends there are in all
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record PurgatoryView(
            List<WaitingView> items,
            int waiting,
            @Nullable String next,
            List<GroupTimelineViews.WaitingView> groups,
            int waitingInGroups,
            List<DiskWaitView> appends,
            int waitingForDisk) {}

    /// @param nextOffset the offset behind the last of the appends
    /// @param waitedMs how long the first of them has waited
    record DiskWaitView(String topic, int partition, int appends, long nextOffset, long waitedMs) {
        static DiskWaitView of(DiskWait wait) {
            return new DiskWaitView(
                    wait.partition().topic(),
                    wait.partition().partition(),
                    wait.appends(),
                    wait.nextOffset(),
                    wait.longest().toMillis());
        }
    }

    /// @param id rises with the time at which it began to wait
    /// @param sessionId of its fetch session; absent without one
    /// @param bytes what there is for it so far, of the `minBytes` it wants
    /// @param partitions the first hundred of those it waits for
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record WaitingView(
            long id,
            String api,
            String clientId,
            ConnectionView connection,
            @Nullable Integer sessionId,
            String sinceIso,
            String deadlineIso,
            long waitedMs,
            long minBytes,
            long bytes,
            int partitionCount,
            List<String> partitions) {
        static WaitingView of(PurgatoryEntry entry, Instant now) {
            return new WaitingView(
                    entry.id(),
                    entry.api(),
                    entry.clientId(),
                    new ConnectionView(
                            entry.caller().id(),
                            entry.caller().address(),
                            entry.caller().listener()),
                    entry.sessionId() == 0 ? null : entry.sessionId(),
                    entry.since().toString(),
                    entry.deadline().toString(),
                    Math.max(0, Duration.between(entry.since(), now).toMillis()),
                    entry.minBytes(),
                    entry.bytes(),
                    entry.partitionCount(),
                    entry.partitions());
        }
    }

    record ConnectionView(long id, String address, String listener) {}
}
