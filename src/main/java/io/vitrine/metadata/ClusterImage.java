package io.vitrine.metadata;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;

/// Everything the metadata log says, as of one offset; immutable, replaced as a whole by the next one.
public final class ClusterImage {
    private final String clusterId;
    private final int nodeId;
    private final long endOffset;
    private final int controllerEpoch;
    private final Map<String, Topic> topicsByName;
    private final Map<Uuid, Topic> topicsById;
    private final Map<String, Short> features;
    private final Map<ConfigResource, Map<String, String>> configs;

    /// @param endOffset the offset of the next metadata record
    /// @param controllerEpoch leader epoch of the newest metadata record
    /// @param topicsByName sorted by name
    /// @param features finalized feature levels by name, such as `metadata.version`
    /// @param configs what is set for anything but topics
    ClusterImage(
            String clusterId,
            int nodeId,
            long endOffset,
            int controllerEpoch,
            Map<String, Topic> topicsByName,
            Map<Uuid, Topic> topicsById,
            Map<String, Short> features,
            Map<ConfigResource, Map<String, String>> configs) {
        this.clusterId = clusterId;
        this.nodeId = nodeId;
        this.endOffset = endOffset;
        this.controllerEpoch = controllerEpoch;
        this.topicsByName = topicsByName;
        this.topicsById = topicsById;
        this.features = Map.copyOf(features);
        this.configs = configs;
    }

    /// The image before the first record.
    static ClusterImage empty(String clusterId, int nodeId) {
        return new ClusterImage(clusterId, nodeId, 0, 0, new TreeMap<>(), new HashMap<>(), Map.of(), Map.of());
    }

    /// What comes after this image; topics that did not change are shared with it.
    Successor next() {
        return new Successor();
    }

    /// Collects what is different in the next image.
    final class Successor {
        private boolean isChanged;
        private Map<String, Topic> names = topicsByName;
        private Map<Uuid, Topic> ids = topicsById;
        private Map<ConfigResource, Map<String, String>> others = configs;

        void put(Topic topic) {
            remove(topic.id());
            names.put(topic.name(), topic);
            ids.put(topic.id(), topic);
        }

        void remove(Uuid id) {
            ownMaps();
            @Nullable Topic former = ids.remove(id);
            // A topic of that name may have been created again, with another id.
            if (former != null) {
                names.remove(former.name(), former);
            }
        }

        /// Takes over what is set now for something that is no topic.
        void configure(ConfigResource resource, Map<String, String> values) {
            others = new HashMap<>(others);
            if (values.isEmpty()) {
                others.remove(resource);
            } else {
                others.put(resource, Map.copyOf(values));
            }
        }

        ClusterImage build(long newEndOffset, int newControllerEpoch, Map<String, Short> newFeatures) {
            return new ClusterImage(
                    clusterId, nodeId, newEndOffset, newControllerEpoch, names, ids, newFeatures, others);
        }

        private void ownMaps() {
            if (!isChanged) {
                isChanged = true;
                names = new TreeMap<>(topicsByName);
                ids = new HashMap<>(topicsById);
            }
        }
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

    public int controllerEpoch() {
        return controllerEpoch;
    }

    /// All topics, sorted by name.
    public Collection<Topic> topics() {
        return Collections.unmodifiableCollection(topicsByName.values());
    }

    public Optional<Topic> findTopic(String name) {
        return Optional.ofNullable(topicsByName.get(name));
    }

    public Optional<Topic> findTopic(Uuid id) {
        @Nullable Topic topic = topicsById.get(id);
        return Optional.ofNullable(topic);
    }

    /// What is set for a broker, for all of them (a broker without a name), or for anything else that has configs.
    public Map<String, String> configs(ConfigResource resource) {
        return resource.type() == ConfigResource.Type.TOPIC
                ? findTopic(resource.name()).map(Topic::configs).orElse(Map.of())
                : configs.getOrDefault(resource, Map.of());
    }

    /// Everything but topics that something is set for.
    public Set<ConfigResource> configured() {
        return Collections.unmodifiableSet(configs.keySet());
    }

    public Map<String, Short> features() {
        return features;
    }
}
