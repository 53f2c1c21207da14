package io.vitrine.metadata;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/// Everything the metadata log says, as of one offset; immutable, replaced as a whole by the next one.
public final class ClusterImage {
    private final String clusterId;
    private final int nodeId;
    private final long endOffset;
    private final Map<String, Topic> topicsByName;
    private final Map<Uuid, Topic> topicsById;
    private final Map<String, Short> features;

    /// @param endOffset the offset of the next metadata record
    /// @param topicsByName sorted by name
    /// @param features finalized feature levels by name, such as `metadata.version`
    ClusterImage(
            String clusterId,
            int nodeId,
            long endOffset,
            Map<String, Topic> topicsByName,
            Map<Uuid, Topic> topicsById,
            Map<String, Short> features) {
        this.clusterId = clusterId;
        this.nodeId = nodeId;
        this.endOffset = endOffset;
        this.topicsByName = topicsByName;
        this.topicsById = topicsById;
        this.features = features;
    }

    public String clusterId() {
        return clusterId;
    }

    public int nodeId() {
        return nodeId;
    }

    public long endOffset() {
        return endOffset;
    }

    /// All topics, sorted by name.
    public Collection<Topic> topics() {
        return topicsByName.values();
    }

    public Optional<Topic> findTopic(String name) {
        return Optional.ofNullable(topicsByName.get(name));
    }

    public Optional<Topic> findTopic(Uuid id) {
        @Nullable Topic topic = topicsById.get(id);
        return Optional.ofNullable(topic);
    }

    public Map<String, Short> features() {
        return features;
    }
}
