package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The tools for topics, groups, producers and consumers.
class KafkaTopicToolsTests extends KafkaToolsScenario {
    private static final String CONFIGS = "kafka.admin.ConfigCommand";
    private static final String GROUPS = "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand";
    private static final String SHARE_GROUPS = "org.apache.kafka.tools.consumer.group.ShareGroupCommand";
    private static final String STREAMS_GROUPS = "org.apache.kafka.tools.streams.StreamsGroupCommand";
    private static final String OFFSETS = "org.apache.kafka.tools.GetOffsetShell";
    private static final String CONSUMER = "org.apache.kafka.tools.VerifiableConsumer";

    @Test
    void topicsAreCreatedDescribedGrownAndDeleted() {
        var created = ok(TOPICS, "--create", "--topic", "grown", "--partitions", "2", "--config", "retention.ms=77000");
        var again = run(TOPICS, "--create", "--topic", "grown");
        var described = ok(TOPICS, "--describe", "--topic", "grown");
        ok(TOPICS, "--alter", "--topic", "grown", "--partitions", "4");

        assertThat(created).contains("Created topic grown.");
        assertThat(again.status()).isEqualTo(1);
        assertThat(again.output()).contains("Topic 'grown' already exists.");
        assertThat(described).contains("PartitionCount: 2", "ReplicationFactor: 1", "retention.ms=77000", "Leader: 1");
        assertThat(ok(TOPICS, "--describe", "--topic", "grown")).contains("PartitionCount: 4", "Partition: 3");
        assertThat(ok(TOPICS, "--list").lines()).contains("grown");
        ok(TOPICS, "--delete", "--topic", "grown");
        assertThat(ok(TOPICS, "--list").lines()).doesNotContain("grown");
    }

    @Test
    void recordsAreDeletedAndOffsetsSaySo() throws Exception {
        topic("cut", 1);
        produce("cut", 10);
        var file = Files.writeString(
                work.resolve("cut.json"),
                "{\"version\":1,\"partitions\":[{\"topic\":\"cut\",\"partition\":0,\"offset\":4}]}");

        var deleted = ok("org.apache.kafka.tools.DeleteRecordsCommand", "--offset-json-file", file.toString());

        assertThat(deleted).contains("partition: cut-0\tlow_watermark: 4");
        assertThat(ok(OFFSETS, "--topic", "cut", "--time", "earliest").lines()).containsExactly("cut:0:4");
        assertThat(ok(OFFSETS, "--topic", "cut").lines()).containsExactly("cut:0:10");
    }

    @Test
    void configsOfATopicAreSetAndTakenBack() {
        topic("configured", 1);

        ok(
                CONFIGS,
                "--alter",
                "--entity-type",
                "topics",
                "--entity-name",
                "configured",
                "--add-config",
                "segment.ms=5000");

        assertThat(ok(CONFIGS, "--describe", "--entity-type", "topics", "--entity-name", "configured"))
                .contains("segment.ms=5000", "DYNAMIC_TOPIC_CONFIG:segment.ms=5000");
        ok(
                CONFIGS,
                "--alter",
                "--entity-type",
                "topics",
                "--entity-name",
                "configured",
                "--delete-config",
                "segment.ms");
        assertThat(ok(CONFIGS, "--describe", "--entity-type", "topics", "--entity-name", "configured"))
                .doesNotContain("segment.ms");
        assertThat(ok(CONFIGS, "--describe", "--all", "--entity-type", "topics", "--entity-name", "configured"))
                .contains("segment.ms=604800000");
    }

    @Test
    void configsOfBrokersGroupsAndLoggersAreSetAndTakenBack() {
        changed("brokers --entity-name 1", "log.cleaner.min.cleanable.ratio", "0.25");
        changed("brokers --entity-default", "log.retention.ms", "86400000");
        changed("groups --entity-name set-up", "consumer.session.timeout.ms", "50000");

        ok(CONFIGS, words("--alter --entity-type broker-loggers --entity-name 1 --add-config io.vitrine=DEBUG"));
        assertThat(ok(CONFIGS, words("--describe --entity-type broker-loggers --entity-name 1")))
                .contains("io.vitrine=DEBUG");
        ok(CONFIGS, words("--alter --entity-type broker-loggers --entity-name 1 --delete-config io.vitrine"));
        var refused = run(CONFIGS, words("--alter --entity-type brokers --entity-name 1 --add-config log.dirs=/a"));
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.output()).contains("log.dirs");
    }

    private void changed(String entity, String name, String value) {
        ok(CONFIGS, words("--alter --entity-type %s --add-config %s=%s".formatted(entity, name, value)));
        assertThat(ok(CONFIGS, words("--describe --entity-type " + entity))).contains(name + "=" + value);
        ok(CONFIGS, words("--alter --entity-type %s --delete-config %s".formatted(entity, name)));
        assertThat(ok(CONFIGS, words("--describe --entity-type " + entity))).doesNotContain(name + "=" + value);
    }

    private static String[] words(String arguments) {
        return arguments.split(" ");
    }

    @Test
    void usersAndClientsHaveNothingConfigured() {
        assertThat(ok(CONFIGS, "--describe", "--entity-type", "users")).isBlank();
        assertThat(ok(CONFIGS, "--describe", "--entity-type", "clients")).isBlank();
    }

    @Test
    void aGroupIsDescribedResetAndDeleted() {
        topic("read", 3);
        produce("read", 20);
        var consumed = ok(CONSUMER, "--topic", "read", "--group-id", "readers", "--max-messages", "20");

        var described = ok(GROUPS, "--describe", "--group", "readers");
        var reset =
                ok(GROUPS, "--reset-offsets", "--group", "readers", "--topic", "read", "--to-earliest", "--execute");

        assertThat(consumed).contains("\"name\":\"offsets_committed\"", "\"name\":\"shutdown_complete\"");
        assertThat(sum(described, "readers +read +\\d+ +(\\d+)")).isEqualTo(20);
        assertThat(sum(reset, "readers +read +\\d+ +(\\d+)")).isZero();
        assertThat(ok(GROUPS, "--list").lines()).contains("readers");
        assertThat(ok(GROUPS, "--describe", "--group", "readers", "--state")).contains("Empty");
        ok(GROUPS, "--delete", "--group", "readers");
        assertThat(ok(GROUPS, "--list").lines()).doesNotContain("readers");
    }

    @Test
    void offsetsOfAGroupAreMovedByDurationAndShiftAndForgotten() {
        topic("moved", 1);
        produce("moved", 20);
        var group = "--group movers --topic moved ";

        var latest = ok(GROUPS, words("--reset-offsets --to-latest --execute " + group));
        var shifted = ok(GROUPS, words("--reset-offsets --shift-by -5 --execute " + group));
        var planned = ok(GROUPS, words("--reset-offsets --by-duration PT1H --dry-run " + group));
        var deleted = ok(GROUPS, words("--delete-offsets " + group));

        assertThat(sum(latest, "movers +moved +\\d+ +(\\d+)")).isEqualTo(20);
        assertThat(sum(shifted, "movers +moved +\\d+ +(\\d+)")).isEqualTo(15);
        assertThat(sum(planned, "movers +moved +\\d+ +(\\d+)")).isZero();
        assertThat(deleted).containsPattern("moved +0 +Successful");
    }

    @Test
    void consumersAreMeasured() {
        topic("measured", 2);
        produce("measured", 500);

        var consumed = ok(
                "org.apache.kafka.tools.ConsumerPerformance",
                "--topic",
                "measured",
                "--num-records",
                "500",
                "--timeout",
                "20000");

        assertThat(consumed.lines().toList().getLast().split(", ", -1)[4]).isEqualTo("500");
    }

    /// It tells of what has been acknowledged when its process ends, so it has one of its own.
    @Test
    void theVerifiableProducerHasEachRecordAcknowledged() throws Exception {
        topic("verified", 1);

        var output = work.resolve("producer.txt");
        int status = ChildJvm.await(ChildJvm.start(
                output,
                KafkaTools.CLASS_PATH,
                "org.apache.kafka.tools.VerifiableProducer",
                "--bootstrap-server",
                broker.bootstrapServers(),
                "--topic",
                "verified",
                "--max-messages",
                "30"));

        assertThat(status).as(Files.readString(output)).isZero();
        assertThat(Files.readString(output)).contains("\"sent\":30", "\"acked\":30");
        assertThat(ok(OFFSETS, "--topic", "verified").lines()).containsExactly("verified:0:30");
    }

    @Test
    void groupsOfOtherKindsAreListed() {
        assertThat(ok(SHARE_GROUPS, "--list")).isBlank();
        assertThat(ok(STREAMS_GROUPS, "--list")).isBlank();
        assertThat(run(STREAMS_GROUPS, "--describe", "--group", "none").output())
                .contains("Group none not found.");
        assertThat(ok("org.apache.kafka.tools.ClientMetricsCommand", "--list")).isBlank();
    }

    /// What the group in `pattern` finds, added up.
    private static long sum(String text, String pattern) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .mapToLong(found -> Long.parseLong(found.group(1)))
                .sum();
    }
}
