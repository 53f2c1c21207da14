package io.vitrine;

import static io.vitrine.GroupClients.QUICK_GROUPS;
import static io.vitrine.GroupClients.partitions;
import static io.vitrine.GroupClients.settle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vitrine.group.GroupCaller;
import io.vitrine.group.GroupCalls;
import io.vitrine.timeline.Generation;
import io.vitrine.timeline.GenerationDiff;
import io.vitrine.timeline.GroupTimeline;
import io.vitrine.timeline.RebalanceCause;
import io.vitrine.timeline.TimelineEvent;
import io.vitrine.timeline.TimelineEvent.Kind;
import io.vitrine.timeline.TimelineEvent.Origin;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is told of a group's past, with Java's own consumers as its members.
class GroupTimelineTests {
    private static final Map<String, String> CONSUMER_PROTOCOL = Map.of("group.protocol", "consumer");

    @TempDir
    Path directory;

    private RunningBroker broker;
    private GroupClients clients;

    @BeforeEach
    void start() {
        var settings = new java.util.HashMap<>(QUICK_GROUPS);
        settings.put("group.consumer.min.session.timeout.ms", "1000");
        settings.put("group.consumer.session.timeout.ms", "1000");
        broker = RunningBroker.in(directory, settings);
        clients = new GroupClients(broker);
        broker.createTopic("orders", 4);
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void aMemberThatLeavesIsTheCauseOfTheRebalance(String protocol) {
        try (var first = member(Map.of("group.protocol", protocol))) {
            String second;
            try (var other = member(Map.of("group.protocol", protocol))) {
                settle(partitions("orders", 4), List.of(first, other));
                second = other.groupMetadata().memberId();
            }
            settle(partitions("orders", 4), List.of(first));

            var left = find(Kind.LEAVE);
            assertThat(left.memberId()).isEqualTo(second);
            assertThat(left.origin()).isEqualTo(Origin.SEEN);
            var rebalanced = find(Kind.REBALANCED);
            assertThat(rebalanced.cause()).contains(RebalanceCause.MEMBER_LEFT);
            assertThat(rebalanced.detail()).contains(second);
            assertThat(events(Kind.EXPIRED)).isEmpty();
            assertThat(broker.broker().timelines().rebalances(RebalanceCause.MEMBER_LEFT))
                    .isEqualTo(1);
        }
    }

    @Test
    void theReasonThatTheClientGivesIsKept() {
        try (var member = member(Map.of())) {
            settle(partitions("orders", 4), List.of(member));
        }

        await().untilAsserted(() -> assertThat(find(Kind.EMPTY).epoch()).isGreaterThan(1));
        assertThat(find(Kind.LEAVE).detail()).isEqualTo("the consumer is being closed");
    }

    @Test
    void aMemberThatIsGoneWithoutAWordHasExpired() {
        var settings = Map.of("session.timeout.ms", "1000");
        try (var first = member(settings)) {
            var other = member(settings);
            settle(partitions("orders", 4), List.of(first, other));
            var second = other.groupMetadata().memberId();
            other.close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.REMAIN_IN_GROUP));
            settle(partitions("orders", 4), List.of(first));

            assertExpired(second);
        }
    }

    /// Java's consumer of this protocol always says good-bye.
    @Test
    void aMemberOfTheNewerProtocolThatFallsSilentHasExpired() {
        try (var first = member(CONSUMER_PROTOCOL)) {
            settle(partitions("orders", 4), List.of(first));
            var silent = new ConsumerGroupHeartbeatRequestData()
                    .setGroupId("readers")
                    .setMemberId("silent")
                    .setMemberEpoch(0)
                    .setRebalanceTimeoutMs(60_000)
                    .setTopicPartitions(List.of())
                    .setSubscribedTopicNames(List.of("orders"));
            assertThat(heartbeat(silent).errorCode()).isZero();
            await().untilAsserted(() -> {
                first.poll(Duration.ofMillis(20));
                assertExpired("silent");
            });
        }
    }

    private void assertExpired(String memberId) {
        var expired = find(Kind.EXPIRED);
        assertThat(expired.memberId()).isEqualTo(memberId);
        assertThat(expired.origin()).isEqualTo(Origin.INFERRED);
        assertThat(expired.cause()).contains(RebalanceCause.SESSION_EXPIRED);
        assertThat(expired.detail()).contains("session timeout is 1000 ms");
        assertThat(find(Kind.REBALANCED).cause()).contains(RebalanceCause.SESSION_EXPIRED);
    }

    private ConsumerGroupHeartbeatResponseData heartbeat(ConsumerGroupHeartbeatRequestData request) {
        var caller = new GroupCaller(
                "PLAINTEXT",
                InetAddress.getLoopbackAddress(),
                "by hand",
                ApiKeys.CONSUMER_GROUP_HEARTBEAT.id,
                ApiKeys.CONSUMER_GROUP_HEARTBEAT.latestVersion(),
                0);
        return new GroupCalls(broker.broker().groups())
                .consumerGroupHeartbeat(caller, request)
                .join();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void twoGenerationsAreCompared(String protocol) {
        try (var first = member(Map.of("group.protocol", protocol))) {
            settle(partitions("orders", 4), List.of(first));
            int from = timeline().generations().getLast().epoch();
            try (var second = member(Map.of("group.protocol", protocol))) {
                settle(partitions("orders", 4), List.of(first, second));
                var generations = timeline();

                var diff = GenerationDiff.between(
                        generations.findGeneration(from).orElseThrow(),
                        generations.generations().getLast());

                var newcomer = second.groupMetadata().memberId();
                assertThat(diff.joined())
                        .extracting(Generation.Member::memberId)
                        .containsExactly(newcomer);
                assertThat(diff.left()).isEmpty();
                assertThat(diff.kept()).isEqualTo(2);
                assertThat(diff.moves()).hasSize(2).allSatisfy(move -> {
                    assertThat(move.from()).contains(first.groupMetadata().memberId());
                    assertThat(move.to()).contains(newcomer);
                });
                assertThat(find(Kind.REBALANCED).cause()).contains(RebalanceCause.MEMBER_JOINED);
            }
        }
    }

    @Test
    void aStaticMemberThatComesBackTakesOver() {
        var settings = Map.of("group.instance.id", "a");
        String before;
        try (var member = member(settings)) {
            settle(partitions("orders", 4), List.of(member));
            before = member.groupMetadata().memberId();
        }
        try (var member = member(settings)) {
            settle(partitions("orders", 4), List.of(member));
        }

        assertThat(find(Kind.REPLACED).memberId()).isEqualTo(before);
        assertThat(events(Kind.LEAVE)).isEmpty();
    }

    @Test
    void topicsThatChangeAreACause() {
        try (var member = member(Map.of("group.protocol", "consumer", "allow.auto.create.topics", "false"))) {
            settle(partitions("orders", 4), List.of(member));
            member.subscribe(List.of("orders", "payments"));
            await().untilAsserted(() -> {
                member.poll(Duration.ofMillis(20));
                assertThat(find(Kind.SUBSCRIPTION_CHANGED).detail()).contains("[orders] to [orders, payments]");
            });
            broker.createTopic("payments", 1);

            await().untilAsserted(() -> {
                member.poll(Duration.ofMillis(20));
                assertThat(find(Kind.REBALANCED).cause()).contains(RebalanceCause.TOPICS_CHANGED);
            });
            assertThat(find(Kind.REBALANCED).origin()).isEqualTo(Origin.INFERRED);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void aTopicThatIsDeletedIsStillNamedInWhatWasBefore(String protocol) throws Exception {
        broker.createTopic("payments", 1);
        var settings =
                Map.of("group.protocol", protocol, "metadata.max.age.ms", "200", "allow.auto.create.topics", "false");
        try (var member = member(settings)) {
            member.subscribe(List.of("orders", "payments"));
            await().ignoreExceptions().untilAsserted(() -> {
                member.poll(Duration.ofMillis(20));
                assertThat(timeline().generations().getLast().partitionCount()).isEqualTo(5);
            });
            int before = timeline().generations().getLast().epoch();

            try (var admin = clients.admin()) {
                admin.deleteTopics(List.of("payments")).all().get();
            }
            await().untilAsserted(() -> {
                member.poll(Duration.ofMillis(20));
                assertThat(timeline().generations().getLast().partitionCount()).isEqualTo(4);
            });

            var diff = GenerationDiff.between(
                    timeline().findGeneration(before).orElseThrow(),
                    timeline().generations().getLast());
            assertThat(diff.moves()).singleElement().satisfies(move -> {
                assertThat(move.partition()).hasToString("payments-0");
                assertThat(move.from()).contains(member.groupMetadata().memberId());
                assertThat(move.to()).isEmpty();
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void theLastGenerationIsKnownAfterARestart(String protocol) {
        String memberId;
        try (var member = member(Map.of("group.protocol", protocol))) {
            settle(partitions("orders", 4), List.of(member));
            memberId = member.groupMetadata().memberId();
            broker.close();
        }
        broker = RunningBroker.in(directory, QUICK_GROUPS);

        await().until(() -> broker.broker().timelines().find("readers").isPresent());
        await().untilAsserted(() -> {
            var last = timeline().generations().getLast();
            assertThat(last.replayed()).isTrue();
            assertThat(last.members()).containsOnlyKeys(memberId);
            assertThat(last.partitionCount()).isEqualTo(4);
        });
        assertThat(timeline().events()).isNotEmpty().allMatch(event -> event.origin() == Origin.REPLAYED);
    }

    @Test
    void aDeletedGroupIsRemembered() throws Exception {
        try (var member = member(Map.of())) {
            settle(partitions("orders", 4), List.of(member));
        }
        try (var admin = clients.admin()) {
            admin.deleteConsumerGroups(List.of("readers")).all().get();
        }

        assertThat(timeline().events().getLast().kind()).isEqualTo(Kind.DELETED);
    }

    @Test
    void commitsAreCounted() {
        clients.produce("orders", 4, 1);
        try (var member = member(Map.of())) {
            GroupClients.poll(member, 4);
            member.commitSync();
            member.commitSync();
        }

        assertThat(timeline().offsets().commits()).isEqualTo(2);
        assertThat(timeline().offsets().refused()).isZero();
        assertThat(timeline().offsets().lastCommitMs()).isPresent();
    }

    private KafkaConsumer<String, String> member(Map<String, String> settings) {
        var member = clients.member("readers", settings);
        member.subscribe(List.of("orders"));
        return member;
    }

    private GroupTimeline timeline() {
        return broker.broker().timelines().find("readers").orElseThrow();
    }

    private List<TimelineEvent> events(Kind kind) {
        return timeline().events().stream()
                .filter(event -> event.kind() == kind)
                .toList();
    }

    /// The last event of this kind.
    private TimelineEvent find(Kind kind) {
        return Optional.of(events(kind))
                .filter(found -> !found.isEmpty())
                .map(List::getLast)
                .orElseThrow(() -> new AssertionError(
                        "no %s in %s".formatted(kind, timeline().events())));
    }
}
