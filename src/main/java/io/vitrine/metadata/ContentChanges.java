package io.vitrine.metadata;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.metadata.ConfigRecord;
import org.apache.kafka.common.metadata.PartitionRecord;
import org.apache.kafka.common.metadata.RemoveTopicRecord;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.server.common.ApiMessageAndVersion;
import org.apache.kafka.server.common.EligibleLeaderReplicasVersion;

/// Changes all topics and all dynamic configs at once. Thread-safe; waits for the disk.
public final class ContentChanges {
    /// So many records of partitions come to about 5 MiB; Kafka's quorum accepts a batch of 8 MiB.
    private static final int MAX_RECORDS = 50_000;

    private static final short VERSION_0 = 0;

    private final MetadataWriter writer;
    private final int nodeId;

    ContentChanges(MetadataWriter writer, int nodeId) {
        this.writer = writer;
        this.nodeId = nodeId;
    }

    /// Something that is done while nothing changes.
    public interface Task<T> {
        T run(Contents contents) throws IOException;
    }

    /// Something that is done right before a change is written, or never is.
    public interface Preparation {
        /// Called once, under the lock of changes.
        ///
        /// @param offset of the change in the log: once the log reaches behind it, the change is made
        void prepare(long offset) throws IOException;
    }

    /// Keeps topics and configs as they are while `task` runs.
    public <T> T whileUnchanged(Task<T> task) throws IOException {
        return writer.change(_ -> task.run(Contents.of(writer.kafkaImage())));
    }

    /// Leaves what a newly formatted cluster has.
    ///
    /// @return the topics that were there
    public List<Topic> clear() throws IOException {
        return writer.change(current -> {
            var former = List.copyOf(current.topics());
            var records = removals(writer.kafkaImage());
            for (int from = 0; from < records.size(); from += MAX_RECORDS) {
                writer.write(records.subList(from, Math.min(from + MAX_RECORDS, records.size())));
            }
            return former;
        });
    }

    /// Puts topics and configs, with the same ids, in the place of all there are, as one batch. The leader epoch of
    /// every partition is greater than any that a client can have seen, so that each looks where its log ends now.
    ///
    /// @param directory the id of the log directory in which the partitions will lie
    /// @throws IllegalArgumentException if that is more than one batch can hold
    /// @throws IOException if it could not be written; everything is as before then
    public void replaceBy(Contents contents, Uuid directory, Preparation preparation) throws IOException {
        writer.change(_ -> {
            writer.makeReady();
            var records = new ArrayList<>(removals(writer.kafkaImage()));
            long offset = writer.extent().endOffset();
            // Each leader epoch was begun by a record of its own, so none is greater than the number of records.
            int epoch = Math.max(Math.toIntExact(offset), greatestEpoch(writer.kafkaImage(), contents.image()) + 1);
            for (var record : contents.records(writer.metadataVersion())) {
                records.add(
                        record.message() instanceof PartitionRecord partition
                                ? lead(partition, record, epoch, directory)
                                : record);
            }
            if (records.size() > MAX_RECORDS) {
                throw new IllegalArgumentException("%d records are more than the %d that are written at once"
                        .formatted(records.size(), MAX_RECORDS));
            }
            preparation.prepare(offset);
            if (!records.isEmpty()) {
                writer.write(records);
            }
            return true;
        });
    }

    private ApiMessageAndVersion lead(
            PartitionRecord partition, ApiMessageAndVersion record, int epoch, Uuid directory) {
        if (!partition.replicas().contains(nodeId)) {
            return record;
        }
        var led = partition
                .duplicate()
                .setReplicas(List.of(nodeId))
                .setIsr(List.of(nodeId))
                .setRemovingReplicas(List.of())
                .setAddingReplicas(List.of())
                .setEligibleLeaderReplicas(null)
                .setLastKnownElr(null)
                .setLeader(nodeId)
                .setLeaderEpoch(epoch)
                .setPartitionEpoch(epoch)
                .setDirectories(List.of(directory));
        return new ApiMessageAndVersion(led, record.version());
    }

    private static int greatestEpoch(MetadataImage... images) {
        int greatest = 0;
        for (var image : images) {
            for (var topic : image.topics().topicsById().values()) {
                for (var partition : topic.partitions().values()) {
                    greatest = Math.max(greatest, Math.max(partition.leaderEpoch, partition.partitionEpoch));
                }
            }
        }
        return greatest;
    }

    /// What takes away all topics, with their configs, and all other configs but the one that Kafka's controller sets
    /// when a cluster is formatted.
    private static List<ApiMessageAndVersion> removals(MetadataImage image) {
        var records = new ArrayList<ApiMessageAndVersion>();
        image.topics()
                .topicsById()
                .keySet()
                .forEach(
                        id -> records.add(new ApiMessageAndVersion(new RemoveTopicRecord().setTopicId(id), VERSION_0)));
        boolean needsLeast =
                image.features().finalizedVersions().getOrDefault(EligibleLeaderReplicasVersion.FEATURE_NAME, VERSION_0)
                        > 0;
        var least = (ConfigRecord) MetadataRecords.leastInSyncReplicas().message();
        image.configs().resourceData().forEach((resource, configs) -> {
            boolean goesWithItsTopic = resource.type() == ConfigResource.Type.TOPIC
                    && image.topics().getTopic(resource.name()) != null;
            if (!goesWithItsTopic) {
                records.addAll(unset(resource, configs.toMap()));
            }
        });
        if (needsLeast) {
            records.add(new ApiMessageAndVersion(least, VERSION_0));
        }
        return records;
    }

    private static List<ApiMessageAndVersion> unset(ConfigResource resource, Map<String, String> configs) {
        return configs.keySet().stream()
                .map(name -> new ConfigRecord()
                        .setResourceType(resource.type().id())
                        .setResourceName(resource.name())
                        .setName(name)
                        .setValue(null))
                .map(record -> new ApiMessageAndVersion(record, VERSION_0))
                .toList();
    }
}
