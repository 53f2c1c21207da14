package io.vitrine.handler;

import io.vitrine.metadata.ClusterImage;
import io.vitrine.metadata.Topic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// The topics that a request wants deleted: which of them there are, and what is wrong with the others. As in Kafka,
/// nothing is done for a topic that is asked for twice, be it by its name, by its id or by both.
final class TopicsToDelete {
    private final Set<String> names = new LinkedHashSet<>();
    private final Set<String> repeatedNames = new LinkedHashSet<>();
    private final Set<Uuid> ids = new LinkedHashSet<>();
    private final Set<Uuid> repeatedIds = new LinkedHashSet<>();
    private final List<Result> refusals = new ArrayList<>();

    /// What is said of one of them.
    record Result(
            @Nullable String name,
            Uuid id,
            Errors error,
            @Nullable String message) {}

    void name(String name) {
        if (repeatedNames.contains(name) || !names.add(name)) {
            repeatedNames.add(name);
            names.remove(name);
        }
    }

    void state(@Nullable String name, Uuid id) {
        boolean hasId = !id.equals(Uuid.ZERO_UUID);
        if (name == null && !hasId) {
            refuse(null, id, Errors.INVALID_REQUEST, "Neither topic name nor id were specified.");
        } else if (name != null && hasId) {
            refuse(name, id, Errors.INVALID_REQUEST, "You may not specify both topic name and topic id.");
        } else if (name != null) {
            name(name);
        } else if (repeatedIds.contains(id) || !ids.add(id)) {
            repeatedIds.add(id);
            ids.remove(id);
        }
    }

    /// Finds those that there are, by their ids. All that were asked for and are not among them are refused.
    Map<Uuid, Topic> resolve(ClusterImage image) {
        repeatedNames.forEach(name -> refuse(name, Uuid.ZERO_UUID, Errors.INVALID_REQUEST, RepeatedTopicNames.MESSAGE));
        repeatedIds.forEach(id -> refuse(null, id, Errors.INVALID_REQUEST, "Duplicate topic id."));
        var found = new LinkedHashMap<Uuid, Topic>();
        for (var id : ids) {
            image.findTopic(id)
                    .ifPresentOrElse(
                            topic -> found.put(id, topic),
                            () -> refuse(null, id, Errors.UNKNOWN_TOPIC_ID, Errors.UNKNOWN_TOPIC_ID.message()));
        }
        for (var name : names) {
            image.findTopic(name)
                    .ifPresentOrElse(
                            topic -> add(topic, found),
                            () -> refuse(
                                    name,
                                    Uuid.ZERO_UUID,
                                    Errors.UNKNOWN_TOPIC_OR_PARTITION,
                                    Errors.UNKNOWN_TOPIC_OR_PARTITION.message()));
        }
        return found;
    }

    List<Result> refusals() {
        return refusals;
    }

    private void add(Topic topic, Map<Uuid, Topic> found) {
        if (repeatedIds.contains(topic.id()) || found.put(topic.id(), topic) != null) {
            repeatedIds.add(topic.id());
            found.remove(topic.id());
            refuse(
                    topic.name(),
                    topic.id(),
                    Errors.INVALID_REQUEST,
                    "The provided topic name maps to an ID that was already supplied.");
        }
    }

    private void refuse(@Nullable String name, Uuid id, Errors error, String message) {
        refusals.add(new Result(name, id, error, message));
    }
}
