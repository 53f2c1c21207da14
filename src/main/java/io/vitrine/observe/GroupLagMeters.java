package io.vitrine.observe;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.vitrine.group.CommittedOffset;
import io.vitrine.group.GroupDescription;
import io.vitrine.group.GroupDirectory;
import io.vitrine.group.GroupService;
import io.vitrine.group.GroupSummary;
import io.vitrine.partition.PartitionLogService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How many members groups have, and how far they are behind. The coordinator has to be asked for that,
/// so whoever scrapes gets what was found the last time, and has it looked up again, at most every ten seconds. A
/// tag costs memory here and in whatever scrapes us: the first groups by name have one each, all others share
/// `other`.
final class GroupLagMeters {
    static final int MAX_GROUPS = 100;
    static final String OTHER = "other";
    private static final int MAX_GROUPS_ASKED = 1000;
    private static final long BETWEEN_LOOKS_MS = 10_000;
    private static final Logger log = LoggerFactory.getLogger(GroupLagMeters.class);

    private final MeterRegistry registry;
    private final GroupDirectory directory;
    private final PartitionLogService partitions;
    private final AtomicLong lastLookMs = new AtomicLong(-BETWEEN_LOOKS_MS);
    private final MultiGauge members;
    private final MultiGauge lagSums;
    private final MultiGauge lagMaxima;
    private volatile int groupCount;

    GroupLagMeters(MeterRegistry registry, GroupService groups, PartitionLogService partitions) {
        this.registry = registry;
        this.directory = new GroupDirectory(groups);
        this.partitions = partitions;
        this.members = gauge("kafka.group.members", "Members of a group");
        this.lagSums = gauge("kafka.group.lag.sum", "Records that a group has not read, by its committed offsets");
        this.lagMaxima = gauge("kafka.group.lag.max", "The same of the partition that is most behind");
    }

    void bind() {
        Gauge.builder("kafka.group.total", this, GroupLagMeters::total)
                .description("Groups")
                .register(registry);
    }

    /// What is known of one group.
    private record Seen(GroupSummary group, int members, long lagSum, long lagMax) {}

    private double total() {
        long nowMs = System.nanoTime() / 1_000_000;
        long last = lastLookMs.get();
        if (nowMs - last >= BETWEEN_LOOKS_MS && lastLookMs.compareAndSet(last, nowMs)) {
            var look = look();
            // A coordinator that answers at once has its numbers shown at once.
            if (!look.isDone()) {
                log.trace("The groups are looked at: {}", look);
            }
        }
        return groupCount;
    }

    /// Asks the coordinator, and shows what it says.
    CompletableFuture<Void> look() {
        return directory
                .list()
                .thenCompose(this::look)
                .thenAccept(this::show)
                .orTimeout(1, TimeUnit.MINUTES)
                .exceptionally(thrown -> {
                    log.debug("The groups can't be counted", thrown);
                    return null;
                });
    }

    private CompletableFuture<List<Seen>> look(List<GroupSummary> found) {
        groupCount = found.size();
        var asked = found.stream().limit(MAX_GROUPS_ASKED).toList();
        return directory.describe(asked).thenCompose(described -> {
            var seen = asked.stream()
                    .map(group -> directory.offsets(group.id()).thenApply(offsets -> see(group, described, offsets)))
                    .toList();
            return CompletableFuture.allOf(seen.toArray(CompletableFuture[]::new))
                    .thenApply(_ -> seen.stream().map(CompletableFuture::join).toList());
        });
    }

    private Seen see(GroupSummary group, Map<String, GroupDescription> described, List<CommittedOffset> offsets) {
        var description = described.get(group.id());
        var lags = offsets.stream()
                .flatMap(offset -> partitions
                        .find(offset.partition())
                        .flatMap(partition -> partition.findOffsets())
                        .map(marks -> Math.max(0, marks.highWatermark() - offset.offset()))
                        .stream())
                .mapToLong(Long::longValue)
                .summaryStatistics();
        return new Seen(
                group,
                description == null ? 0 : description.members().size(),
                lags.getSum(),
                Math.max(0, lags.getMax()));
    }

    private void show(List<Seen> seen) {
        var sums = new ArrayList<MultiGauge.Row<?>>();
        var maxima = new ArrayList<MultiGauge.Row<?>>();
        var sizes = new ArrayList<MultiGauge.Row<?>>();
        named(seen).forEach((name, some) -> {
            var tags = Tags.of("group", name);
            sums.add(MultiGauge.Row.of(
                    tags, some.stream().mapToLong(Seen::lagSum).sum()));
            maxima.add(MultiGauge.Row.of(
                    tags, some.stream().mapToLong(Seen::lagMax).max().orElse(0)));
            sizes.add(MultiGauge.Row.of(
                    tags, some.stream().mapToInt(Seen::members).sum()));
        });
        lagSums.register(sums, true);
        lagMaxima.register(maxima, true);
        members.register(sizes, true);
    }

    private static Map<String, List<Seen>> named(List<Seen> seen) {
        var own = Stream.concat(
                        seen.stream().limit(MAX_GROUPS).map(some -> some.group().id()), Stream.of(OTHER))
                .collect(Collectors.toSet());
        return seen.stream()
                .collect(Collectors.groupingBy(
                        some -> own.contains(some.group().id()) ? some.group().id() : OTHER));
    }

    private MultiGauge gauge(String name, String description) {
        return MultiGauge.builder(name).description(description).register(registry);
    }
}
