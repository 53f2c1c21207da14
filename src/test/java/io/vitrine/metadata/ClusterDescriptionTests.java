package io.vitrine.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.metadata.ReplicaPlacement.Election;
import io.vitrine.metadata.ReplicaPlacement.Name;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.common.message.DescribeClientQuotasRequestData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsRequestData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a directory from a cluster of three says beside topics; see [FormerCluster].
class ClusterDescriptionTests {
    @TempDir
    Path directory;

    @Test
    void theOtherBrokersOfTheClusterAreKnown() throws Exception {
        try (var metadata = FormerCluster.open(directory)) {
            assertThat(metadata.description().otherBrokers())
                    .extracting(RegisteredBroker::id)
                    .containsExactly(2, 3, 4);
            var second = metadata.description().otherBrokers().getFirst();
            assertThat(second.rack()).contains("rack-2");
            assertThat(second.endpoints()).containsEntry("PLAINTEXT", new RegisteredBroker.Endpoint("broker-2", 9092));
        }
    }

    @Test
    void aBrokerThatAPartitionNeedsIsKept() throws Exception {
        try (var metadata = FormerCluster.open(directory)) {
            var description = metadata.description();

            assertThat(description.unregister(9)).isInstanceOf(UnregisterOutcome.NotRegistered.class);
            assertThat(description.unregister(1)).isInstanceOf(UnregisterOutcome.Running.class);
            assertThat(description.unregister(2)).isEqualTo(new UnregisterOutcome.InUse(3));
            metadata.placement().elect(Election.UNCLEAN, List.of(new Name("moved", 0), new Name("moved", 1)));
            assertThat(description.unregister(2)).isEqualTo(new UnregisterOutcome.InUse(1));
        }
    }

    @Test
    void aForgottenBrokerStaysForgotten() throws Exception {
        try (var metadata = FormerCluster.open(directory)) {
            assertThat(metadata.description().unregister(4)).isInstanceOf(UnregisterOutcome.Unregistered.class);
        }

        try (var metadata = MetadataService.open(MetadataSettings.of(1, directory))) {
            assertThat(metadata.description().otherBrokers())
                    .extracting(RegisteredBroker::id)
                    .containsExactly(2, 3);
        }
    }

    @Test
    void quotasAndCredentialsThatCameAlongAreShown() throws Exception {
        try (var metadata = FormerCluster.open(directory)) {
            var quotas = metadata.description().describe(new DescribeClientQuotasRequestData());
            var users = metadata.description().describe(new DescribeUserScramCredentialsRequestData());

            assertThat(quotas.entries()).singleElement().satisfies(entry -> {
                assertThat(entry.entity().getFirst().entityName()).isEqualTo("alice");
                assertThat(entry.values().getFirst().value()).isEqualTo(1024);
            });
            assertThat(users.results()).singleElement().satisfies(user -> {
                assertThat(user.user()).isEqualTo("alice");
                assertThat(user.credentialInfos().getFirst().iterations()).isEqualTo(4096);
            });
        }
    }

    @Test
    void theQuorumIsThisNodeAndHasEverything() throws Exception {
        try (var metadata = FormerCluster.open(directory)) {
            assertThat(metadata.description().quorum())
                    .isEqualTo(new QuorumState(1, 1, metadata.logEndOffset(), LogBytes.DIRECTORY_ID));
        }
    }
}
