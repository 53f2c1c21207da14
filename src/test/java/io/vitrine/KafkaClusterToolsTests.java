package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The tools that describe and administer the cluster.
class KafkaClusterToolsTests extends KafkaToolsScenario {
    private static final String REASSIGN = "org.apache.kafka.tools.reassign.ReassignPartitionsCommand";
    private static final String ELECTION = "org.apache.kafka.tools.LeaderElectionCommand";
    private static final String LOG_DIRS = "org.apache.kafka.tools.LogDirsCommand";

    @Test
    void logDirectoriesTellTheSizesOfPartitions() throws Exception {
        topic("sized", 1);
        produce("sized", 5);
        long size = Files.size(directory.resolve("sized-0/00000000000000000000.log"));

        var described = ok(LOG_DIRS, "--describe", "--topic-list", "sized");

        assertThat(described)
                .contains("\"logDir\":\"%s\"".formatted(directory), "\"partition\":\"sized-0\",\"size\":" + size)
                .contains("\"error\":null");
    }

    @Test
    void theVersionsOfAllApisAreUsable() {
        var versions = ok("org.apache.kafka.tools.BrokerApiVersionsCommand");

        assertThat(versions).contains("Produce(0): 0 to 13 [usable: 13]", "DescribeCluster(60): 0 to 2 [usable: 2]");
        for (var handler : broker.broker().apis().handlers()) {
            assertThat(versions)
                    .contains("%s(%d): %d"
                            .formatted(
                                    handler.apiKey().name,
                                    handler.apiKey().id,
                                    handler.versions().lowest()));
        }
        assertThat(versions).doesNotContain("UNKNOWN");
    }

    @Test
    void theClusterIsThisBroker() {
        var cluster = "org.apache.kafka.tools.ClusterTool";

        assertThat(tools.run(cluster, "cluster-id", "--bootstrap-server", broker.bootstrapServers())
                        .requireSuccess()
                        .output())
                .contains("Cluster ID: " + broker.broker().metadata().image().clusterId());
        assertThat(tools.run(cluster, "list-endpoints", "--bootstrap-server", broker.bootstrapServers())
                        .requireSuccess()
                        .output())
                .containsPattern("1 +localhost +%d +null +unfenced +broker".formatted(broker.port()));
        assertThat(tools.run(cluster, "unregister", "--id", "9", "--bootstrap-server", broker.bootstrapServers())
                        .output())
                .contains("Broker ID 9 is not currently registered");
        assertThat(tools.run(cluster, "unregister", "--id", "1", "--bootstrap-server", broker.bootstrapServers())
                        .output())
                .contains("Broker 1 is this one, which is running");
    }

    @Test
    void featuresAreDescribedAndChanged() {
        var features = "org.apache.kafka.tools.FeatureCommand";

        assertThat(ok(features, "describe"))
                .containsPattern("Feature: streams.version\\s+SupportedMinVersion: 0\\s+SupportedMaxVersion: 1");
        assertThat(ok(features, "downgrade", "--feature", "streams.version=0", "--dry-run"))
                .contains("streams.version can be downgraded to 0.");
        assertThat(ok(features, "downgrade", "--feature", "streams.version=0"))
                .contains("streams.version was downgraded to 0.");
        assertThat(ok(features, "upgrade", "--feature", "streams.version=1"))
                .contains("streams.version was upgraded to 1.");
        assertThat(run(features, "downgrade", "--metadata", "4.0").output())
                .contains("Could not downgrade metadata.version", "might delete metadata information");
    }

    @Test
    void theQuorumIsThisBroker() {
        var quorum = "org.apache.kafka.tools.MetadataQuorumCommand";

        assertThat(ok(quorum, "describe", "--status"))
                .containsPattern("LeaderId: +1\n")
                .containsPattern("MaxFollowerLag: +0\n")
                .contains("\"endpoints\": [\"PLAINTEXT://localhost:" + broker.port());
        assertThat(ok(quorum, "describe", "--replication")).containsPattern("(?m)^1\\s+\\S{22}\\s+\\d+\\s+0 .*Leader");
    }

    @Test
    void anAssignmentToThisBrokerIsCompleteAndOneToAnotherIsRefused() throws Exception {
        topic("assigned", 1);

        var same = assignment(1);
        var other = assignment(2);

        assertThat(ok(REASSIGN, "--execute", "--reassignment-json-file", same))
                .contains("Successfully started partition reassignment for assigned-0");
        assertThat(ok(REASSIGN, "--verify", "--reassignment-json-file", same))
                .contains("Reassignment of partition assigned-0 is completed.");
        assertThat(ok(REASSIGN, "--list")).contains("No partition reassignments found.");
        var refused = run(REASSIGN, "--execute", "--reassignment-json-file", other);
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.output()).contains("2");
    }

    @Test
    void noElectionIsNeeded() {
        topic("elected", 1);

        assertThat(ok(ELECTION, "--election-type", "preferred", "--topic", "elected", "--partition", "0"))
                .contains("Valid replica already elected for partitions elected-0");
        assertThat(ok(ELECTION, "--election-type", "unclean", "--all-topic-partitions"))
                .isBlank();
        assertThat(run(ELECTION, "--election-type", "preferred", "--topic", "none", "--partition", "0")
                        .output())
                .contains("No such topic as none");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--list", "--add --allow-principal User:a --operation Read --topic orders"})
    void accessRulesAreRefusedWithTheReason(String arguments) {
        var refused = run("org.apache.kafka.tools.AclCommand", arguments.split(" "));

        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.output()).contains("SecurityDisabledException: No Authorizer is configured on the broker");
    }

    @Test
    void theMetadataShellWalksThroughTheLog() throws Exception {
        topic("walked", 2);
        var log = directory.resolve("__cluster_metadata-0/00000000000000000000.log");

        assertThat(shell(log, "cat", "/image/topics/byName/walked/1"))
                .contains("PartitionRegistration(replicas=[1]", "leader=1");
    }

    @Test
    void theMetadataShellReadsACheckpoint() throws Exception {
        var other = Files.createDirectories(work.resolve("with-checkpoint"));
        long end;
        try (var second = RunningBroker.in(other, Map.of("metadata.log.max.snapshot.interval.ms", "100"))) {
            second.createTopic("kept", 3, Map.of("retention.ms", "777000"));
            var metadata = second.broker().metadata();
            end = metadata.logEndOffset();
            Awaitility.await().until(() -> metadata.history().checkpointStatus().endOffset() == end);
        }
        var checkpoint = other.resolve("__cluster_metadata-0/%020d-0000000001.checkpoint".formatted(end));

        var topic = shell(checkpoint, "cat", "/image/topics/byName/kept/2");
        var configs = shell(checkpoint, "cat", "/image/configs/TOPIC:kept/retention.ms");

        assertThat(topic).contains("PartitionRegistration(replicas=[1]", "leader=1");
        assertThat(configs).contains("777000");
    }

    /// Which wants the directory for itself.
    private static String shell(Path file, String... command) throws Exception {
        var copy = Files.copy(
                file,
                Files.createDirectories(Files.createTempDirectory(work, "shell").resolve("log"))
                        .resolve(file.getFileName()));
        var output = Files.createTempFile(work, "shell", ".txt");
        var arguments = new ArrayList<>(List.of("--snapshot", copy.toString()));
        arguments.addAll(List.of(command));
        int status = ChildJvm.await(ChildJvm.startBefore(
                output,
                KafkaTools.CLASS_PATH,
                "org.apache.kafka.shell.MetadataShell",
                arguments.toArray(String[]::new)));
        var text = Files.readString(output);
        assertThat(status).as(text).isZero();
        return text;
    }

    private static String assignment(int replica) throws Exception {
        return Files.writeString(
                        work.resolve("assignment-%d.json".formatted(replica)),
                        "{\"version\":1,\"partitions\":[{\"topic\":\"assigned\",\"partition\":0,\"replicas\":[%d]}]}"
                                .formatted(replica))
                .toString();
    }
}
