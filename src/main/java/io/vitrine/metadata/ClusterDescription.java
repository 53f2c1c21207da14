package io.vitrine.metadata;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DescribeClientQuotasRequestData;
import org.apache.kafka.common.message.DescribeClientQuotasResponseData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsRequestData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsResponseData;
import org.apache.kafka.metadata.BrokerRegistration;
import org.apache.kafka.metadata.PartitionRegistration;

/// What the metadata log says of the cluster beside topics: its quorum, brokers that were registered before, and what
/// is kept for users and clients and not looked at by this broker.
public final class ClusterDescription {
    private final MetadataWriter writer;
    private final MetadataSettings settings;
    private final LogDirectories directories;

    ClusterDescription(MetadataWriter writer, MetadataSettings settings, LogDirectories directories) {
        this.writer = writer;
        this.settings = settings;
        this.directories = directories;
    }

    /// The id of one of the log directories, as its `meta.properties` has it; empty for any other directory.
    public Optional<Uuid> findDirectoryId(Path logDir) {
        return Optional.ofNullable(directories.directoryIds().get(logDir));
    }

    public QuorumState quorum() {
        var image = writer.image();
        var directoryId = directories.directoryIds().getOrDefault(settings.metadataLogDir(), Uuid.ZERO_UUID);
        return new QuorumState(image.nodeId(), image.controllerEpoch(), image.endOffset(), directoryId);
    }

    /// The brokers that are registered beside this one, by id.
    public List<RegisteredBroker> otherBrokers() {
        return writer.newestKafkaImage().cluster().brokers().values().stream()
                .filter(broker -> broker.id() != settings.nodeId())
                .map(ClusterDescription::describe)
                .sorted(Comparator.comparingInt(RegisteredBroker::id))
                .toList();
    }

    /// Forgets a broker that will not come back.
    ///
    /// @throws IOException if it could not be written; the broker is registered as before
    public UnregisterOutcome unregister(int brokerId) throws IOException {
        return writer.change(_ -> {
            if (brokerId == settings.nodeId()) {
                return new UnregisterOutcome.Running();
            }
            var image = writer.kafkaImage();
            if (image.cluster().broker(brokerId) == null) {
                return new UnregisterOutcome.NotRegistered();
            }
            long inUse = image.topics().topicsById().values().stream()
                    .flatMap(topic -> topic.partitions().values().stream())
                    .filter(partition -> needs(partition, brokerId))
                    .count();
            if (inUse > 0) {
                return new UnregisterOutcome.InUse(Math.toIntExact(inUse));
            }
            writer.write(List.of(MetadataRecords.unregister(
                    brokerId, image.cluster().broker(brokerId).epoch())));
            return new UnregisterOutcome.Unregistered();
        });
    }

    /// The quotas that are kept. Kafka's image answers, so that the answer is Kafka's.
    ///
    /// @throws org.apache.kafka.common.errors.ApiException if the request makes no sense
    public DescribeClientQuotasResponseData describe(DescribeClientQuotasRequestData request) {
        return writer.newestKafkaImage().clientQuotas().describe(request);
    }

    /// The credentials that are kept, without their secrets; as above.
    public DescribeUserScramCredentialsResponseData describe(DescribeUserScramCredentialsRequestData request) {
        return writer.newestKafkaImage().scram().describe(request);
    }

    private static boolean needs(PartitionRegistration partition, int brokerId) {
        return partition.leader == brokerId || Arrays.stream(partition.isr).anyMatch(replica -> replica == brokerId);
    }

    private static RegisteredBroker describe(BrokerRegistration broker) {
        var endpoints = new TreeMap<String, RegisteredBroker.Endpoint>();
        broker.listeners()
                .forEach((name, endpoint) ->
                        endpoints.put(name, new RegisteredBroker.Endpoint(endpoint.host(), endpoint.port())));
        return new RegisteredBroker(broker.id(), broker.rack(), endpoints);
    }
}
