package io.vitrine.handler;

import io.vitrine.metadata.ClusterImage;
import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.Topic;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.Subject;
import io.vitrine.protocol.VersionRange;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.ListConfigResourcesRequestData;
import org.apache.kafka.common.message.ListConfigResourcesResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/// Lists what has configs: topics and this broker always, groups and subscriptions to metrics if something is set for
/// them.
public final class ListConfigResourcesHandler implements RequestHandler<ListConfigResourcesRequestData> {
    private static final List<ConfigResource.Type> ALL = List.of(
            ConfigResource.Type.TOPIC,
            ConfigResource.Type.BROKER,
            ConfigResource.Type.BROKER_LOGGER,
            ConfigResource.Type.CLIENT_METRICS,
            ConfigResource.Type.GROUP);

    private final MetadataService metadata;

    public ListConfigResourcesHandler(MetadataService metadata) {
        this.metadata = metadata;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.LIST_CONFIG_RESOURCES;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 1);
    }

    @Override
    public CompletionStage<Answer> handle(Request<ListConfigResourcesRequestData> request) {
        return CompletableFuture.completedFuture(new Answer.Message(list(request)));
    }

    private ListConfigResourcesResponseData list(Request<ListConfigResourcesRequestData> request) {
        var response = new ListConfigResourcesResponseData();
        var types = wanted(request);
        if (types.contains(ConfigResource.Type.UNKNOWN)) {
            request.noteRefusal(
                    Subject.whole(),
                    Errors.UNSUPPORTED_VERSION,
                    "RESOURCE_TYPE",
                    "expected types of resources that have configs");
            return response.setErrorCode(Errors.UNSUPPORTED_VERSION.code());
        }
        var image = metadata.image();
        for (var type : types) {
            for (var name : names(type, image)) {
                response.configResources()
                        .add(new ListConfigResourcesResponseData.ConfigResource()
                                .setResourceType(type.id())
                                .setResourceName(name));
            }
        }
        return response;
    }

    /// Version 0 only knows subscriptions to metrics.
    private static Collection<ConfigResource.Type> wanted(Request<ListConfigResourcesRequestData> request) {
        if (request.version() == 0) {
            return List.of(ConfigResource.Type.CLIENT_METRICS);
        }
        var asked = request.message().resourceTypes();
        return asked.isEmpty()
                ? ALL
                : asked.stream().map(ConfigResource.Type::forId).distinct().toList();
    }

    private static Collection<String> names(ConfigResource.Type type, ClusterImage image) {
        return switch (type) {
            case TOPIC -> image.topics().stream().map(Topic::name).toList();
            case BROKER, BROKER_LOGGER -> List.of(String.valueOf(image.nodeId()));
            case CLIENT_METRICS, GROUP -> {
                var names = new TreeSet<String>();
                image.configured().stream()
                        .filter(resource -> resource.type() == type)
                        .forEach(resource -> names.add(resource.name()));
                yield names;
            }
            case UNKNOWN -> List.of();
        };
    }
}
