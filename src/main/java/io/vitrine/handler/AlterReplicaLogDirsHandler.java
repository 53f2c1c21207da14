package io.vitrine.handler;

import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.Partition;
import io.vitrine.partition.PartitionLogService;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.Subject;
import io.vitrine.protocol.VersionRange;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData.AlterReplicaLogDirPartitionResult;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData.AlterReplicaLogDirTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/// Answers the wish for a replica to lie in a certain log directory. Nothing is moved here: where it lies already, all
/// is well, and elsewhere the wish is refused.
public final class AlterReplicaLogDirsHandler implements RequestHandler<AlterReplicaLogDirsRequestData> {
    private final PartitionLogService partitions;
    private final Set<String> directories;

    public AlterReplicaLogDirsHandler(PartitionLogService partitions) {
        this.partitions = partitions;
        this.directories = partitions.directories().stream()
                .map(ReplicaDirectories::pathOf)
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.ALTER_REPLICA_LOG_DIRS;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(1, 2);
    }

    @Override
    public CompletionStage<Answer> handle(Request<AlterReplicaLogDirsRequestData> request) {
        var response = new AlterReplicaLogDirsResponseData();
        wishes(request.message()).forEach((topic, wishes) -> {
            var result = new AlterReplicaLogDirTopicResult().setTopicName(topic);
            wishes.forEach((index, path) -> result.partitions()
                    .add(new AlterReplicaLogDirPartitionResult()
                            .setPartitionIndex(index)
                            .setErrorCode(judge(request, topic, index, path).code())));
            response.results().add(result);
        });
        return CompletableFuture.completedFuture(new Answer.Message(response));
    }

    /// The path for each partition, by topic; of a partition that is named again the last one counts, as in Kafka.
    private static Map<String, Map<Integer, String>> wishes(AlterReplicaLogDirsRequestData message) {
        var wishes = new LinkedHashMap<String, Map<Integer, String>>();
        for (var directory : message.dirs()) {
            for (var topic : directory.topics()) {
                var ofTopic = wishes.computeIfAbsent(topic.name(), _ -> new LinkedHashMap<>());
                topic.partitions().forEach(index -> ofTopic.put(index, directory.path()));
            }
        }
        return wishes;
    }

    private Errors judge(Request<AlterReplicaLogDirsRequestData> request, String topic, int index, String path) {
        var subject = Subject.partition(topic, index);
        if (!directories.contains(path)) {
            request.noteRefusal(
                    subject,
                    Errors.LOG_DIR_NOT_FOUND,
                    "UNKNOWN_DIRECTORY",
                    "'%s' is none of %s".formatted(path, directories));
            return Errors.LOG_DIR_NOT_FOUND;
        }
        Optional<Partition> partition =
                index < 0 ? Optional.empty() : partitions.find(new TopicPartition(topic, index));
        if (partition.isEmpty()) {
            request.noteRefusal(
                    subject, Errors.UNKNOWN_TOPIC_OR_PARTITION, "NOT_HOSTED", "there is no such partition here");
            return Errors.UNKNOWN_TOPIC_OR_PARTITION;
        }
        var present = ReplicaDirectories.pathOf(partition.get().logDirectory());
        if (!present.equals(path)) {
            request.noteRefusal(
                    subject,
                    Errors.INVALID_REQUEST,
                    "NOT_MOVED",
                    "it lies in %s; replicas are not moved between log directories".formatted(present));
            return Errors.INVALID_REQUEST;
        }
        return Errors.NONE;
    }
}
