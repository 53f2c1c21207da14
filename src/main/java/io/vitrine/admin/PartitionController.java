package io.vitrine.admin;

import io.vitrine.inspect.ReadableLog;
import io.vitrine.metadata.Topic;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.metadata.TopicPartitionState;
import io.vitrine.partition.PartitionLogService;
import java.util.List;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// The partitions of a topic and the segments of each.
@RestController
@RequestMapping(ApiPath.PARTITIONS)
class PartitionController {
    private final LogLookup lookup;
    private final PartitionLogService partitions;
    private final TransactionalIds transactionalIds;

    PartitionController(LogLookup lookup, PartitionLogService partitions, TransactionalIds transactionalIds) {
        this.lookup = lookup;
        this.partitions = partitions;
        this.transactionalIds = transactionalIds;
    }

    @GetMapping
    PartitionsView partitions(@PathVariable String topic, @RequestParam Map<String, String> query) {
        new QueryParameters(query).requireSound();
        var found = lookup.topic(topic);
        var items = found.partitions().stream().map(state -> view(found, state)).toList();
        return new PartitionsView(items);
    }

    @GetMapping("/{partition}")
    PartitionView partition(
            @PathVariable String topic, @PathVariable int partition, @RequestParam Map<String, String> query) {
        new QueryParameters(query).requireSound();
        var found = lookup.topic(topic);
        var state = lookup.partition(found, partition);
        return view(found, state);
    }

    @GetMapping("/{partition}/segments")
    SegmentsView segments(
            @PathVariable String topic, @PathVariable int partition, @RequestParam Map<String, String> query) {
        new QueryParameters(query).requireSound();
        ReadableLog log = lookup.log(topic, partition);
        lookup.offsets(log);
        return new SegmentsView(log.segments().stream()
                .map(segment -> SegmentView.of(log.name(), segment))
                .toList());
    }

    private PartitionView view(Topic topic, TopicPartitionState state) {
        var cleaner =
                partitions.find(new TopicPartition(topic.name(), state.index())).flatMap(partitions.cleaner()::find);
        return PartitionView.of(topic.name(), state, lookup.findLog(topic, state), cleaner, transactionalIds);
    }

    record PartitionsView(List<PartitionView> items) {}

    record SegmentsView(List<SegmentView> items) {}
}
