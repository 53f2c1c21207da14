package io.vitrine.metadata;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.metadata.AbortTransactionRecord;
import org.apache.kafka.common.metadata.ConfigRecord;
import org.apache.kafka.common.metadata.PartitionChangeRecord;
import org.apache.kafka.common.metadata.PartitionRecord;
import org.apache.kafka.common.metadata.ProducerIdsRecord;
import org.apache.kafka.common.metadata.RemoveTopicRecord;
import org.apache.kafka.common.metadata.TopicRecord;
import org.apache.kafka.common.metadata.UnregisterBrokerRecord;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.image.ConfigurationsImage;
import org.apache.kafka.metadata.LeaderConstants;
import org.apache.kafka.metadata.MetadataRecordSerde;
import org.apache.kafka.metadata.PartitionRegistration;
import org.apache.kafka.metadata.bootstrap.BootstrapMetadata;
import org.apache.kafka.server.common.ApiMessageAndVersion;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.KRaftVersion;
import org.apache.kafka.server.common.MetadataVersion;

/// Builds the records this node writes, as Kafka's controller would, and the batches that carry them.
final class MetadataRecords {
    private static final short VERSION_0 = 0;
    private static final short FIRST_VERSION_WITH_DIRECTORIES = 1;
    private static final String MIN_IN_SYNC_REPLICAS = "min.insync.replicas";

    private MetadataRecords() {}

    /// One batch for the end of the log.
    static ByteBuffer batch(long baseOffset, int leaderEpoch, long timestampMs, List<ApiMessageAndVersion> messages) {
        var cache = new ObjectSerializationCache();
        var records = new SimpleRecord[messages.size()];
        for (int i = 0; i < records.length; i++) {
            var message = messages.get(i);
            var value = ByteBuffer.allocate(MetadataRecordSerde.INSTANCE.recordSize(message, cache));
            MetadataRecordSerde.INSTANCE.write(message, cache, new ByteBufferAccessor(value));
            records[i] = new SimpleRecord(timestampMs, null, value.array());
        }
        return MemoryRecords.withRecords(baseOffset, Compression.NONE, leaderEpoch, records)
                .buffer();
    }

    /// The features a new cluster finalizes: what Apache Kafka of this version would choose.
    static BootstrapMetadata newClusterFeatures() {
        var metadataVersion = MetadataVersion.latestProduction();
        var levels = new HashMap<String, Short>();
        for (var feature : Feature.PRODUCTION_FEATURES) {
            short level = feature.defaultLevel(metadataVersion);
            // The quorum's own version is a control record of a checkpoint, not a feature record.
            if (level > 0 && !feature.featureName().equals(KRaftVersion.FEATURE_NAME)) {
                levels.put(feature.featureName(), level);
            }
        }
        return BootstrapMetadata.fromVersions(metadataVersion, levels, "a new directory");
    }

    /// What Kafka's controller writes beside the features where eligible leader replicas are on: with them, the
    /// least number of replicas must be set for the whole cluster.
    static ApiMessageAndVersion leastInSyncReplicas() {
        var config = new ConfigRecord()
                .setResourceType(ConfigResource.Type.BROKER.id())
                .setResourceName("")
                .setName(MIN_IN_SYNC_REPLICAS)
                .setValue("1");
        return new ApiMessageAndVersion(config, VERSION_0);
    }

    /// What Kafka's controller writes when eligible leader replicas are switched on: the least number of replicas holds
    /// for the whole cluster then, and no broker has its own.
    static List<ApiMessageAndVersion> leastInSyncReplicasFor(ConfigurationsImage configs) {
        var records = new ArrayList<ApiMessageAndVersion>();
        if (!configs.configMapForResource(new ConfigResource(ConfigResource.Type.BROKER, ""))
                .containsKey(MIN_IN_SYNC_REPLICAS)) {
            records.add(leastInSyncReplicas());
        }
        configs.resourceData().forEach((resource, config) -> {
            if (resource.type() == ConfigResource.Type.BROKER
                    && !resource.name().isEmpty()
                    && config.toMap().containsKey(MIN_IN_SYNC_REPLICAS)) {
                var record = new ConfigRecord()
                        .setResourceType(ConfigResource.Type.BROKER.id())
                        .setResourceName(resource.name())
                        .setName(MIN_IN_SYNC_REPLICAS)
                        .setValue(null);
                records.add(new ApiMessageAndVersion(record, VERSION_0));
            }
        });
        return records;
    }

    static ApiMessageAndVersion abortTransaction(String reason) {
        return new ApiMessageAndVersion(new AbortTransactionRecord().setReason(reason), VERSION_0);
    }

    /// A topic whose partitions are all like `template`, in the given version of their record.
    static List<ApiMessageAndVersion> newTopic(
            TopicRecord topic, int partitions, Map<String, String> configs, PartitionRecord template, short version) {
        var records = new ArrayList<ApiMessageAndVersion>();
        records.add(new ApiMessageAndVersion(topic, VERSION_0));
        configs.forEach((name, value) -> {
            var config = new ConfigRecord()
                    .setResourceType(ConfigResource.Type.TOPIC.id())
                    .setResourceName(topic.name())
                    .setName(name)
                    .setValue(value);
            records.add(new ApiMessageAndVersion(config, VERSION_0));
        });
        for (int index = 0; index < partitions; index++) {
            records.add(newPartition(topic.topicId(), index, template, version));
        }
        return records;
    }

    /// A partition like `template`, in the given version of its record.
    static ApiMessageAndVersion newPartition(Uuid topicId, int index, PartitionRecord template, short version) {
        return new ApiMessageAndVersion(template.duplicate().setTopicId(topicId).setPartitionId(index), version);
    }

    /// The end of a topic, of its partitions and of its configs.
    static ApiMessageAndVersion removedTopic(Uuid topicId) {
        return new ApiMessageAndVersion(new RemoveTopicRecord().setTopicId(topicId), VERSION_0);
    }

    /// A partition whose only replica is this node.
    ///
    /// @param directoryId where it will lie, or Kafka's id for "not decided"
    static PartitionRecord singleReplica(int nodeId, Uuid directoryId) {
        return new PartitionRecord()
                .setReplicas(List.of(nodeId))
                .setIsr(List.of(nodeId))
                .setLeader(nodeId)
                .setLeaderEpoch(0)
                .setPartitionEpoch(0)
                .setDirectories(List.of(directoryId));
    }

    /// This node becomes leader and the only replica in sync.
    static ApiMessageAndVersion claim(
            Uuid topicId, int partition, PartitionRegistration former, int nodeId, short version) {
        var change = new PartitionChangeRecord()
                .setTopicId(topicId)
                .setPartitionId(partition)
                .setLeader(nodeId)
                .setIsr(List.of(nodeId));
        if (former.elr.length > 0) {
            change.setEligibleLeaderReplicas(List.of());
        }
        if (former.lastKnownElr.length > 0) {
            change.setLastKnownElr(List.of());
        }
        return new ApiMessageAndVersion(change, version);
    }

    /// This node, which is in sync, becomes the only replica and leads; a change that was under way has ended.
    static ApiMessageAndVersion onlyReplica(
            Uuid topicId, int partition, PartitionRegistration former, int nodeId, short version) {
        var record = claim(topicId, partition, former, nodeId, version);
        var change = (PartitionChangeRecord) record.message();
        if (former.leader == nodeId) {
            change.setLeader(LeaderConstants.NO_LEADER_CHANGE);
        }
        change.setReplicas(List.of(nodeId)).setAddingReplicas(List.of()).setRemovingReplicas(List.of());
        if (version >= FIRST_VERSION_WITH_DIRECTORIES) {
            change.setDirectories(List.of(former.directory(nodeId)));
        }
        return record;
    }

    static ApiMessageAndVersion unregister(int brokerId, long brokerEpoch) {
        var record = new UnregisterBrokerRecord().setBrokerId(brokerId).setBrokerEpoch(brokerEpoch);
        return new ApiMessageAndVersion(record, VERSION_0);
    }

    static ApiMessageAndVersion producerIds(int nodeId, long brokerEpoch, long nextProducerId) {
        var record = new ProducerIdsRecord()
                .setBrokerId(nodeId)
                .setBrokerEpoch(brokerEpoch)
                .setNextProducerId(nextProducerId);
        return new ApiMessageAndVersion(record, VERSION_0);
    }
}
