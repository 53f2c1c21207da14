package io.vitrine;

import static io.vitrine.GroupClients.QUICK_GROUPS;
import static io.vitrine.GroupClients.partitions;
import static io.vitrine.GroupClients.poll;
import static io.vitrine.GroupClients.settle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Groups of the newer protocol, whose work the broker shares out; and what an administrator does to groups.
class ConsumerGroupTests {
    private static final Map<String, String> NEWER = Map.of("group.protocol", "consumer");

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
    void membersShareAndTakeOverAndResume() {
        broker.createTopic("orders", 4);
        clients.produce("orders", 4, 5);
        try (var first = member("orders")) {
            settle(partitions("orders", 4), List.of(first));
            try (var second = member("orders")) {
                assertThat(settle(partitions("orders", 4), List.of(first, second))
                                .values())
                        .containsOnly(0, 1);
            }
            settle(partitions("orders", 4), List.of(first));
            first.seekToBeginning(first.assignment());
            assertThat(poll(first, 20)).hasSizeGreaterThanOrEqualTo(20);
            first.commitSync();
        }

        assertThat(clients.committed("readers"))
                .isEqualTo(Map.of("orders-0", 5L, "orders-1", 5L, "orders-2", 5L, "orders-3", 5L));
    }

    @Test
    void aTopicMadeLaterIsReadWithoutBeingAskedFor() {
        broker.createTopic("apples", 1);
        try (var member = clients.member("readers", NEWER)) {
            member.subscribe(new SubscriptionPattern("(apples|pears).*"));
            settle(partitions("apples", 1), List.of(member));
            broker.createTopic("other", 1);
            broker.createTopic("pears", 2);
            var all = new HashSet<>(partitions("pears", 2));
            all.addAll(partitions("apples", 1));

            settle(all, List.of(member));
        }
    }

    @Test
    void offsetsAreListedChangedAndDeleted() throws Exception {
        broker.createTopic("orders", 2);
        var zero = new TopicPartition("orders", 0);
        var one = new TopicPartition("orders", 1);
        try (var admin = clients.admin()) {
            admin.alterConsumerGroupOffsets(
                            "g", Map.of(zero, new OffsetAndMetadata(7, "why"), one, new OffsetAndMetadata(9)))
                    .all()
                    .get();
            assertThat(admin.listConsumerGroupOffsets("g")
                            .partitionsToOffsetAndMetadata()
                            .get())
                    .isEqualTo(Map.of(zero, new OffsetAndMetadata(7, "why"), one, new OffsetAndMetadata(9)));
            admin.deleteConsumerGroupOffsets("g", Set.of(zero)).all().get();
            assertThat(clients.committed("g")).isEqualTo(Map.of("orders-1", 9L));

            admin.deleteConsumerGroups(List.of("g")).all().get();

            assertThat(clients.committed("g")).isEmpty();
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(
                            () -> admin.deleteConsumerGroups(List.of("g")).all().get())
                    .withCauseInstanceOf(GroupIdNotFoundException.class);
        }
    }

    @Test
    void groupsAreListedAndDescribed() throws Exception {
        broker.createTopic("orders", 2);
        try (var newer = member("orders");
                var classic = clients.member("old", Map.of("client.id", "veteran"));
                var admin = clients.admin()) {
            classic.subscribe(List.of("orders"));
            settle(partitions("orders", 2), List.of(classic));
            settle(partitions("orders", 2), List.of(newer));

            var types = new HashMap<String, GroupType>();
            for (var group : admin.listGroups(new ListGroupsOptions().inGroupStates(Set.of(GroupState.STABLE)))
                    .all()
                    .get()) {
                types.put(group.groupId(), group.type().orElseThrow());
            }
            var described = admin.describeConsumerGroups(List.of("readers", "old"))
                    .all()
                    .get();

            assertThat(types).isEqualTo(Map.of("readers", GroupType.CONSUMER, "old", GroupType.CLASSIC));
            assertThat(described.values()).allSatisfy(group -> {
                assertThat(group.groupState()).isEqualTo(GroupState.STABLE);
                assertThat(group.members())
                        .singleElement()
                        .satisfies(member -> assertThat(member.assignment().topicPartitions())
                                .isEqualTo(partitions("orders", 2)));
            });
            assertThat(Objects.requireNonNull(described.get("old")).members())
                    .first()
                    .satisfies(member -> {
                        assertThat(member.clientId()).isEqualTo("veteran");
                        assertThat(member.host()).isEqualTo("/127.0.0.1");
                    });
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() ->
                            admin.deleteConsumerGroups(List.of("readers")).all().get())
                    .withCauseInstanceOf(GroupNotEmptyException.class);
        }
    }

    private KafkaConsumer<String, String> member(String topic) {
        var member = clients.member("readers", NEWER);
        member.subscribe(List.of(topic));
        return member;
    }
}
