package io.vitrine.admin;

import io.vitrine.inspect.ReadableLog;
import io.vitrine.log.SegmentInfo;
import io.vitrine.metadata.Topic;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.metadata.TopicPartitionState;
import io.vitrine.partition.PartitionLogService;
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
    ListPage<PartitionView> partitions(@PathVariable String topic, @RequestParam Map<String, String> query) {
        var parameters = new QueryParameters(query);
        int from = parameters.number("from", 0, 0, Integer.MAX_VALUE);
        int limit = ListPage.limit(parameters);
        parameters.requireSound();
        var found = lookup.topic(topic);
        var behind = found.partitions().stream()
                .filter(state -> state.index() >= from)
                .toList();
        var shape = new ListPage.Shape<TopicPartitionState, PartitionView>(
                state -> view(found, state), TopicPartitionState::index);
        return ListPage.of(behind, limit, shape, ApiPath.partitions(topic), query);
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
    ListPage<SegmentView> segments(
            @PathVariable String topic, @PathVariable int partition, @RequestParam Map<String, String> query) {
        var parameters = new QueryParameters(query);
        long from = parameters.findOffset("from").orElse(0);
        int limit = ListPage.limit(parameters);
        parameters.requireSound();
        ReadableLog log = lookup.log(topic, partition);
        lookup.offsets(log);
        var behind = log.segments().stream()
                .filter(segment -> segment.baseOffset() >= from)
                .toList();
        var shape = new ListPage.Shape<SegmentInfo, SegmentView>(
                segment -> SegmentView.of(log.name(), segment), SegmentInfo::baseOffset);
        return ListPage.of(behind, limit, shape, ApiPath.segments(log.name()), query);
    }

    private PartitionView view(Topic topic, TopicPartitionState state) {
        var cleaner =
                partitions.find(new TopicPartition(topic.name(), state.index())).flatMap(partitions.cleaner()::find);
        return PartitionView.of(topic.name(), state, lookup.findLog(topic, state), cleaner, transactionalIds);
    }
}
