package io.vitrine.observe;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.vitrine.group.GroupService;
import io.vitrine.partition.PartitionLogService;
import io.vitrine.timeline.GroupTimelines;
import io.vitrine.timeline.RebalanceCause;
import java.util.Locale;
import org.springframework.stereotype.Component;

/// Why groups rebalance, what is asked of their offsets, and how far they are behind.
@Component
class GroupTimelineMeters implements MeterBinder {
    private final GroupService groups;
    private final GroupTimelines timelines;
    private final PartitionLogService partitions;

    GroupTimelineMeters(GroupService groups, GroupTimelines timelines, PartitionLogService partitions) {
        this.groups = groups;
        this.timelines = timelines;
        this.partitions = partitions;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        new GroupLagMeters(registry, groups, partitions).bind();
        for (var cause : RebalanceCause.values()) {
            FunctionCounter.builder("kafka.group.rebalance.causes", timelines, found -> found.rebalances(cause))
                    .tag("cause", cause.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                    .description("Rebalances of all groups, by what they are due to")
                    .register(registry);
        }
        FunctionCounter.builder("kafka.group.commits", timelines, GroupTimelines::commits)
                .description("Requests that commit offsets")
                .register(registry);
        FunctionCounter.builder("kafka.group.offset.fetches", timelines, GroupTimelines::offsetFetches)
                .description("Groups whose committed offsets were asked for")
                .register(registry);
        Gauge.builder("kafka.group.waiting", timelines, found -> found.waiting().size())
                .description("JoinGroup and SyncGroup requests that wait for other members")
                .register(registry);
        Gauge.builder("kafka.group.timelines.size", timelines, GroupTimelines::sizeInBytes)
                .baseUnit("bytes")
                .description("Memory that the timelines of groups take, about")
                .register(registry);
    }
}
