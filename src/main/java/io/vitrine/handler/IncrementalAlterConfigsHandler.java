package io.vitrine.handler;

import io.vitrine.metadata.ConfigChanges;
import io.vitrine.metadata.ConfigEdit;
import io.vitrine.metadata.ConfigWish;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.VersionRange;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.ApiKeys;

/// Sets and deletes single configs, adds words to lists and takes them away. Loggers are changed at once, and not
/// written down; all others are on disk when they are answered.
public final class IncrementalAlterConfigsHandler implements RequestHandler<IncrementalAlterConfigsRequestData> {
    private static final ConfigEdit.Kind[] KINDS = {
        ConfigEdit.Kind.SET, ConfigEdit.Kind.DELETE, ConfigEdit.Kind.APPEND, ConfigEdit.Kind.SUBTRACT
    };

    private final ConfigChanges changes;
    private final LoggerChanges loggers;
    private final BlockingAnswer blocking;

    /// @param mayBlock runs what writes the metadata log
    public IncrementalAlterConfigsHandler(ConfigChanges changes, LoggerChanges loggers, Executor mayBlock) {
        this.changes = changes;
        this.loggers = loggers;
        this.blocking = new BlockingAnswer(mayBlock);
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.INCREMENTAL_ALTER_CONFIGS;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 1);
    }

    @Override
    public CompletionStage<Answer> handle(Request<IncrementalAlterConfigsRequestData> request) {
        return blocking.to(request, () -> alter(request), () -> storageFailed(request.message()));
    }

    private IncrementalAlterConfigsResponseData alter(Request<IncrementalAlterConfigsRequestData> request)
            throws IOException {
        var message = request.message();
        var parts = message.resources().stream()
                .map(resource -> part(resource, message.validateOnly()))
                .toList();
        var answers = ConfigChangeAnswers.apply(changes, parts, message.validateOnly())
                .iterator();
        var response = new IncrementalAlterConfigsResponseData();
        for (var resource : message.resources()) {
            var answer = answers.next();
            answer.note(request, resource.resourceName());
            response.responses().add(response(resource, answer));
        }
        return response;
    }

    /// Kafka's controller fails over an operation that it does not know.
    private ConfigChangeAnswers.Part part(AlterConfigsResource resource, boolean validateOnly) {
        var type = ConfigResource.Type.forId(resource.resourceType());
        if (type == ConfigResource.Type.UNKNOWN) {
            return ConfigChangeAnswers.unknownType(resource.resourceType());
        }
        boolean ofLogger = type == ConfigResource.Type.BROKER_LOGGER;
        var unknown = resource.configs().stream()
                .map(AlterableConfig::configOperation)
                .filter(operation -> operation < 0 || operation >= KINDS.length)
                .findFirst();
        if (unknown.isPresent()) {
            return ConfigChangeAnswers.refused(
                    ofLogger
                            ? "Unknown operation type %d is not allowed for the BROKER_LOGGER resource"
                                    .formatted(unknown.get())
                            : "Unknown operations type " + unknown.get());
        }
        return ofLogger
                ? new ConfigChangeAnswers.Part.Answered(
                        loggers.apply(resource.resourceName(), edits(resource), validateOnly))
                : new ConfigChangeAnswers.Part.Change(
                        new ConfigWish(new ConfigResource(type, resource.resourceName()), edits(resource), false));
    }

    private static List<ConfigEdit> edits(AlterConfigsResource resource) {
        return resource.configs().stream()
                .map(config -> new ConfigEdit(config.name(), KINDS[config.configOperation()], config.value()))
                .toList();
    }

    private static IncrementalAlterConfigsResponseData storageFailed(IncrementalAlterConfigsRequestData message) {
        var response = new IncrementalAlterConfigsResponseData();
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
