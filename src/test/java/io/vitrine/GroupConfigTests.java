package io.vitrine;

import static io.vitrine.GroupClients.QUICK_GROUPS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is set for a group holds for members that are there already.
class GroupConfigTests {
    private static final String GROUP = "readers";
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private RunningBroker broker;
    private GroupClients clients;
    private Admin admin;

    @BeforeEach
    void start() {
        var settings = new HashMap<>(QUICK_GROUPS);
        settings.put("group.consumer.min.session.timeout.ms", "1000");
        settings.put("group.share.min.record.lock.duration.ms", "1000");
        broker = RunningBroker.in(directory, settings);
        clients = new GroupClients(broker);
        admin = clients.admin();
        broker.createTopic("orders", 1);
    }

    @AfterEach
    void stop() {
        admin.close();
        broker.close();
    }

    @Test
    void aMemberIsToldOfAnotherHeartbeatInterval() throws Exception {
        try (var client = new WireClient(broker.port())) {
            var joined = join(client);
            assertThat(joined.heartbeatIntervalMs()).isEqualTo(100);

            set("consumer.heartbeat.interval.ms", "700");
            awaitInterval(client, joined.memberEpoch(), 700);

            delete("consumer.heartbeat.interval.ms");
            awaitInterval(client, joined.memberEpoch(), 100);
        }
    }

    @Test
    void aMemberExpiresByTheSessionTimeoutThatWasSetMeanwhile() throws Exception {
        try (var client = new WireClient(broker.port())) {
            var joined = join(client);

            set("consumer.session.timeout.ms", "1000");
            set("consumer.heartbeat.interval.ms", "700");
            awaitInterval(client, joined.memberEpoch(), 700);

            // The broker's own would be 45 seconds.
            await().atMost(Duration.ofSeconds(20)).until(() -> describe() == GroupState.EMPTY);
        }
    }

    @Test
    void recordsAreLockedForAsLongAsWasSetMeanwhile() throws Exception {
        var settings = Map.<String, Object>of(
                "bootstrap.servers", broker.bootstrapServers(),
                "group.id", "workers",
                "share.acknowledgement.mode", "explicit");
        try (var member = new KafkaShareConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            member.subscribe(List.of("orders"));
            await().atMost(SOON).until(() -> {
                member.poll(Duration.ofMillis(20));
                return broker.broker().shares().views("workers").stream().anyMatch(view -> view.startOffset() == 0);
            });

            set(new ConfigResource(ConfigResource.Type.GROUP, "workers"), "share.record.lock.duration.ms", "45000");
            long before = System.currentTimeMillis();
            clients.produce("orders", 1, 1);
            await().atMost(SOON).until(() -> member.poll(Duration.ofMillis(20)).count() == 1);

            // The broker's own is 30 seconds.
            var held = broker.broker().shares().views("workers").getFirst().ranges();
            assertThat(held)
                    .singleElement()
                    .satisfies(range -> assertThat(range.lockUntilMs()).isGreaterThanOrEqualTo(before + 45_000));
        }
    }

    private ConsumerGroupHeartbeatResponseData join(WireClient client) {
        var joined = new ConsumerGroupHeartbeatResponseData[1];
        // Who asks for the coordinator has it started.
        await().atMost(SOON).ignoreExceptions().until(() -> {
            client.call(
                    ApiKeys.FIND_COORDINATOR, 6, new FindCoordinatorRequestData().setCoordinatorKeys(List.of(GROUP)));
            joined[0] = call(
                    client,
                    new ConsumerGroupHeartbeatRequestData()
                            .setMemberEpoch(0)
                            .setRebalanceTimeoutMs(60_000)
                            .setTopicPartitions(List.of())
                            .setSubscribedTopicNames(List.of("orders")));
            return joined[0].errorCode() == 0;
        });
        return joined[0];
    }

    /// The coordinator hears of a change a moment after it is answered.
    private static void awaitInterval(WireClient client, int epoch, int expectedMs) {
        await().atMost(SOON).untilAsserted(() -> {
            var answer = call(client, new ConsumerGroupHeartbeatRequestData().setMemberEpoch(epoch));
            assertThat(answer.errorCode()).isZero();
            assertThat(answer.heartbeatIntervalMs()).isEqualTo(expectedMs);
        });
    }

    private static ConsumerGroupHeartbeatResponseData call(WireClient client, ConsumerGroupHeartbeatRequestData request)
            throws Exception {
        return (ConsumerGroupHeartbeatResponseData) client.call(
                ApiKeys.CONSUMER_GROUP_HEARTBEAT, 1, request.setGroupId(GROUP).setMemberId("DdZHb3ZlSDWZfgXFp_1UJA"));
    }

    private GroupState describe() throws Exception {
        return Objects.requireNonNull(
                        admin.describeConsumerGroups(List.of(GROUP)).all().get().get(GROUP))
                .groupState();
    }

    private void set(String name, String value) throws Exception {
        set(new ConfigResource(ConfigResource.Type.GROUP, GROUP), name, value);
    }

    private void set(ConfigResource group, String name, String value) throws Exception {
        alter(group, new AlterConfigOp(new ConfigEntry(name, value), OpType.SET));
    }

    private void delete(String name) throws Exception {
        alter(
                new ConfigResource(ConfigResource.Type.GROUP, GROUP),
                new AlterConfigOp(new ConfigEntry(name, ""), OpType.DELETE));
    }

    private void alter(ConfigResource group, AlterConfigOp change) throws Exception {
        admin.incrementalAlterConfigs(Map.of(group, List.of(change))).all().get();
    }
}
