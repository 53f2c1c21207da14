package io.vitrine.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vitrine.metadata.CreateTopicOutcome;
import io.vitrine.metadata.DeleteTopicOutcome;
import io.vitrine.metadata.GrowTopicOutcome;
import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.NewTopic;
import io.vitrine.metadata.Topic;
import io.vitrine.metadata.TopicChanges;
import io.vitrine.metadata.TopicGrowth;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Creates topics, gives them more partitions and deletes them, by the rules and in the words of the Kafka API. What
/// is answered is on disk, and can be used.
@RestController
@RequestMapping(ApiPath.TOPICS)
class TopicChangeController {
    private final TopicChanges changes;
    private final LogLookup lookup;

    TopicChangeController(MetadataService metadata, LogLookup lookup) {
        this.changes = metadata.topicChanges();
        this.lookup = lookup;
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<ChangedTopicView> create(@RequestParam Map<String, String> query, HttpServletRequest request)
            throws IOException {
        boolean asked = validateOnly(query);
        var body = PostedObject.read(request);
        boolean validateOnly = body.flag("validateOnly", false) || asked;
        var wish = wish(body);
        body.requireSound();
        return switch (write(() -> changes.create(List.of(wish), validateOnly)).getFirst()) {
            case CreateTopicOutcome.Created(Topic topic) ->
                ResponseEntity.created(URI.create(ApiPath.topic(topic.name()))).body(ChangedTopicView.of(topic, false));
            case CreateTopicOutcome.Valid(Topic topic) -> ResponseEntity.ok(ChangedTopicView.of(topic, true));
            case CreateTopicOutcome.AlreadyExists(Topic topic) -> throw TopicProblem.alreadyExists(topic);
            case CreateTopicOutcome.Refused refused -> throw TopicProblem.notCreated(refused);
        };
    }

    /// What else a topic has is changed with its configs.
    @PatchMapping(path = "/{topic}", consumes = MediaType.APPLICATION_JSON_VALUE)
    ChangedTopicView grow(
            @PathVariable String topic, @RequestParam Map<String, String> query, HttpServletRequest request)
            throws IOException {
        boolean validateOnly = validateOnly(query);
        var found = changeable(topic);
        var body = PostedObject.read(request);
        if (!body.has("partitions")) {
            body.violate("partitions", "expected how many the topic shall have");
        }
        int count = body.number("partitions").orElse(0);
        body.requireSound();
        var wish = new TopicGrowth(found.name(), count, null);
        return switch (write(() -> changes.grow(List.of(wish), validateOnly)).getFirst()) {
            case GrowTopicOutcome.Grown(Topic grown) -> ChangedTopicView.of(grown, false);
            case GrowTopicOutcome.Valid(Topic former) ->
                ChangedTopicView.of(former, true).withPartitions(count);
            case GrowTopicOutcome.Unknown() -> throw ApiProblem.unknownTopic(topic);
            case GrowTopicOutcome.Refused refused -> throw TopicProblem.notGrown(refused);
        };
    }

    @DeleteMapping("/{topic}")
    ResponseEntity<ChangedTopicView> delete(@PathVariable String topic, @RequestParam Map<String, String> query)
            throws IOException {
        boolean validateOnly = validateOnly(query);
        var found = changeable(topic);
        if (validateOnly) {
            return ResponseEntity.ok(ChangedTopicView.of(found, true));
        }
        var outcome = write(() -> changes.delete(List.of(found.id()))).get(found.id());
        return switch (Objects.requireNonNull(outcome)) {
            case DeleteTopicOutcome.Deleted _ ->
                ResponseEntity.status(HttpStatus.NO_CONTENT).build();
            case DeleteTopicOutcome.Unknown() -> throw ApiProblem.unknownTopic(topic);
            case DeleteTopicOutcome.Refused refused -> throw TopicProblem.notDeleted(refused);
        };
    }

    private static NewTopic wish(PostedObject body) {
        if (!body.has("name")) {
            body.violate("name", "expected the name of the topic");
        }
        var name = body.text("name").orElse("");
        if (Topic.isInternal(name)) {
            // The coordinators make their own, compacted and with as many partitions as they are set to use.
            body.violate("name", "'%s' is Kafka's own, and is not made from here".formatted(name));
        }
        int partitions = body.number("partitions").orElse(NewTopic.DEFAULT);
        int replicationFactor = body.number("replicationFactor").orElse(NewTopic.DEFAULT);
        return new NewTopic(name, partitions, replicationFactor, List.of(), body.values("configs"));
    }

    private Topic changeable(String name) {
        if (Topic.isInternal(name)) {
            throw TopicProblem.internal(name);
        }
        return lookup.topic(name);
    }

    private static boolean validateOnly(Map<String, String> query) {
        var parameters = new QueryParameters(query);
        boolean validateOnly = parameters.flag("validateOnly", false);
        parameters.requireSound();
        return validateOnly;
    }

    private interface Write<T> {
        T run() throws IOException;
    }

    private static <T> T write(Write<T> write) {
        try {
            return write.run();
        } catch (IOException e) {
            throw TopicProblem.notWritten(e);
        }
    }

    /// @param topicId absent where nothing was done, as it would be another one then
    /// @param validateOnly present where nothing was done
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ChangedTopicView(
            String name,
            @Nullable String topicId,
            int partitions,
            int replicationFactor,
            Map<String, String> configs,
            @Nullable Boolean validateOnly,
            @Nullable Links links) {
        static ChangedTopicView of(Topic topic, boolean validateOnly) {
            return new ChangedTopicView(
                    topic.name(),
                    validateOnly ? null : topic.id().toString(),
                    topic.partitions().size(),
                    topic.partitions().getFirst().replicas().size(),
                    new TreeMap<>(topic.configs()),
                    validateOnly ? true : null,
                    validateOnly ? null : new Links(ApiPath.topic(topic.name()), ApiPath.partitions(topic.name())));
        }

        ChangedTopicView withPartitions(int count) {
            return new ChangedTopicView(name, topicId, count, replicationFactor, configs, validateOnly, links);
        }
    }

    record Links(String self, String partitions) {}
}
