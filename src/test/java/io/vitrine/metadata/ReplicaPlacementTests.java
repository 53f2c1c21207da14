package io.vitrine.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.metadata.PlacementOutcome.Rule;
import io.vitrine.metadata.ReplicaPlacement.Election;
import io.vitrine.metadata.ReplicaPlacement.Name;
import io.vitrine.metadata.ReplicaPlacement.Wish;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Leaders and replicas of the partitions that came from a larger cluster; see [FormerCluster].
class ReplicaPlacementTests {
    @TempDir
    Path directory;

    @Test
    void anUncleanElectionTakesWhatAnotherBrokerLed() throws Exception {
        try (var metadata = FormerCluster.open(directory)) {
            var outcomes =
                    metadata.placement().elect(Election.UNCLEAN, List.of(moved(0), moved(2), moved(3), moved(0)));

            assertThat(outcomes.getFirst()).isInstanceOf(PlacementOutcome.Changed.class);
            assertRefused(outcomes.get(1), Rule.NO_CANDIDATE, "led by 2, replicas [2, 3], in sync [2, 3]; only broker");
            assertThat(outcomes.subList(2, 4)).allMatch(PlacementOutcome.NotNeeded.class::isInstance);
        }

        try (var metadata = reopen()) {
            assertThat(partition(metadata, 0).leader()).isEqualTo(1);
            assertThat(partition(metadata, 0).leaderEpoch()).isEqualTo(8);
            assertThat(partition(metadata, 0).inSyncReplicas()).containsExactly(1);
            assertThat(partition(metadata, 2).leader()).isEqualTo(2);
        }
    }

    @Test
    void thePreferredReplicaIsElectedOnlyWhereItIsInSync() throws Exception {
        try (var metadata = FormerCluster.open(directory)) {
            var outcomes = metadata.placement()
                    .elect(
                            Election.PREFERRED,
                            List.of(moved(1), moved(0), moved(2), moved(4), new Name("none", 0), moved(-1)));

            assertThat(outcomes.getFirst()).isInstanceOf(PlacementOutcome.Changed.class);
            assertThat(partition(metadata, 1).leader()).isEqualTo(1);
            // Broker 2 is preferred and leads by what the log says.
            assertThat(outcomes.subList(1, 3)).allMatch(PlacementOutcome.NotNeeded.class::isInstance);
            assertThat(outcomes.get(3)).isInstanceOf(PlacementOutcome.UnknownPartition.class);
            assertThat(outcomes.get(4)).isInstanceOf(PlacementOutcome.UnknownTopic.class);
            assertThat(outcomes.get(5)).isInstanceOf(PlacementOutcome.UnknownPartition.class);
        }
    }

    @Test
    void aPartitionThatIsInSyncHereCanBeKeptHereAlone() throws Exception {
        try (var metadata = FormerCluster.open(directory)) {
            var outcomes = metadata.placement().reassign(List.of(wish(1, 1), wish(3, 1), wish(0, 1)), true);

            assertThat(outcomes.subList(0, 2)).allMatch(PlacementOutcome.Changed.class::isInstance);
            assertRefused(outcomes.get(2), Rule.INVALID_ASSIGNMENT, "Broker 1 is not in sync ([2, 3] are)");
        }

        try (var metadata = reopen()) {
            for (int index : List.of(1, 3)) {
                assertThat(partition(metadata, index).replicas()).containsExactly(1);
                assertThat(partition(metadata, index).inSyncReplicas()).containsExactly(1);
                assertThat(partition(metadata, index).leader()).isEqualTo(1);
                assertThat(partition(metadata, index).directories()).containsExactly(LogBytes.DIRECTORY_ID);
            }
            assertThat(partition(metadata, 1).leaderEpoch()).isEqualTo(8);
            assertThat(partition(metadata, 3).leaderEpoch()).isEqualTo(7);
            assertThat(metadata.placement().underway()).isEmpty();
        }
    }

    @Test
    void whatElseIsAskedOfReplicasIsRefusedWithItsReason() throws Exception {
        try (var metadata = FormerCluster.open(directory)) {
            long before = metadata.logEndOffset();

            var placement = metadata.placement();
            var outcomes = placement.reassign(
                    List.of(
                            wish(1, 1, 2, 3),
                            wish(1, 1, 2),
                            wish(1, 9),
                            wish(1, 1, 1),
                            wish(1),
                            new Wish(moved(1), null),
                            new Wish(moved(3), null)),
                    true);

            assertThat(outcomes.getFirst()).isInstanceOf(PlacementOutcome.NotNeeded.class);
            assertRefused(outcomes.get(1), Rule.INVALID_ASSIGNMENT, "includes broker 2, but only broker 1 is here");
            assertRefused(outcomes.get(2), Rule.INVALID_ASSIGNMENT, "broker 9, but no such broker is registered");
            assertRefused(outcomes.get(3), Rule.INVALID_ASSIGNMENT, "the broker 1 more than once");
            assertRefused(outcomes.get(4), Rule.INVALID_ASSIGNMENT, "an empty replica list");
            assertRefused(outcomes.get(5), Rule.NOTHING_TO_CANCEL, "");
            assertRefused(outcomes.get(6), Rule.INVALID_ASSIGNMENT, "can't be taken back");
            assertRefused(
                    placement.reassign(List.of(wish(1, 1)), false).getFirst(),
                    Rule.REPLICATION_FACTOR,
                    "changed from 3 to 1");
            assertThat(metadata.logEndOffset()).isEqualTo(before);
        }
    }

    @Test
    void aMoveThatWasUnderWayIsListed() throws Exception {
        try (var metadata = FormerCluster.open(directory)) {
            assertThat(metadata.placement().underway())
                    .containsExactly(new ReplicaPlacement.Underway(
                            new TopicPartition("moved", 3), List.of(1, 2, 3), List.of(3), List.of(2)));
        }
    }

    private MetadataService reopen() throws Exception {
        return MetadataService.open(MetadataSettings.of(1, directory));
    }

    private static Name moved(int partition) {
        return new Name("moved", partition);
    }

    private static Wish wish(int partition, Integer... replicas) {
        return new Wish(moved(partition), List.of(replicas));
    }

    private static TopicPartitionState partition(MetadataService metadata, int index) {
        return metadata.image()
                .findTopic("moved")
                .orElseThrow()
                .findPartition(index)
                .orElseThrow();
    }

    private static void assertRefused(PlacementOutcome outcome, Rule rule, String reason) {
        assertThat(outcome).isInstanceOfSatisfying(PlacementOutcome.Refused.class, refused -> {
            assertThat(refused.rule()).isEqualTo(rule);
            assertThat(refused.reason()).contains(reason);
        });
    }
}
