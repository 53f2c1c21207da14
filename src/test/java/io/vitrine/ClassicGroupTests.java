package io.vitrine;

import static io.vitrine.GroupClients.QUICK_GROUPS;
import static io.vitrine.GroupClients.partitions;
import static io.vitrine.GroupClients.poll;
import static io.vitrine.GroupClients.settle;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Groups of the classic protocol, whose members share out the work among themselves.
class ClassicGroupTests {
    @TempDir
    Path directory;

    private RunningBroker broker;
    private GroupClients clients;

    @BeforeEach
    void start() {
        broker = RunningBroker.in(directory, QUICK_GROUPS);
        clients = new GroupClients(broker);
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    @Test
    void oneMemberReadsAllAndComesBackToWhereItWas() {
        broker.createTopic("orders", 2);
        clients.produce("orders", 2, 10);
        try (var member = clients.member("readers", Map.of())) {
            member.subscribe(List.of("orders"));
            assertThat(poll(member, 20)).hasSize(20);
            member.commitSync();
        }
        clients.produce("orders", 2, 1);

        try (var member = clients.member("readers", Map.of())) {
            member.subscribe(List.of("orders"));
            assertThat(poll(member, 2)).extracting(ConsumerRecord::offset).containsOnly(10L);
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {RangeAssignor.class, CooperativeStickyAssignor.class})
    void twoMembersShareAndOneTakesOverWhenTheOtherLeaves(Class<?> assignor) {
        broker.createTopic("orders", 4);
        var settings = Map.of("partition.assignment.strategy", assignor.getName());
        try (var first = clients.member("readers", settings)) {
            first.subscribe(List.of("orders"));
            settle(partitions("orders", 4), List.of(first));
            try (var second = clients.member("readers", settings)) {
                second.subscribe(List.of("orders"));
                var owners = settle(partitions("orders", 4), List.of(first, second));
                assertThat(owners.values()).containsOnly(0, 1);
            }
            settle(partitions("orders", 4), List.of(first));
        }
    }

    @Test
    void aStaticMemberKeepsItsPartitionsOverARestart() {
        broker.createTopic("orders", 2);
        try (var other = member("b")) {
            var before = aMemberOf(other);
            var after = aMemberOf(other);

            assertThat(after).isEqualTo(before);
        }
    }

    /// What static member `a` reads beside `other`; it is closed again, which a static member does not tell anybody.
    private Map<TopicPartition, Integer> aMemberOf(KafkaConsumer<String, String> other) {
        try (var member = member("a")) {
            return settle(partitions("orders", 2), List.of(member, other));
        }
    }

    private KafkaConsumer<String, String> member(String instance) {
        var member = clients.member("readers", Map.of("group.instance.id", instance));
        member.subscribe(List.of("orders"));
        return member;
    }

    @Test
    void whatIsCommittedIsThereAfterARestart() {
        broker.createTopic("orders", 3);
        clients.produce("orders", 3, 5);
        try (var member = clients.member("readers", Map.of())) {
            member.subscribe(List.of("orders"));
            poll(member, 15);
            member.commitSync();
        }
        broker.close();

        broker = RunningBroker.in(directory, QUICK_GROUPS);

        assertThat(new GroupClients(broker).committed("readers"))
                .isEqualTo(Map.of("orders-0", 5L, "orders-1", 5L, "orders-2", 5L));
    }

    @Test
    void aWaitingMemberDoesNotKeepTheBrokerFromStopping() {
        broker.close();
        var slow = new java.util.HashMap<>(QUICK_GROUPS);
        slow.put("group.initial.rebalance.delay.ms", "600000");
        broker = RunningBroker.in(directory, slow);
        clients = new GroupClients(broker);
        broker.createTopic("orders", 1);
        try (var member = clients.member("readers", Map.of("max.poll.interval.ms", "600000"))) {
            member.subscribe(List.of("orders"));
            while (broker.broker().requests().requests(org.apache.kafka.common.protocol.ApiKeys.JOIN_GROUP) == 0) {
                member.poll(Duration.ofMillis(20));
            }
            long start = System.nanoTime();

            broker.close();

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(60));
        }
    }
}
