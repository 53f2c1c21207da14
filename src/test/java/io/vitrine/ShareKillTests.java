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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A broker that is killed while a share group is at work: what was acknowledged is never given again, and all else
/// is.
class ShareKillTests {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final int RECORDS = 60;
    private static final int KILLS = 2;

    @TempDir
    Path directory;

    @TempDir
    Path work;

    private final Set<Long> accepted = new TreeSet<>();
    private final Set<Long> released = new TreeSet<>();
    private int port;
    private long produced;

    @SuppressWarnings("NullAway.Init")
    private Process process;

    @AfterEach
    void kill() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    @Test
    void whatWasAcknowledgedHoldsHoweverTheBrokerEnds() throws Exception {
        port = freePort();
        start();
        try (var member = member()) {
            begin(member);
            for (int round = 0; round < KILLS; round++) {
                produce(RECORDS);
                acceptHalf(member);
                process.destroyForcibly().waitFor();
                start();
            }
        }

        try (var last = member()) {
            await().atMost(SOON).until(() -> {
                last.poll(POLL).forEach(record -> {
                    assertThat(accepted).doesNotContain(record.offset());
                    if (released.contains(record.offset())) {
                        assertThat(record.deliveryCount().orElse((short) 0)).isGreaterThan((short) 1);
                    }
                    accepted.add(record.offset());
                    last.acknowledge(record);
                });
                last.commitSync();
                return accepted.size() == produced - accepted.iterator().next();
            });
        }
    }

    /// Says something of each record that comes, until there are enough, and remembers what the broker has taken.
    private void acceptHalf(KafkaShareConsumer<String, String> member) {
        int enough = accepted.size() + RECORDS / 2;
        await().atMost(SOON).until(() -> {
            var given = new ArrayList<ConsumerRecord<String, String>>();
            member.poll(POLL).forEach(given::add);
            for (var record : given) {
                assertThat(accepted).doesNotContain(record.offset());
                boolean accepts =
                        record.offset() % 2 == 0 || record.deliveryCount().orElse((short) 0) > 2;
                member.acknowledge(record, accepts ? AcknowledgeType.ACCEPT : AcknowledgeType.RELEASE);
            }
            var results = member.commitSync();
            if (results.values().stream().allMatch(failure -> failure.isEmpty()) && !results.isEmpty()) {
                for (var record : given) {
                    boolean accepts =
                            record.offset() % 2 == 0 || record.deliveryCount().orElse((short) 0) > 2;
                    (accepts ? accepted : released).add(record.offset());
                }
            }
            return accepted.size() >= enough;
        });
    }

    private KafkaShareConsumer<String, String> member() {
        var member = new KafkaShareConsumer<>(
                Map.<String, Object>of(
                        "bootstrap.servers", "127.0.0.1:" + port,
                        "group.id", "workers",
                        "share.acknowledgement.mode", "explicit",
                        "max.poll.records", "10",
                        "reconnect.backoff.max.ms", "100"),
                new StringDeserializer(),
                new StringDeserializer());
        member.subscribe(List.of("jobs"));
        return member;
    }

    /// A group begins at the end, so a first record tells that it has begun.
    private void begin(KafkaShareConsumer<String, String> member) {
        var begun = new ArrayList<ConsumerRecord<String, String>>();
        await().atMost(SOON).until(() -> {
            produce(1);
            member.poll(POLL).forEach(record -> {
                begun.add(record);
                member.acknowledge(record);
            });
            assertThat(member.commitSync().values()).allMatch(failure -> failure.isEmpty());
            begun.forEach(record -> accepted.add(record.offset()));
            return !begun.isEmpty();
        });
    }

    private void produce(int count) {
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", "127.0.0.1:" + port, "linger.ms", "5"),
                new StringSerializer(),
                new StringSerializer())) {
            for (int i = 0; i < count; i++) {
                producer.send(new ProducerRecord<>("jobs", 0, null, "value"));
                produced++;
            }
        }
    }

    private void start() throws IOException {
        process = ChildJvm.start(
                work.resolve("output.txt"), "", "io.vitrine.BareBroker", directory.toString(), String.valueOf(port));
        await().atMost(SOON)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> Files.readString(work.resolve("output.txt")).contains("damaged ranges"));
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
