package io.vitrine.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.metadata.FeatureUpdate.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Changes of features in a directory whose `metadata.version` is an older one. What Kafka says of changes in a new
/// directory is among the recorded conversations.
class FeatureLevelsTests {
    private static final FeatureUpdate METADATA = new FeatureUpdate("metadata.version", (short) 33, Kind.UPGRADE);
    private static final FeatureUpdate ELIGIBLE_REPLICAS =
            new FeatureUpdate("eligible.leader.replicas.version", (short) 1, Kind.UPGRADE);

    @TempDir
    Path directory;

    @Test
    void anUpgradeHoldsAfterARestart() throws Exception {
        LogBytes.fixture().writeTo(directory);
        try (var metadata = open()) {
            assertThat(metadata.features().update(List.of(METADATA), false))
                    .isInstanceOf(FeatureOutcome.Accepted.class);
        }

        try (var metadata = open()) {
            assertThat(metadata.image().features()).containsEntry("metadata.version", (short) 33);
            assertThat(metadata.features()
                            .update(
                                    List.of(new FeatureUpdate("metadata.version", (short) 31, Kind.SAFE_DOWNGRADE)),
                                    false))
                    .isInstanceOfSatisfying(
                            FeatureOutcome.Refused.class,
                            refused -> assertThat(refused.reason()).contains("downgrade from 33 to 31"));
        }
    }

    @Test
    void aDowngradeThatLosesNothingIsMade() throws Exception {
        LogBytes.fixture().writeTo(directory);
        try (var metadata = open()) {
            var downgrade = new FeatureUpdate("metadata.version", (short) 18, Kind.SAFE_DOWNGRADE);

            assertThat(metadata.features().update(List.of(downgrade), false))
                    .isInstanceOf(FeatureOutcome.Accepted.class);

            assertThat(metadata.image().features()).containsEntry("metadata.version", (short) 18);
        }
    }

    @Test
    void whatIsOnlyToBeCheckedChangesNothing() throws Exception {
        LogBytes.fixture().writeTo(directory);
        try (var metadata = open()) {
            long before = metadata.logEndOffset();

            assertThat(metadata.features().update(List.of(METADATA), true)).isInstanceOf(FeatureOutcome.Accepted.class);

            assertThat(metadata.logEndOffset()).isEqualTo(before);
            assertThat(metadata.image().features()).containsEntry("metadata.version", (short) 20);
        }
    }

    @Test
    void aFeatureMayRelyOnAnotherThatComesWithIt() throws Exception {
        LogBytes.fixture().writeTo(directory);
        try (var metadata = open()) {
            assertThat(metadata.features().update(List.of(ELIGIBLE_REPLICAS), false))
                    .isEqualTo(new FeatureOutcome.Refused(
                            "eligible.leader.replicas.version",
                            "Invalid update version 1 for feature eligible.leader.replicas.version."
                                    + " eligible.leader.replicas.version could not be set to 1 because it depends on"
                                    + " metadata.version level 23"));

            assertThat(metadata.features().update(List.of(ELIGIBLE_REPLICAS, METADATA), false))
                    .isInstanceOf(FeatureOutcome.Accepted.class);

            assertThat(metadata.image().features())
                    .containsEntry("metadata.version", (short) 33)
                    .containsEntry("eligible.leader.replicas.version", (short) 1);
        }
    }

    @Test
    void eligibleLeaderReplicasComeWithALeastNumberOfReplicasForTheCluster() throws Exception {
        LogBytes.fixture().writeTo(directory);
        try (var metadata = open()) {
            long before = metadata.logEndOffset();

            metadata.features().update(List.of(METADATA, ELIGIBLE_REPLICAS), false);

            var types = new ArrayList<String>();
            var decoder = new MetadataRecordDecoder();
            for (var batch : metadata.readLog(before, Integer.MAX_VALUE).batches()) {
                MetadataBatchRecords.forEach(batch, Path.of("log"), 0, (_, value, _) -> {
                    try {
                        var decoded = decoder.decode(value);
                        types.add(decoded.type() + decoded.json());
                    } catch (java.io.IOException e) {
                        throw new IllegalStateException(e);
                    }
                });
            }
            assertThat(types)
                    .hasSize(3)
                    .last()
                    .asString()
                    .startsWith("ConfigRecord")
                    .contains("\"resourceName\":\"\"", "\"name\":\"min.insync.replicas\",\"value\":\"1\"");
        }
    }

    @Test
    void theVersionOfTheQuorumStaysAsItIs() throws Exception {
        LogBytes.fixture().writeTo(directory);
        try (var metadata = open()) {
            var same = new FeatureUpdate("kraft.version", (short) 0, Kind.UPGRADE);
            var higher = new FeatureUpdate("kraft.version", (short) 1, Kind.UPGRADE);

            assertThat(metadata.features().update(List.of(same), false)).isInstanceOf(FeatureOutcome.Accepted.class);
            assertThat(metadata.features().update(List.of(higher), false))
                    .isInstanceOfSatisfying(
                            FeatureOutcome.Refused.class,
                            refused -> assertThat(refused.reason()).endsWith("is itself alone and keeps its version."));
        }
    }

    private MetadataService open() throws Exception {
        return MetadataService.open(MetadataSettings.of(1, directory));
    }
}
