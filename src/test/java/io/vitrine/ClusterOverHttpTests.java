package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.FeatureUpdate.UpgradeType;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// What REST shows of the cluster is what Kafka's admin client is told.
class ClusterOverHttpTests {
    @TempDir
    private static Path directory;

    private static RunningBroker broker;
    private static Rest rest;
    private static Admin admin;

    @BeforeAll
    static void start() {
        broker = RunningBroker.in(directory);
        broker.createTopic("orders", 3);
        rest = new Rest(broker);
        admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }

    @AfterAll
    static void stop() {
        admin.close();
        rest.close();
        broker.close();
    }

    @Test
    void theBrokerIsHereAndLeadsItsPartitions() throws Exception {
        var described = admin.describeCluster();

        var shown = rest.get("/api/v1/brokers").path("items").get(0);

        assertThat(described.nodes().get()).singleElement().satisfies(node -> {
            assertThat(shown.path("id").intValue()).isEqualTo(node.id());
            assertThat(shown.path("listeners").get(0).path("bound").stringValue())
                    .endsWith(":" + node.port());
        });
        assertThat(shown.path("here").booleanValue()).isTrue();
        assertThat(shown.path("partitions").toString()).isEqualTo("{\"replicas\":3,\"leading\":3,\"inSync\":3}");
        assertThat(rest.get("/api/v1/brokers/1")).isEqualTo(shown);
        assertThat(rest.get(404, "/api/v1/brokers/2").path("errorName").stringValue())
                .isEqualTo("BROKER_ID_NOT_REGISTERED");
    }

    @Test
    void theQuorumIsThisNode() throws Exception {
        var described = admin.describeMetadataQuorum().quorumInfo().get();

        var shown = rest.get("/api/v1/quorum");

        assertThat(shown.path("leaderId").intValue()).isEqualTo(described.leaderId());
        assertThat(shown.path("leaderEpoch").longValue()).isEqualTo(described.leaderEpoch());
        assertThat(shown.path("highWatermark").longValue()).isEqualTo(described.highWatermark());
        assertThat(shown.path("voters").get(0).path("directoryId").stringValue())
                .isEqualTo(described.voters().getFirst().replicaDirectoryId().toString());
    }

    @Test
    void featuresAreShownAndChangedLikeByTheAdminClient() throws Exception {
        var finalized = admin.describeFeatures().featureMetadata().get().finalizedFeatures();
        assertThat(level(rest.get("/api/v1/features"), "metadata.version"))
                .isEqualTo(Objects.requireNonNull(finalized.get("metadata.version"))
                        .maxVersionLevel());

        var body = "{\"updates\":[{\"feature\":\"streams.version\",\"level\":0,\"upgradeType\":\"SAFE_DOWNGRADE\"}]}";
        assertThat(level(rest.ask(200, "PATCH", "/api/v1/features?validateOnly=true", body), "streams.version"))
                .isEqualTo(1);
        assertThat(level(rest.ask(200, "PATCH", "/api/v1/features", body), "streams.version"))
                .isZero();
        assertThat(admin.describeFeatures().featureMetadata().get().finalizedFeatures())
                .doesNotContainKey("streams.version");
        admin.updateFeatures(
                        Map.of("streams.version", new FeatureUpdate((short) 1, UpgradeType.UPGRADE)),
                        new UpdateFeaturesOptions())
                .all()
                .get();

        assertThat(level(rest.get("/api/v1/features"), "streams.version")).isEqualTo(1);
    }

    @Test
    void aFeatureThatCannotBeChangedIsRefusedWithKafkasReason() {
        var body = "{\"updates\":[{\"feature\":\"metadata.version\",\"level\":32,\"upgradeType\":\"SAFE_DOWNGRADE\"}]}";

        var problem = rest.ask(409, "PATCH", "/api/v1/features", body);

        assertThat(problem.path("errorName").stringValue()).isEqualTo("INVALID_UPDATE_VERSION");
        assertThat(problem.path("feature").stringValue()).isEqualTo("metadata.version");
        assertThat(problem.path("detail").stringValue()).contains("downgrade from 33 to 32", "might delete metadata");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{",
                "{\"updates\":[]}",
                "{\"updates\":[1]}",
                "{\"updates\":[{\"feature\":\"group.version\",\"level\":-1}]}",
                "{\"updates\":[{\"feature\":\"group.version\",\"level\":40000}]}",
                "{\"updates\":[{\"feature\":\"group.version\",\"level\":1,\"upgradeType\":\"MAYBE\"}]}",
                "{\"updates\":[{\"feature\":\"group.version\",\"level\":1,\"more\":1}]}"
            })
    void aBodyThatMakesNoSenseChangesNothing(String body) {
        long before = broker.broker().metadata().logEndOffset();

        assertThat(rest.ask(400, "PATCH", "/api/v1/features", body)
                        .path("status")
                        .intValue())
                .isEqualTo(400);

        assertThat(broker.broker().metadata().logEndOffset()).isEqualTo(before);
    }

    private static int level(JsonNode features, String name) {
        return StreamSupport.stream(features.path("items").spliterator(), false)
                .filter(feature -> feature.path("name").stringValue().equals(name))
                .findFirst()
                .orElseThrow()
                .path("level")
                .intValue();
    }
}
