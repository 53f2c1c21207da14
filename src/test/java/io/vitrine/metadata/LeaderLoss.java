package io.vitrine.metadata;

import io.vitrine.RunningBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.kafka.common.metadata.PartitionChangeRecord;

/// Has a partition lose its leader while no broker runs, as Apache Kafka leaves partitions when it is stopped. The
/// next start claims it, so its leader epoch is then two higher.
public final class LeaderLoss {
    private LeaderLoss() {}

    /// Closes `broker`, whose data is in `directory`, and writes the loss behind its metadata log.
    public static void closeAndLose(RunningBroker broker, Path directory, TopicPartition partition) throws IOException {
        var metadata = broker.broker().metadata();
        var topic = metadata.image().findTopic(partition.topic()).orElseThrow();
        var change = new PartitionChangeRecord()
                .setTopicId(topic.id())
                .setPartitionId(partition.partition())
                .setLeader(TopicPartitionState.NO_LEADER);
        var loss = LogBytes.from(metadata.logEndOffset())
                .epoch(metadata.image().controllerEpoch())
                .batch(LogBytes.record(change, 0));
        broker.close();
        Files.write(
                directory.resolve("__cluster_metadata-0").resolve(LogBytes.SEGMENT),
                loss.toByteArray(),
                StandardOpenOption.APPEND);
    }
}
