package io.vitrine.metadata;

import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metadata.ClientQuotaRecord;
import org.apache.kafka.common.metadata.ClientQuotaRecord.EntityData;
import org.apache.kafka.common.metadata.PartitionRecord;
import org.apache.kafka.common.metadata.RegisterBrokerRecord;
import org.apache.kafka.common.metadata.RegisterBrokerRecord.BrokerEndpoint;
import org.apache.kafka.common.metadata.RegisterBrokerRecord.BrokerEndpointCollection;
import org.apache.kafka.common.metadata.UserScramCredentialRecord;

/// The directory of one broker out of a cluster of four, on which this node goes on alone. Node 1 has replicas of
/// the topic `moved`, broker 4 of none:
/// ```
///   0   led by 2, in sync 2 and 3       1   led by 2, in sync 1 and 2, preferred 1
///   2   led by 2, not here at all       3   led by 1, in sync 1, being moved from 2 to 3
/// ```
final class FormerCluster {
    private static final Uuid ELSEWHERE = new Uuid(0x2000_0000_0000_4000L, 0x8000_0000_0000_0002L);

    private FormerCluster() {}

    static MetadataService open(Path directory) throws Exception {
        LogBytes.from(1)
                .batch(
                        LogBytes.feature("metadata.version", 20),
                        LogBytes.record(broker(2), 3),
                        LogBytes.record(broker(3), 3),
                        LogBytes.record(broker(4), 3),
                        LogBytes.record(quota(), 0),
                        LogBytes.record(credential(), 0))
                .batch(
                        LogBytes.topic("moved", LogBytes.TOPIC_ID),
                        LogBytes.record(partition(0, 2, List.of(2, 1, 3), List.of(2, 3)), 1),
                        LogBytes.record(partition(1, 2, List.of(1, 2, 3), List.of(1, 2)), 1),
                        LogBytes.record(partition(2, 2, List.of(2, 3), List.of(2, 3)), 1),
                        LogBytes.record(
                                partition(3, 1, List.of(1, 2, 3), List.of(1))
                                        .setAddingReplicas(List.of(3))
                                        .setRemovingReplicas(List.of(2)),
                                1))
                .writeTo(directory);
        return MetadataService.open(MetadataSettings.of(1, directory));
    }

    private static PartitionRecord partition(int index, int leader, List<Integer> replicas, List<Integer> inSync) {
        return new PartitionRecord()
                .setTopicId(LogBytes.TOPIC_ID)
                .setPartitionId(index)
                .setLeader(leader)
                .setLeaderEpoch(7)
                .setPartitionEpoch(9)
                .setReplicas(replicas)
                .setIsr(inSync)
                .setDirectories(replicas.stream()
                        .map(replica -> replica == 1 ? LogBytes.DIRECTORY_ID : ELSEWHERE)
                        .toList());
    }

    private static RegisterBrokerRecord broker(int id) {
        var endpoints = new BrokerEndpointCollection();
        endpoints.add(new BrokerEndpoint()
                .setName("PLAINTEXT")
                .setHost("broker-" + id)
                .setPort(9092)
                .setSecurityProtocol((short) 0));
        return new RegisterBrokerRecord()
                .setBrokerId(id)
                .setBrokerEpoch(100 + id)
                .setIncarnationId(new Uuid(3, id))
                .setRack("rack-" + id)
                .setFenced(true)
                .setEndPoints(endpoints);
    }

    private static ClientQuotaRecord quota() {
        return new ClientQuotaRecord()
                .setEntity(List.of(new EntityData().setEntityType("user").setEntityName("alice")))
                .setKey("producer_byte_rate")
                .setValue(1024);
    }

    private static UserScramCredentialRecord credential() {
        return new UserScramCredentialRecord()
                .setName("alice")
                .setMechanism((byte) 1)
                .setIterations(4096)
                .setSalt(new byte[] {1})
                .setStoredKey(new byte[] {2})
                .setServerKey(new byte[] {3});
    }
}
