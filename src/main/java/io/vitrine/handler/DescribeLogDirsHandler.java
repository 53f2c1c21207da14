package io.vitrine.handler;

import io.vitrine.log.LogDirectory;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.Partition;
import io.vitrine.partition.PartitionLogService;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.Subject;
import io.vitrine.protocol.VersionRange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsPartition;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsResult;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells what lies in the log directories, and how much room there is on their disks. No directory is ever cordoned,
/// and no replica on its way to another one.
public final class DescribeLogDirsHandler implements RequestHandler<DescribeLogDirsRequestData> {
    private static final Logger log = LoggerFactory.getLogger(DescribeLogDirsHandler.class);

    private final PartitionLogService partitions;
    private final BlockingAnswer blocking;

    /// @param mayBlock runs what looks at the disks
    public DescribeLogDirsHandler(PartitionLogService partitions, Executor mayBlock) {
        this.partitions = partitions;
        this.blocking = new BlockingAnswer(mayBlock);
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.DESCRIBE_LOG_DIRS;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(1, 5);
    }

    @Override
    public CompletionStage<Answer> handle(Request<DescribeLogDirsRequestData> request) {
        return blocking.to(
                request,
                () -> {
                    var wished = wished(request.message());
                    return new DescribeLogDirsResponseData()
                            .setResults(partitions.directories().stream()
                                    .map(directory -> describe(request, directory, wished))
                                    .toList());
                },
                () -> new DescribeLogDirsResponseData().setErrorCode(Errors.KAFKA_STORAGE_ERROR.code()));
    }

    private record Name(String topic, int partition) {}

    /// The partitions asked for; null for all. A topic without partitions asks for nothing.
    private static @Nullable Set<Name> wished(DescribeLogDirsRequestData message) {
        if (message.topics() == null) {
            return null;
        }
        var wished = new HashSet<Name>();
        message.topics()
                .forEach(topic -> topic.partitions().forEach(index -> wished.add(new Name(topic.topic(), index))));
        return wished;
    }

    private DescribeLogDirsResult describe(
            Request<DescribeLogDirsRequestData> request, LogDirectory directory, @Nullable Set<Name> wished) {
        var path = ReplicaDirectories.pathOf(directory);
        try {
            return new DescribeLogDirsResult()
                    .setLogDir(path)
                    .setTotalBytes(directory.totalBytes())
                    .setUsableBytes(directory.usableBytes())
                    .setTopics(topics(directory, wished));
        } catch (IOException e) {
            log.warn("{} can't be looked at", path, e);
            request.noteRefusal(Subject.other(path), Errors.KAFKA_STORAGE_ERROR, "STORAGE", String.valueOf(e));
            return new DescribeLogDirsResult().setLogDir(path).setErrorCode(Errors.KAFKA_STORAGE_ERROR.code());
        }
    }

    /// By name. Of a log that could not be opened nothing can be told.
    private List<DescribeLogDirsTopic> topics(LogDirectory directory, @Nullable Set<Name> wished) {
        var byTopic = new TreeMap<String, List<DescribeLogDirsPartition>>();
        partitions.partitions().stream()
                .filter(partition -> partition.logDirectory() == directory
                        && partition.findOffsets().isPresent()
                        && isWished(partition.name(), wished))
                .sorted(Comparator.comparingInt(partition -> partition.name().partition()))
                .forEach(partition -> byTopic.computeIfAbsent(partition.name().topic(), _ -> new ArrayList<>())
                        .add(describe(partition)));
        var topics = new ArrayList<DescribeLogDirsTopic>();
        byTopic.forEach((name, described) ->
                topics.add(new DescribeLogDirsTopic().setName(name).setPartitions(described)));
        return topics;
    }

    private static boolean isWished(TopicPartition name, @Nullable Set<Name> wished) {
        return wished == null || wished.contains(new Name(name.topic(), name.partition()));
    }

    private static DescribeLogDirsPartition describe(Partition partition) {
        return new DescribeLogDirsPartition()
                .setPartitionIndex(partition.name().partition())
                .setPartitionSize(partition.sizeInBytes());
    }
}
