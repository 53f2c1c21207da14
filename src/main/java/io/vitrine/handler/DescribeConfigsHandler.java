package io.vitrine.handler;

import io.vitrine.definition.BrokerConfigs;
import io.vitrine.definition.ClientMetricsConfigs;
import io.vitrine.definition.DescribedConfig;
import io.vitrine.definition.TopicConfigs;
import io.vitrine.group.GroupConfigs;
import io.vitrine.metadata.MetadataService;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.Subject;
import io.vitrine.protocol.VersionRange;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/// Tells what is in force for topics, brokers, groups and whatever else has configs, and where it comes from.
public final class DescribeConfigsHandler implements RequestHandler<DescribeConfigsRequestData> {
    private final MetadataService metadata;
    private final GroupConfigs groups;
    private final BrokerLoggers loggers;
    private final Executor mayBlock;

    /// @param mayBlock has Kafka's definitions loaded, which takes a while the first time
    public DescribeConfigsHandler(
            MetadataService metadata, GroupConfigs groups, BrokerLoggers loggers, Executor mayBlock) {
        this.metadata = metadata;
        this.groups = groups;
        this.loggers = loggers;
        this.mayBlock = mayBlock;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.DESCRIBE_CONFIGS;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(1, 4);
    }

    @Override
    public CompletionStage<Answer> handle(Request<DescribeConfigsRequestData> request) {
        return CompletableFuture.supplyAsync(() -> new Answer.Message(describe(request)), mayBlock);
    }

    private DescribeConfigsResponseData describe(Request<DescribeConfigsRequestData> request) {
        var message = request.message();
        boolean sound = message.resources().stream()
                .allMatch(
                        resource -> ConfigResource.Type.forId(resource.resourceType()) != ConfigResource.Type.UNKNOWN);
        var response = new DescribeConfigsResponseData();
        var writer = new DescribedConfigsWriter(
                message.includeSynonyms(),
                message.includeDocumentation(),
                request.responseBytesLeft().getAsLong());
        for (var resource : message.resources()) {
            // As Kafka has it, one resource of a type that nobody knows spoils all of them.
            var found =
                    sound ? describe(resource) : new Refused(Errors.INVALID_REQUEST, Errors.INVALID_REQUEST.message());
            var result =
                    switch (found) {
                        case Found(var configs) -> writer.write(configs, keysOf(resource));
                        case Refused(var error, var reason) -> refuse(request, resource, error, reason);
                    };
            response.results()
                    .add(result.setResourceType(resource.resourceType()).setResourceName(resource.resourceName()));
        }
        return response;
    }

    private sealed interface Outcome {}

    private record Found(List<DescribedConfig> configs) implements Outcome {}

    private record Refused(Errors error, String reason) implements Outcome {}

    private Outcome describe(DescribeConfigsResource resource) {
        var name = resource.resourceName();
        return switch (ConfigResource.Type.forId(resource.resourceType())) {
            case TOPIC -> ofTopic(name);
            case BROKER -> ofBroker(name);
            case BROKER_LOGGER -> ofLoggers(name);
            case CLIENT_METRICS ->
                name.isEmpty()
                        ? new Refused(Errors.INVALID_REQUEST, "Client metrics subscription name must not be empty")
                        : new Found(ClientMetricsConfigs.describe(metadata.image()
                                .configs(new ConfigResource(ConfigResource.Type.CLIENT_METRICS, name))));
            case GROUP ->
                name.isEmpty()
                        ? new Refused(Errors.INVALID_REQUEST, "Group name must not be empty")
                        : new Found(groups.describe(name));
            case UNKNOWN -> throw new IllegalStateException("Unknown types are refused before");
        };
    }

    private Outcome ofTopic(String name) {
        try {
            Topic.validate(name);
        } catch (InvalidTopicException e) {
            return new Refused(Errors.INVALID_TOPIC_EXCEPTION, String.valueOf(e.getMessage()));
        }
        return metadata.image()
                .findTopic(name)
                .<Outcome>map(topic -> new Found(TopicConfigs.describe(topic.configs(), metadata.brokerConfigs())))
                .orElseGet(() -> new Refused(Errors.UNKNOWN_TOPIC_OR_PARTITION, ""));
    }

    private Outcome ofBroker(String name) {
        if (name.isEmpty()) {
            return new Found(BrokerConfigs.describeForAllBrokers(metadata.brokerConfigs()));
        }
        return faultOf(name, " or empty string,")
                .<Outcome>map(fault -> new Refused(Errors.INVALID_REQUEST, fault))
                .orElseGet(() -> new Found(BrokerConfigs.describe(metadata.brokerConfigs())));
    }

    private Outcome ofLoggers(String name) {
        if (name.isEmpty()) {
            return new Refused(Errors.INVALID_REQUEST, "Broker id must not be empty");
        }
        return faultOf(name, "")
                .<Outcome>map(fault -> new Refused(Errors.INVALID_REQUEST, fault))
                .orElseGet(() -> new Found(loggers.describe()));
    }

    /// What speaks against this being the id of this broker.
    private Optional<String> faultOf(String name, String more) {
        int nodeId = metadata.image().nodeId();
        try {
            return Integer.parseInt(name) == nodeId
                    ? Optional.empty()
                    : Optional.of("Unexpected broker id, expected %d%s but received %s".formatted(nodeId, more, name));
        } catch (NumberFormatException e) {
            return Optional.of("Broker id must be an integer, but it is: " + name);
        }
    }

    private static Set<String> keysOf(DescribeConfigsResource resource) {
        return resource.configurationKeys() == null ? Set.of() : new HashSet<>(resource.configurationKeys());
    }

    private static DescribeConfigsResult refuse(
            Request<?> request, DescribeConfigsResource resource, Errors error, String reason) {
        request.noteRefusal(
                Subject.other(resource.resourceName()),
                error,
                error.name(),
                reason.isEmpty() ? error.message() : reason);
        return new DescribeConfigsResult().setErrorCode(error.code()).setErrorMessage(reason);
    }
}
