package io.vitrine.metadata;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.Endpoint;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.image.ConfigurationsImage;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.image.ScramImage;
import org.apache.kafka.metadata.BrokerRegistration;
import org.apache.kafka.metadata.ControllerRegistration;

/// Makes of Kafka's image what people look at.
final class PastMetadataViews {
    private static final long NO_EPOCH = -1;

    private PastMetadataViews() {}

    /// Configs of everything but topics.
    static Map<String, Map<String, String>> configs(ConfigurationsImage image) {
        var configs = new TreeMap<String, Map<String, String>>();
        image.resourceData().forEach((resource, values) -> {
            if (resource.type() != ConfigResource.Type.TOPIC && !values.isEmpty()) {
                var shown = new TreeMap<String, String>();
                values.data()
                        .forEach((name, value) -> shown.put(
                                name, Credentials.isSecret(resource.type(), name) ? Credentials.HIDDEN : value));
                configs.put(resource.type() + " " + resource.name(), shown);
            }
        });
        return configs;
    }

    static List<PastMetadata.Node> brokers(MetadataImage image) {
        return sorted(image.cluster().brokers().values().stream()
                .map(PastMetadataViews::node)
                .toList());
    }

    static List<PastMetadata.Node> controllers(MetadataImage image) {
        return sorted(image.cluster().controllers().values().stream()
                .map(PastMetadataViews::node)
                .toList());
    }

    static PastMetadata.Totals totals(MetadataImage image) {
        return new PastMetadata.Totals(
                image.acls().acls().size(),
                image.clientQuotas().entities().size(),
                scramUsers(image.scram()),
                image.delegationTokens().tokens().size());
    }

    private static int scramUsers(ScramImage scram) {
        return (int) scram.mechanisms().values().stream()
                .flatMap(users -> users.keySet().stream())
                .distinct()
                .count();
    }

    private static PastMetadata.Node node(BrokerRegistration broker) {
        return new PastMetadata.Node(
                broker.id(),
                broker.epoch(),
                broker.incarnationId(),
                broker.fenced(),
                broker.inControlledShutdown(),
                listeners(broker.listeners().values()),
                broker.directories());
    }

    private static PastMetadata.Node node(ControllerRegistration controller) {
        return new PastMetadata.Node(
                controller.id(),
                NO_EPOCH,
                controller.incarnationId(),
                false,
                false,
                listeners(controller.listeners().values()),
                List.of());
    }

    private static List<String> listeners(Collection<Endpoint> endpoints) {
        return endpoints.stream()
                .map(endpoint -> "%s://%s:%d".formatted(endpoint.listener(), endpoint.host(), endpoint.port()))
                .sorted()
                .toList();
    }

    private static List<PastMetadata.Node> sorted(List<PastMetadata.Node> nodes) {
        var sorted = new ArrayList<>(nodes);
        sorted.sort(Comparator.comparingInt(PastMetadata.Node::id));
        return sorted;
    }
}
