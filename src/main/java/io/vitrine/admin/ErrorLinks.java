package io.vitrine.admin;

import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.Topic;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.protocol.RefusalEntry;
import io.vitrine.tap.ConnectionOverview;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.Uuid;
import org.springframework.stereotype.Component;

/// Where to look at what a refusal is about, as far as it is there.
@Component
final class ErrorLinks {
    private static final String OUT_OF_RANGE = "OFFSET_OUT_OF_RANGE";

    private final MetadataService metadata;
    private final ConnectionOverview connections;

    ErrorLinks(MetadataService metadata, ConnectionOverview connections) {
        this.metadata = metadata;
        this.connections = connections;
    }

    Map<String, String> of(RefusalEntry entry) {
        var links = new LinkedHashMap<String, String>();
        if (connections.find(entry.connection()).isPresent()) {
            links.put("connection", ApiPath.CONNECTIONS + "/" + entry.connection());
        }
        if (entry.connection() > 0) {
            links.put("requests", ApiPath.REQUESTS + "?connection=" + entry.connection());
        }
        var about = entry.about();
        switch (about.kind()) {
            case PARTITION -> addPartition(links, entry);
            case TOPIC -> addTopic(links, about.name());
            case GROUP -> {
                if (!about.name().isEmpty()) {
                    links.put("group", ApiPath.group(about.name(), ""));
                    links.put("timeline", ApiPath.group(about.name(), "/timeline"));
                    links.put("diagnosis", ApiPath.group(about.name(), "/diagnosis"));
                }
            }
            case TRANSACTIONAL_ID -> links.put("transaction", ApiPath.transaction(about.name(), ""));
            case WHOLE, OTHER -> {}
        }
        return links;
    }

    private void addPartition(Map<String, String> links, RefusalEntry entry) {
        var about = entry.about();
        addTopic(links, about.name());
        var topic = find(about.name());
        if (topic.flatMap(found -> found.findPartition(about.partition())).isEmpty()) {
            return;
        }
        var partition = new TopicPartition(topic.get().name(), about.partition());
        links.put("partition", ApiPath.partition(partition));
        links.put("producers", ApiPath.producers(partition));
        if (entry.evidence().get("offset") instanceof Long offset
                && !entry.error().equals(OUT_OF_RANGE)) {
            links.put("batch", ApiPath.batches(partition) + "/" + offset + "?annotate=true");
        }
    }

    private void addTopic(Map<String, String> links, String name) {
        find(name).ifPresent(topic -> links.put("topic", ApiPath.topic(topic.name())));
    }

    /// What newer requests know of a topic is its id.
    private Optional<Topic> find(String nameOrId) {
        var byName = metadata.image().findTopic(nameOrId);
        if (byName.isPresent()) {
            return byName;
        }
        try {
            return metadata.image().findTopic(Uuid.fromString(nameOrId));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// Is it about the topic, by its name or its id?
    boolean isOfTopic(RefusalEntry entry, String topic) {
        return entry.about().isOfTopic(topic)
                || metadata.image()
                        .findTopic(topic)
                        .filter(found -> entry.about().isOfTopic(found.id().toString()))
                        .isPresent();
    }
}
