package io.vitrine.observe;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.vitrine.coordinator.CoordinatorLoad;
import io.vitrine.group.GroupMeasures;
import io.vitrine.group.GroupService;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.springframework.stereotype.Component;

/// The meters of consumer groups: what Kafka's coordinator counts, and how its groups were loaded.
@Component
class GroupMeters implements MeterBinder {
    private static final List<String> CLASSIC_STATES =
            List.of("Empty", "PreparingRebalance", "CompletingRebalance", "Stable", "Dead");
    private static final List<String> CONSUMER_STATES = List.of("Empty", "Assigning", "Reconciling", "Stable", "Dead");
    private static final List<String> STREAMS_STATES =
            List.of("Empty", "NotReady", "Assigning", "Reconciling", "Stable", "Dead");

    private final GroupService groups;

    GroupMeters(GroupService groups) {
        this.groups = groups;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        CLASSIC_STATES.forEach(state -> bindGroups(registry, "classic", state));
        CONSUMER_STATES.forEach(state -> bindGroups(registry, "consumer", state));
        STREAMS_STATES.forEach(state -> bindGroups(registry, "streams", state));
        bindRebalances(registry, "streams", "streams-group-rebalance-count");
        bindRebalances(registry, "classic", "group-completed-rebalance-count");
        bindRebalances(registry, "consumer", "consumer-group-rebalance-count");
        for (var state : List.of("loading", "active", "failed")) {
            Gauge.builder(
                            "kafka.group.partitions",
                            groups.measures(),
                            measures -> measures.value("num-partitions", Map.of("state", state)))
                    .tag("state", state)
                    .description("Partitions of __consumer_offsets")
                    .register(registry);
        }
        gauge(registry, "offsets", "Committed offsets that are kept", "offset-count");
        count(registry, "offset.commits", "Offsets committed", "offset-commit-count");
        count(registry, "offset.expirations", "Offsets forgotten for their age", "offset-expiration-count");
        count(registry, "offset.deletions", "Offsets deleted", "offset-deletion-count");
        gauge(registry, "event.queue.size", "Requests and timers that wait for the coordinator", "event-queue-size");
        gauge(registry, "event.queue.time.p99", "How long they waited lately, ms", "event-queue-time-ms-p99");
        gauge(registry, "event.time.p99", "How long one was worked at lately, ms", "event-processing-time-ms-p99");
        gauge(
                registry,
                "event.wait.p99",
                "How long answers waited for the disk lately, ms",
                "event-purgatory-time-ms-p99");
        load(registry, "records", "Records replayed when groups were loaded", CoordinatorLoad::records);
        load(registry, "skipped", "Records that could not be replayed", CoordinatorLoad::skipped);
        load(
                registry,
                "damaged.ranges",
                "Parts of the groups' logs that could not be read",
                CoordinatorLoad::damagedRanges);
        load(registry, "ms", "Time spent on loading groups, in milliseconds", CoordinatorLoad::tookMs);
    }

    private void bindGroups(MeterRegistry registry, String protocol, String state) {
        Gauge.builder(
                        "kafka.group.groups",
                        groups.measures(),
                        measures -> measures.value(protocol + "-group-count", Map.of("state", state)))
                .tag("protocol", protocol)
                .tag("state", state)
                .description("Groups")
                .register(registry);
    }

    private void bindRebalances(MeterRegistry registry, String protocol, String name) {
        FunctionCounter.builder("kafka.group.rebalances", groups.measures(), measures -> measures.value(name))
                .tag("protocol", protocol)
                .description("Rebalances of groups")
                .register(registry);
    }

    private void gauge(MeterRegistry registry, String name, String description, String kafkasName) {
        ToDoubleFunction<GroupMeasures> value = measures -> measures.value(kafkasName);
        Gauge.builder("kafka.group." + name, groups.measures(), value)
                .description(description)
                .register(registry);
    }

    private void count(MeterRegistry registry, String name, String description, String kafkasName) {
        FunctionCounter.builder("kafka.group." + name, groups.measures(), measures -> measures.value(kafkasName))
                .description(description)
                .register(registry);
    }

    private void load(
            MeterRegistry registry, String name, String description, ToDoubleFunction<CoordinatorLoad> value) {
        Gauge.builder(
                        "kafka.group.load." + name,
                        groups,
                        service -> service.loads().stream().mapToDouble(value).sum())
                .description(description)
                .register(registry);
    }
}
