package io.vitrine.handler;

import io.vitrine.metadata.ConfigChanges;
import io.vitrine.metadata.ConfigEdit;
import io.vitrine.metadata.ConfigWish;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.VersionRange;
import java.io.IOException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.AlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.ApiKeys;

/// Replaces everything that is set for something. Clients since 2.3 change single configs instead, see
/// [IncrementalAlterConfigsHandler].
public final class AlterConfigsHandler implements RequestHandler<AlterConfigsRequestData> {
    private final ConfigChanges changes;
    private final BlockingAnswer blocking;

    /// @param mayBlock runs what writes the metadata log
    public AlterConfigsHandler(ConfigChanges changes, Executor mayBlock) {
        this.changes = changes;
        this.blocking = new BlockingAnswer(mayBlock);
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.ALTER_CONFIGS;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 2);
    }

    @Override
    public CompletionStage<Answer> handle(Request<AlterConfigsRequestData> request) {
        return blocking.to(request, () -> alter(request), () -> storageFailed(request.message()));
    }

    private AlterConfigsResponseData alter(Request<AlterConfigsRequestData> request) throws IOException {
        var resources = request.message().resources();
        var parts = resources.stream().map(AlterConfigsHandler::part).toList();
        var answers = ConfigChangeAnswers.apply(
                        changes, parts, request.message().validateOnly())
                .iterator();
        var response = new AlterConfigsResponseData();
        for (var resource : resources) {
            var answer = answers.next();
            answer.note(request, resource.resourceName());
            response.responses().add(response(resource, answer));
        }
        return response;
    }

    private static ConfigChangeAnswers.Part part(AlterConfigsResource resource) {
        var type = ConfigResource.Type.forId(resource.resourceType());
        return type == ConfigResource.Type.UNKNOWN
                ? ConfigChangeAnswers.unknownType(resource.resourceType())
                : new ConfigChangeAnswers.Part.Change(wish(resource, type));
    }

    private static ConfigWish wish(AlterConfigsResource resource, ConfigResource.Type type) {
        return new ConfigWish(
                new ConfigResource(type, resource.resourceName()),
                resource.configs().stream()
                        .map(config -> new ConfigEdit(config.name(), ConfigEdit.Kind.SET, config.value()))
                        .toList(),
                true);
    }

    private static AlterConfigsResponseData storageFailed(AlterConfigsRequestData message) {
        var response = new AlterConfigsResponseData();
        message.resources()
                .forEach(resource -> response.responses().add(response(resource, ConfigChangeAnswers.storageFailed())));
        return response;
    }

    private static AlterConfigsResourceResponse response(AlterConfigsResource resource, ConfigChangeAnswers answer) {
        return new AlterConfigsResourceResponse()
                .setResourceType(resource.resourceType())
                .setResourceName(resource.resourceName())
                .setErrorCode(answer.error().code())
                .setErrorMessage(answer.message());
    }
}
