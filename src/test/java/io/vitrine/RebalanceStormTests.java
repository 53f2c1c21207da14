package io.vitrine;

import static io.vitrine.GroupClients.QUICK_GROUPS;
import static io.vitrine.GroupClients.partitions;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedMemberEpochException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Fifty members at once: they come, twenty vanish without a word, others leave and come. How often the group shares
/// out its partitions is bounded by what its members do, however slow the machine is.
class RebalanceStormTests {
    private static final Duration LONG = Duration.ofSeconds(90);
    private static final int MEMBERS = 50;
    private static final int VANISHING = 20;
    private static final int LEAVING = 10;
    private static final int COMING = 15;
    private static final int PARTITIONS = 60;
    private static final int RECORDS = 20;

    @TempDir
    Path directory;

    // By topic-partition and offset: who was given it does not matter.
    private final Set<String> consumed = ConcurrentHashMap.newKeySet();
    private final List<Member> members = new ArrayList<>();
    private final GroupCensus census = new GroupCensus();

    static Stream<Arguments> protocols() {
        return Stream.of(
                Arguments.of("range", classic(RangeAssignor.class)),
                Arguments.of("cooperative", classic(CooperativeStickyAssignor.class)),
                Arguments.of("consumer", Map.of("group.protocol", "consumer")));
    }

    private static Map<String, Object> classic(Class<?> assignor) {
        return Map.of(
                "partition.assignment.strategy", assignor.getName(),
                "session.timeout.ms", "5000",
                "heartbeat.interval.ms", "400");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("protocols")
    void aStormOfMembersSettles(String name, Map<String, Object> settings) throws Exception {
        try (var broker = RunningBroker.in(directory, brokerSettings())) {
            broker.broker().groups().listen(census);
            broker.createTopic("orders", PARTITIONS);
            var clients = new GroupClients(broker);
            try {
                come(clients, settings, MEMBERS);
                clients.produce("orders", PARTITIONS, RECORDS);
                settle(RECORDS);
                assertThat(census.count().changes()).as(name).isGreaterThanOrEqualTo(MEMBERS);

                go(VANISHING, GroupMembershipOperation.REMAIN_IN_GROUP);
                go(LEAVING, GroupMembershipOperation.LEAVE_GROUP);
                come(clients, settings, COMING);
                clients.produce("orders", PARTITIONS, RECORDS);
                settle(2 * RECORDS);

                var all = census.count();
                assertThat(all.changes()).isGreaterThanOrEqualTo(MEMBERS + VANISHING + LEAVING + COMING);
                requireFewGenerations(all);
                requireCalm();
            } finally {
                go(members.size(), GroupMembershipOperation.REMAIN_IN_GROUP);
            }
        }
    }

    /// Each that comes or goes may cost a generation, and one more in which partitions are given up. On a slow machine
    /// members may be taken for gone that are not, which is counted as well.
    private static void requireFewGenerations(GroupCensus.Count count) {
        assertThat(count.generations()).as("%s", count).isLessThanOrEqualTo(2 * count.changes());
    }

    private static Map<String, String> brokerSettings() {
        var settings = new HashMap<>(QUICK_GROUPS);
        settings.put("group.consumer.heartbeat.interval.ms", "1000");
        settings.put("group.consumer.assignment.interval.ms", "1000");
        settings.put("group.consumer.min.session.timeout.ms", "6000");
        settings.put("group.consumer.session.timeout.ms", "6000");
        return settings;
    }

    private void come(GroupClients clients, Map<String, Object> settings, int count) {
        for (int i = 0; i < count; i++) {
            members.add(new Member(clients, settings));
        }
    }

    /// Those who came first go.
    private void go(int count, GroupMembershipOperation how) throws InterruptedException {
        var going = List.copyOf(members.subList(0, count));
        members.removeAll(going);
        going.forEach(member -> member.end(how));
        for (var member : going) {
            member.thread.join();
        }
    }

    /// Waits until each partition has one reader, and all that was written has been read.
    private void settle(int recordsOfAPartition) {
        var all = partitions("orders", PARTITIONS);
        await().atMost(LONG).untilAsserted(() -> {
            var read =
                    members.stream().flatMap(member -> member.assigned.stream()).toList();
            assertThat(read).hasSize(PARTITIONS).containsAll(all);
            assertThat(members.stream()
                            .filter(member -> member.assigned.isEmpty())
                            .count())
                    .as("idle members")
                    .isZero();
            assertThat(consumed.size()).as("records read").isEqualTo(PARTITIONS * recordsOfAPartition);
        });
    }

    /// A group that has settled stays as it is, for ten polls of each member.
    private void requireCalm() {
        var before = census.count();
        var polls = members.stream().collect(Collectors.toMap(member -> member, member -> member.polls.get()));
        await().atMost(LONG)
                .until(() ->
                        members.stream().allMatch(member -> member.polls.get() >= polls.getOrDefault(member, 0) + 10));

        requireFewGenerations(census.count().since(before));
    }

    /// A consumer with a thread of its own.
    private final class Member {
        private final GroupClients clients;
        private final Map<String, Object> settings;
        private final Thread thread;
        private volatile Set<TopicPartition> assigned = Set.of();
        private final AtomicInteger polls = new AtomicInteger();
        private volatile GroupMembershipOperation end = GroupMembershipOperation.DEFAULT;

        Member(GroupClients clients, Map<String, Object> settings) {
            this.clients = clients;
            this.settings = settings;
            this.thread = Thread.ofPlatform().start(this::run);
        }

        void end(GroupMembershipOperation how) {
            end = how;
        }

        private void run() {
            while (isWanted()) {
                try {
                    consume();
                } catch (UnknownMemberIdException | FencedMemberEpochException e) {
                    // Taken for gone, which the newer consumer tells its application. It begins again.
                    assigned = Set.of();
                }
            }
        }

        private boolean isWanted() {
            return end == GroupMembershipOperation.DEFAULT;
        }

        private void consume() {
            var consumer = clients.member("storm", settings);
            try {
                consumer.subscribe(List.of("orders"));
                while (isWanted()) {
                    consumer.poll(Duration.ofMillis(200))
                            .forEach(record -> consumed.add("%d@%d".formatted(record.partition(), record.offset())));
                    var now = consumer.assignment();
                    if (!now.equals(assigned)) {
                        assigned = new HashSet<>(now);
                    }
                    polls.incrementAndGet();
                }
            } finally {
                assigned = Set.of();
                consumer.close(CloseOptions.groupMembershipOperation(end).withTimeout(Duration.ofSeconds(5)));
            }
        }
    }
}
