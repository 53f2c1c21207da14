package io.vitrine.group;

import io.vitrine.metadata.CreateTopicOutcome;
import io.vitrine.metadata.MetadataService;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData.Status;
import org.apache.kafka.common.requests.StreamsGroupHeartbeatResponse;
import org.apache.kafka.coordinator.group.streams.StreamsGroupHeartbeatResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The topics that streams groups keep their repartitioned records and the changes of their stores in. The
/// coordinator says with a member's heartbeat which of them are missing; they are made before it is answered.
final class InternalTopics {
    private static final Logger log = LoggerFactory.getLogger(InternalTopics.class);

    private final MetadataService metadata;
    private final Executor mayBlock;

    /// @param mayBlock runs what writes the metadata log
    InternalTopics(MetadataService metadata, Executor mayBlock) {
        this.metadata = metadata;
        this.mayBlock = mayBlock;
    }

    /// Makes the topics that are missing. Those that can't be made are told with the status of the answer, as the
    /// member can't go on without them.
    CompletableFuture<StreamsGroupHeartbeatResponseData> make(StreamsGroupHeartbeatResult result) {
        if (result.creatableTopics().isEmpty()) {
            return CompletableFuture.completedFuture(result.data());
        }
        return CompletableFuture.supplyAsync(
                () -> {
                    var failures = new TreeMap<String, String>();
                    result.creatableTopics()
                            .values()
                            .forEach(topic -> create(topic).ifPresent(why -> failures.put(topic.name(), why)));
                    if (!failures.isEmpty()) {
                        tell(result.data(), failures);
                    }
                    return result.data();
                },
                mayBlock);
    }

    /// Returns why not, if it could not be made.
    private Optional<String> create(CreatableTopic topic) {
        var configs = topic.configs().stream()
                .collect(Collectors.toMap(CreatableTopicConfig::name, CreatableTopicConfig::value));
        try {
            return switch (metadata.createTopic(topic.name(), topic.numPartitions(), configs)) {
                case CreateTopicOutcome.Created _, CreateTopicOutcome.Valid _ -> Optional.empty();
                case CreateTopicOutcome.AlreadyExists _ -> Optional.empty();
                case CreateTopicOutcome.Refused refused -> Optional.of(refused.reason());
            };
        } catch (IOException e) {
            log.error("The internal topic {} could not be made", topic.name(), e);
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static void tell(StreamsGroupHeartbeatResponseData response, Map<String, String> failures) {
        byte missing = StreamsGroupHeartbeatResponse.Status.MISSING_INTERNAL_TOPICS.code();
        var detail = failures.entrySet().stream()
                .map(failure -> "%s (%s)".formatted(failure.getKey(), failure.getValue()))
                .collect(Collectors.joining(", ", "Creation failed: ", "."));
        response.status().stream()
                .filter(status -> status.statusCode() == missing)
                .findFirst()
                .ifPresentOrElse(
                        status -> status.setStatusDetail(status.statusDetail() + "; " + detail),
                        () -> response.status()
                                .add(new Status().setStatusCode(missing).setStatusDetail(detail)));
    }
}
