package io.vitrine;

import static io.vitrine.GroupClients.QUICK_GROUPS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A broker that is killed while a group reads: its members notice no more than that they have to wait.
class GroupKillTests {
    private static final Duration LONG = Duration.ofSeconds(90);
    private static final int PARTITIONS = 4;
    private static final int RECORDS = 800;
    private static final int MEMBERS = 3;

    @TempDir
    Path directory;

    @TempDir
    Path work;

    private final Set<String> read = ConcurrentHashMap.newKeySet();
    // The greatest offset of each partition whose commit was acknowledged.
    private final Map<TopicPartition, Long> committed = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();
    private int port;

    @SuppressWarnings("NullAway.Init")
    private Process process;

    @BeforeEach
    void start() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        startBroker();
    }

    @AfterEach
    void stop() {
        process.destroyForcibly();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void aGroupLosesNothingAndReadsNothingAgainThatItHasCommitted(String protocol) throws Exception {
        var members = new ArrayList<Member>();
        try {
            for (int i = 0; i < MEMBERS; i++) {
                members.add(new Member(Map.of("group.protocol", protocol, "max.poll.records", "20")));
            }
            var producing = Thread.ofPlatform().start(this::produce);
            for (int kill = 1; kill <= 2; kill++) {
                int enough = kill * RECORDS / 4;
                await().atMost(LONG).until(() -> read.size() >= enough && !committed.isEmpty());
                process.destroyForcibly().waitFor();
                startBroker();
            }
            producing.join();

            await().atMost(LONG).until(() -> read.size() == RECORDS);
        } finally {
            members.forEach(Member::end);
            for (var member : members) {
                member.thread.join();
            }
        }

        assertThat(faults).isEmpty();
        var kept = new GroupClients("127.0.0.1:" + port).committed("readers");
        committed.forEach((partition, offset) ->
                assertThat(kept.getOrDefault(partition.toString(), -1L)).isGreaterThanOrEqualTo(offset));
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void staticMembersComeBackToWhatTheyReadThoughTheBrokerWasKilledMeanwhile(String protocol) throws Exception {
        var clients = new GroupClients("127.0.0.1:" + port);
        clients.produce("orders", PARTITIONS, 10);
        var before = new HashMap<String, Set<TopicPartition>>();
        readAsStaticMembers(clients, protocol, before);
        var epoch = epoch(clients);

        process.destroyForcibly().waitFor();
        startBroker();
        clients.produce("orders", PARTITIONS, 10);
        var after = new HashMap<String, Set<TopicPartition>>();
        readAsStaticMembers(clients, protocol, after);

        assertThat(after).isEqualTo(before);
        assertThat(epoch(clients)).isEqualTo(epoch);
        assertThat(read).hasSize(2 * 10 * PARTITIONS);
        assertThat(faults).isEmpty();
    }

    /// Two members that stay members when they are closed.
    private void readAsStaticMembers(GroupClients clients, String protocol, Map<String, Set<TopicPartition>> assigned) {
        int expected = read.size() + 10 * PARTITIONS;
        var members = new HashMap<String, KafkaConsumer<String, String>>();
        for (var instance : List.of("one", "two")) {
            var settings = new HashMap<String, Object>(settings(protocol));
            settings.put("group.instance.id", instance);
            members.put(instance, clients.member("readers", settings));
        }
        try {
            members.values().forEach(member -> member.subscribe(List.of("orders")));
            await().atMost(LONG).until(() -> {
                members.values().forEach(this::pollAndCommit);
                return members.values().stream()
                                .allMatch(member -> member.assignment().size() == PARTITIONS / 2)
                        && read.size() >= expected;
            });
            members.forEach((instance, member) -> assigned.put(instance, Set.copyOf(member.assignment())));
        } finally {
            members.values()
                    .forEach(member -> member.close(
                            CloseOptions.groupMembershipOperation(GroupMembershipOperation.REMAIN_IN_GROUP)));
        }
    }

    /// A killed broker's group must not expire while the next broker starts.
    private static Map<String, Object> settings(String protocol) {
        return protocol.equals("consumer")
                ? Map.of("group.protocol", protocol)
                : Map.of("group.protocol", protocol, "session.timeout.ms", "60000");
    }

    /// Empty for a classic group.
    private static Optional<Integer> epoch(GroupClients clients) throws InterruptedException, ExecutionException {
        try (var admin = clients.admin()) {
            return admin.describeConsumerGroups(List.of("readers"))
                    .all()
                    .get()
                    .values()
                    .iterator()
                    .next()
                    .groupEpoch();
        }
    }

    private void pollAndCommit(KafkaConsumer<String, String> consumer) {
        var known = Map.copyOf(committed);
        consumer.poll(Duration.ofMillis(100)).forEach(record -> {
            var partition = new TopicPartition(record.topic(), record.partition());
            if (record.offset() < known.getOrDefault(partition, 0L)) {
                faults.add("%s@%d came again, though %s is committed".formatted(partition, record.offset(), known));
            }
            read.add(partition + "@" + record.offset());
        });
        var positions = new HashMap<TopicPartition, Long>();
        consumer.assignment().forEach(partition -> positions.put(partition, consumer.position(partition)));
        try {
            consumer.commitSync(Duration.ofSeconds(30));
            positions.forEach((partition, offset) -> committed.merge(partition, offset, Math::max));
        } catch (CommitFailedException | RebalanceInProgressException e) {
            // It reads from the last commit on, or somebody else does.
            Thread.onSpinWait();
        }
    }

    /// Each record is sent until it is acknowledged, once.
    private void produce() {
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of(
                        "bootstrap.servers", "127.0.0.1:" + port,
                        "delivery.timeout.ms", "600000",
                        "reconnect.backoff.max.ms", "100",
                        "linger.ms", "1"),
                new StringSerializer(),
                new StringSerializer())) {
            for (int i = 0; i < RECORDS; i++) {
                producer.send(new ProducerRecord<>("orders", i % PARTITIONS, null, "value-" + i), (_, e) -> {
                    if (e != null) {
                        faults.add("a record was not taken: " + e);
                    }
                });
                if (i % 50 == 0) {
                    producer.flush();
                }
            }
        }
    }

    private void startBroker() throws IOException {
        var arguments = Stream.concat(
                        Stream.of(
                                directory.toString(), String.valueOf(port), "group.consumer.session.timeout.ms=60000"),
                        QUICK_GROUPS.entrySet().stream().map(setting -> setting.getKey() + "=" + setting.getValue()))
                .toArray(String[]::new);
        process = ChildJvm.start(work.resolve("output"), "", BareBroker.class.getName(), arguments);
    }

    /// A member with a thread of its own.
    private final class Member {
        private final Map<String, Object> settings;
        private final Thread thread;
        private volatile boolean ended;

        Member(Map<String, Object> settings) {
            this.settings = settings;
            this.thread = Thread.ofPlatform().start(this::run);
        }

        void end() {
            ended = true;
        }

        private void run() {
            while (!ended) {
                try (var consumer = new GroupClients("127.0.0.1:" + port).member("readers", settings)) {
                    consumer.subscribe(List.of("orders"));
                    while (!ended) {
                        pollAndCommit(consumer);
                    }
                } catch (UnknownMemberIdException | RetriableException e) {
                    // It begins again, as an application would.
                    Thread.onSpinWait();
                } catch (RuntimeException e) {
                    faults.add("a member ended with " + e);
                }
            }
        }
    }
}
