package io.vitrine.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vitrine.inspect.LogCatalog;
import io.vitrine.inspect.ReadableLog;
import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.Topic;
import io.vitrine.metadata.TopicPartition;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// The topics, the metadata log among them.
@RestController
@RequestMapping(ApiPath.TOPICS)
class TopicController {
    private final MetadataService metadata;
    private final LogCatalog logs;
    private final LogLookup lookup;

    TopicController(MetadataService metadata, LogCatalog logs, LogLookup lookup) {
        this.metadata = metadata;
        this.logs = logs;
        this.lookup = lookup;
    }

    @GetMapping
    ListPage<TopicView> topics(@RequestParam Map<String, String> query) {
        var parameters = new QueryParameters(query);
        boolean internal = parameters.flag("internal", true);
        var from = parameters.text("from").orElse("");
        int limit = ListPage.limit(parameters);
        parameters.requireSound();
        var behind = Stream.concat(Stream.of(lookup.metadataTopic()), metadata.image().topics().stream())
                .filter(topic -> internal || !topic.isInternal())
                .filter(topic -> topic.name().compareTo(from) >= 0)
                .sorted(Comparator.comparing(Topic::name))
                .toList();
        var shape = new ListPage.Shape<Topic, TopicView>(topic -> view(topic, null), Topic::name);
        return ListPage.of(behind, limit, shape, ApiPath.TOPICS, query);
    }

    @GetMapping("/{topic}")
    TopicView topic(@PathVariable String topic, @RequestParam Map<String, String> query) {
        new QueryParameters(query).requireSound();
        var found = lookup.topic(topic);
        return view(found, new TreeMap<>(found.configs()));
    }

    private TopicView view(Topic topic, @Nullable Map<String, String> configs) {
        var hosted = topic.partitions().stream()
                .map(state -> logs.find(new TopicPartition(topic.name(), state.index())))
                .flatMap(Optional::stream)
                .toList();
        int replicationFactor = topic.partitions().stream()
                .mapToInt(state -> state.replicas().size())
                .max()
                .orElse(0);
        return new TopicView(
                topic.name(),
                topic.id().toString(),
                topic.partitions().size(),
                replicationFactor,
                topic.isInternal(),
                hosted.stream().mapToLong(ReadableLog::sizeInBytes).sum(),
                hosted.stream().mapToLong(TopicController::records).sum(),
                configs,
                TopicLinks.of(topic.name()));
    }

    private static long records(ReadableLog log) {
        return log.findOffsets()
                .map(offsets -> offsets.logEndOffset() - offsets.logStartOffset())
                .orElse(0L);
    }

    /// @param sizeBytes of the partitions on this broker
    /// @param records offsets between start and end; where a topic is compacted there are fewer records
    /// @param configs set on the topic itself; present where one topic was asked for
    record TopicView(
            String name,
            String topicId,
            int partitions,
            int replicationFactor,
            boolean internal,
            long sizeBytes,
            long records,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Map<String, String> configs,

            TopicLinks links) {}

    /// @param configs absent for the metadata log, which has none of its own
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record TopicLinks(
            String self,
            String partitions,
            String records,
            String producers,
            String groups,
            @Nullable String configs) {
        static TopicLinks of(String topic) {
            var self = ApiPath.topic(topic);
            return new TopicLinks(
                    self,
                    ApiPath.partitions(topic),
                    ApiPath.records(topic),
                    self + "/producers",
                    self + "/groups",
                    topic.equals(LogCatalog.METADATA_TOPIC) ? null : self + "/configs");
        }
    }
}
