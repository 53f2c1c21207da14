package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A broker that is killed while many topics are made and deleted, checkpoints of the metadata are written, and old
/// segments of it deleted. What it has answered holds, and of what it had not answered all is there or nothing. How
/// often is up to the property `vitrine.kills`.
class TopicKillTests {
    private static final int KILLS = Math.min(4, Integer.getInteger("vitrine.kills", 4));
    private static final int CLIENTS = 4;
    private static final int PARTITIONS = 3;
    private static final int CHANGES_BEFORE_KILL = 40;

    @TempDir
    Path directory;

    @TempDir
    Path work;

    private final Random random = new Random(1);
    private final AtomicInteger answered = new AtomicInteger();
    /// What the broker has answered; each topic is changed by one client only.
    private final Map<String, State> known = new ConcurrentHashMap<>();
    private int port;
    private @Nullable Process process;

    /// What is known of a topic.
    private enum State {
        THERE,
        GONE,
        /// Its last change was not answered.
        UNKNOWN
    }

    @AfterEach
    void kill() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    @Test
    void whatWasAnsweredHoldsAndNoTopicIsThereByHalf() throws Exception {
        port = freePort();
        start();
        for (int round = 0; round < KILLS; round++) {
            storm(round);
            start();
            requireWhatWasAnswered();
        }
        assertThat(known).containsValue(State.THERE).containsValue(State.GONE);
        var metadata = directory.resolve("__cluster_metadata-0");
        assertThat(metadata).isDirectoryContaining("glob:**.checkpoint");
        assertThat(metadata.resolve("00000000000000000000.log"))
                .as("the oldest segment of the metadata, of which checkpoints hold everything")
                .doesNotExist();
    }

    /// Clients make and delete topics until the broker is dead.
    private void storm(int round) throws Exception {
        int before = answered.get();
        var clients = IntStream.range(0, CLIENTS)
                .mapToObj(client -> Thread.ofPlatform()
                        .name("client-" + client)
                        .start(() -> change("round-%d-%d-".formatted(round, client), new Random(client))))
                .toList();
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> answered.get() > before + CHANGES_BEFORE_KILL);
        var victim = running();
        assertThat(victim.waitFor(random.nextInt(50), TimeUnit.MILLISECONDS)).isFalse();
        victim.destroyForcibly().waitFor();
        for (var client : clients) {
            client.join();
        }
    }

    private void change(String prefix, Random choice) {
        try (var admin = Admin.create(Map.of(
                "bootstrap.servers", "127.0.0.1:" + port,
                "retries", "0",
                "request.timeout.ms", "2000",
                "default.api.timeout.ms", "2000"))) {
            var there = new ArrayList<String>();
            for (int i = 0; running().isAlive(); i++) {
                boolean delete = !there.isEmpty() && choice.nextInt(3) == 0;
                var name = delete ? there.remove(choice.nextInt(there.size())) : prefix + i;
                known.put(name, State.UNKNOWN);
                try {
                    if (delete) {
                        admin.deleteTopics(List.of(name)).all().get();
                        known.put(name, State.GONE);
                    } else {
                        admin.createTopics(List.of(new NewTopic(name, PARTITIONS, (short) 1)))
                                .all()
                                .get();
                        known.put(name, State.THERE);
                        there.add(name);
                    }
                    answered.incrementAndGet();
                } catch (ExecutionException e) {
                    // It was killed: what becomes of this one is open.
                    return;
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    private void requireWhatWasAnswered() throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", "127.0.0.1:" + port))) {
            var names = admin.listTopics().names().get();
            var topics =
                    new TreeMap<>(admin.describeTopics(names).allTopicNames().get());
            known.forEach((name, state) -> {
                switch (state) {
                    case THERE -> assertThat(names).contains(name);
                    case GONE -> assertThat(names).doesNotContain(name);
                    case UNKNOWN -> known.put(name, names.contains(name) ? State.THERE : State.GONE);
                }
            });
            assertThat(topics.values())
                    .allSatisfy(topic -> assertThat(topic.partitions())
                            .hasSize(PARTITIONS)
                            .allMatch(partition -> partition.leader() != null));
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(directories()).isEqualTo(expectedDirectories(topics)));
        }
    }

    /// Each partition's directory, and whose it is.
    private static Map<String, String> expectedDirectories(Map<String, TopicDescription> topics) {
        var expected = new HashMap<String, String>();
        topics.forEach((name, topic) -> topic.partitions()
                .forEach(partition -> expected.put(
                        name + "-" + partition.partition(), topic.topicId().toString())));
        return expected;
    }

    private Map<String, String> directories() throws IOException {
        var found = new HashMap<String, String>();
        try (var entries = Files.list(directory)) {
            for (var entry : entries.filter(
                            path -> path.getFileName().toString().startsWith("round-"))
                    .toList()) {
                found.put(
                        entry.getFileName().toString(),
                        Files.readAllLines(entry.resolve("partition.metadata"))
                                .getLast()
                                .replace("topic_id: ", ""));
            }
        }
        return found;
    }

    private Process running() {
        if (process == null) {
            throw new IllegalStateException("no broker was started");
        }
        return process;
    }

    private void start() throws IOException {
        var output = work.resolve("output.txt");
        Files.deleteIfExists(output);
        process = ChildJvm.start(
                output,
                "",
                "io.vitrine.BareBroker",
                directory.toString(),
                String.valueOf(port),
                "log.segment.delete.delay.ms=0",
                "metadata.log.segment.bytes=8192",
                "metadata.log.max.record.bytes.between.snapshots=4096",
                "metadata.max.retention.bytes=8192");
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> {
                    var printed = Files.readString(output);
                    assertThat(running().isAlive())
                            .as("the broker lives: %s", printed)
                            .isTrue();
                    return printed.contains("damaged ranges");
                });
        assertThat(Files.readString(output)).doesNotContain("is offline", "ERROR");
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
