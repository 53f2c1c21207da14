package io.vitrine.metadata;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.image.ConfigurationsDelta;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.image.TopicImage;
import org.apache.kafka.image.TopicsDelta;
import org.apache.kafka.metadata.PartitionRegistration;
import org.apache.kafka.server.common.KRaftVersion;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;

/// Carries a change of Kafka's image over into ours, touching only the topics that changed.
final class TopicViews {
    private TopicViews() {}

    static ClusterChange next(
            ClusterImage former, MetadataDelta delta, MetadataImage image, KRaftVersion quorum, int controllerEpoch) {
        var successor = former.next();
        var changed = new HashSet<Uuid>();
        var removed = new ArrayList<Topic>();
        @Nullable TopicsDelta topics = delta.topicsDelta();
        if (topics != null) {
            for (var id : topics.deletedTopicIds()) {
                former.findTopic(id).ifPresent(removed::add);
                successor.remove(id);
            }
            changed.addAll(topics.changedTopics().keySet());
        }
        @Nullable ConfigurationsDelta configs = delta.configsDelta();
        if (configs != null) {
            for (var resource : configs.changes().keySet()) {
                @Nullable
                TopicImage topic = resource.type() == ConfigResource.Type.TOPIC
                        ? image.topics().getTopic(resource.name())
                        : null;
                if (topic != null) {
                    changed.add(topic.id());
                } else if (resource.type() != ConfigResource.Type.TOPIC) {
                    successor.configure(resource, image.configs().configMapForResource(resource));
                }
            }
        }
        var views = new ArrayList<Topic>();
        for (var id : changed) {
            var view = view(image.topics().getTopic(id), image);
            views.add(view);
            successor.put(view);
        }
        return new ClusterChange(
                successor.build(image.offset() + 1, controllerEpoch, features(image, quorum)), views, removed);
    }

    // Kafka keeps the one feature that everything depends on apart from the others, and that of the quorum elsewhere.
    private static Map<String, Short> features(MetadataImage image, KRaftVersion quorum) {
        var features = new TreeMap<>(image.features().finalizedVersions());
        if (quorum.featureLevel() > 0) {
            features.put(KRaftVersion.FEATURE_NAME, quorum.featureLevel());
        }
        image.features()
                .metadataVersion()
                .ifPresent(version -> features.put(MetadataVersion.FEATURE_NAME, version.featureLevel()));
        return features;
    }

    static Topic view(TopicImage topic, MetadataImage image) {
        var partitions = new ArrayList<TopicPartitionState>();
        // Sorted, because Kafka's image keeps them in no order.
        new TreeMap<>(topic.partitions()).forEach((index, partition) -> partitions.add(view(index, partition)));
        Map<String, String> configs =
                image.configs().configMapForResource(new ConfigResource(ConfigResource.Type.TOPIC, topic.name()));
        return new Topic(topic.name(), topic.id(), partitions, configs);
    }

    private static TopicPartitionState view(int index, PartitionRegistration partition) {
        return new TopicPartitionState(
                index,
                partition.leader,
                partition.leaderEpoch,
                partition.partitionEpoch,
                list(partition.replicas),
                list(partition.isr),
                List.of(partition.directories));
    }

    private static List<Integer> list(int[] ids) {
        return Arrays.stream(ids).boxed().toList();
    }
}
