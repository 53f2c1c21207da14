package io.vitrine.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vitrine.log.Offsets;
import io.vitrine.metadata.Topic;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.DeleteRecordsOutcome;
import io.vitrine.partition.PartitionLogService;
import io.vitrine.partition.RecordDeletion;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Deletes records from the beginning of a partition, by the rules of DeleteRecords.
@RestController
@RequestMapping(ApiPath.PARTITION + "/records")
class RecordDeletionController {
    private final PartitionLogService partitions;
    private final LogLookup lookup;

    RecordDeletionController(PartitionLogService partitions, LogLookup lookup) {
        this.partitions = partitions;
        this.lookup = lookup;
    }

    @DeleteMapping
    DeletedView delete(
            @PathVariable String topic, @PathVariable int partition, @RequestParam Map<String, String> query) {
        var parameters = new QueryParameters(query);
        boolean validateOnly = parameters.flag("validateOnly", false);
        long before = before(parameters);
        parameters.requireSound();
        if (Topic.isInternal(topic)) {
            throw TopicProblem.internal(topic);
        }
        lookup.partition(lookup.topic(topic), partition);
        var name = new TopicPartition(topic, partition);
        var hosted = partitions.find(name).orElseThrow(() -> ApiProblem.unknownPartition(topic, partition));
        var wish = new RecordDeletion.Wish(hosted, before);
        var deletion = partitions.recordDeletion();
        var outcome = validateOnly
                ? deletion.validate(wish)
                : deletion.delete(List.of(wish)).getFirst();
        return switch (outcome) {
            case DeleteRecordsOutcome.Deleted(long logStartOffset) ->
                new DeletedView(topic, partition, logStartOffset, validateOnly ? true : null);
            case DeleteRecordsOutcome.OutOfRange(long offset, Offsets offsets) ->
                throw ApiProblem.offsetOutOfRange(name, offset, offsets);
            case DeleteRecordsOutcome.NotAllowed() -> throw TopicProblem.notDeletable(name);
            case DeleteRecordsOutcome.StorageFailed(String reason) -> throw ApiProblem.storageFailed(name, reason);
            case DeleteRecordsOutcome.TopicDeleted() -> throw ApiProblem.unknownTopic(topic);
        };
    }

    private static long before(QueryParameters parameters) {
        var given = parameters.text("before").orElse("");
        if (given.equals("latest")) {
            return RecordDeletion.ALL;
        }
        if (given.isEmpty()) {
            parameters.violate("before", "expected the first offset that is to stay, or latest");
            return 0;
        }
        return parameters.findOffset("before").orElse(0);
    }

    /// @param logStartOffset the first offset that can be read
    /// @param validateOnly present where nothing was done
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record DeletedView(
            String topic,
            int partition,
            long logStartOffset,
            @Nullable Boolean validateOnly) {}
}
