package io.vitrine.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vitrine.metadata.Topic;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.Partition;
import io.vitrine.partition.PartitionLogService;
import io.vitrine.partition.UpkeepNow;
import io.vitrine.partition.UpkeepOutcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Has upkeep done at once: of all logs, of a topic's, or of one.
@RestController
@RequestMapping(ApiPath.TEST)
class UpkeepController {
    private static final Comparator<Partition> BY_NAME = Comparator.comparing(
                    (Partition partition) -> partition.name().topic())
            .thenComparingInt(partition -> partition.name().partition());

    private final PartitionLogService partitions;
    private final LogLookup lookup;

    UpkeepController(PartitionLogService partitions, LogLookup lookup) {
        this.partitions = partitions;
        this.lookup = lookup;
    }

    @PostMapping("/retention")
    UpkeepView retain(@RequestParam Map<String, String> query) {
        return forEach(query, UpkeepNow::retain);
    }

    @PostMapping("/compaction")
    UpkeepView compact(@RequestParam Map<String, String> query) {
        return forEach(query, UpkeepNow::compact);
    }

    @PostMapping("/flush")
    UpkeepView flush(@RequestParam Map<String, String> query) {
        return forEach(query, UpkeepNow::flush);
    }

    private interface Task {
        UpkeepOutcome apply(UpkeepNow now, Partition partition) throws InterruptedException;
    }

    private UpkeepView forEach(Map<String, String> query, Task task) {
        var chosen = choose(query);
        boolean named = query.containsKey("topic");
        var items = new ArrayList<ItemView>();
        try {
            for (var partition : chosen) {
                var outcome = task.apply(partitions.controls().upkeep(), partition);
                if (named || isWorthTelling(outcome)) {
                    items.add(ItemView.of(outcome));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw TestProblem.stopping();
        }
        return new UpkeepView(chosen.size(), items);
    }

    private List<Partition> choose(Map<String, String> query) {
        var parameters = new QueryParameters(query);
        var topic = parameters.text("topic");
        int partition = parameters.number("partition", -1, 0, Integer.MAX_VALUE);
        if (partition >= 0 && topic.isEmpty()) {
            parameters.violate("partition", "means nothing without topic");
        }
        parameters.requireSound();
        if (topic.isEmpty()) {
            return partitions.partitions().stream().sorted(BY_NAME).toList();
        }
        var found = lookup.topic(topic.get());
        if (partition >= 0) {
            return List.of(hosted(found, partition));
        }
        return found.partitions().stream()
                .map(state -> partitions.find(new TopicPartition(found.name(), state.index())))
                .flatMap(Optional::stream)
                .toList();
    }

    private Partition hosted(Topic topic, int partition) {
        return partitions
                .find(new TopicPartition(topic.name(), partition))
                .orElseThrow(() -> ApiProblem.unknownPartition(topic.name(), partition));
    }

    private static boolean isWorthTelling(UpkeepOutcome outcome) {
        return switch (outcome) {
            case UpkeepOutcome.Retained retained -> retained.isChange();
            case UpkeepOutcome.Compacted _, UpkeepOutcome.Failed _ -> true;
            case UpkeepOutcome.Flushed(TopicPartition _, long before, long after) -> after > before;
            case UpkeepOutcome.Left _ -> false;
        };
    }

    /// @param partitions how many were looked at
    /// @param items those of a topic that was named, else those of which there is something to tell
    record UpkeepView(int partitions, List<ItemView> items) {}

    /// @param left why nothing was done
    /// @param problem why it could not be done
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ItemView(
            String topic,
            int partition,
            @Nullable Retained retained,
            CleanerView.@Nullable LastRunView compacted,
            @Nullable Flushed flushed,
            @Nullable String left,
            @Nullable String problem) {
        static ItemView of(UpkeepOutcome outcome) {
            var name = outcome.partition();
            return switch (outcome) {
                case UpkeepOutcome.Retained done ->
                    new ItemView(name.topic(), name.partition(), Retained.of(done), null, null, null, null);
                case UpkeepOutcome.Compacted done ->
                    new ItemView(
                            name.topic(),
                            name.partition(),
                            null,
                            CleanerView.LastRunView.of(done.run()),
                            null,
                            null,
                            null);
                case UpkeepOutcome.Flushed done ->
                    new ItemView(
                            name.topic(),
                            name.partition(),
                            null,
                            null,
                            new Flushed(done.formerDurable(), done.durable()),
                            null,
                            null);
                case UpkeepOutcome.Left left ->
                    new ItemView(name.topic(), name.partition(), null, null, null, left.why(), null);
                case UpkeepOutcome.Failed failed ->
                    new ItemView(name.topic(), name.partition(), null, null, null, null, failed.why());
            };
        }
    }

    record Retained(long formerLogStartOffset, long logStartOffset, int segmentsDeleted, long bytesDeleted) {
        static Retained of(UpkeepOutcome.Retained done) {
            return new Retained(done.formerLogStart(), done.logStart(), done.segmentsDeleted(), done.bytesDeleted());
        }
    }

    record Flushed(long formerDurableOffset, long durableOffset) {}
}
