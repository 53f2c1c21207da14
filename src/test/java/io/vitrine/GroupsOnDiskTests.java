package io.vitrine;

import static io.vitrine.GroupClients.QUICK_GROUPS;
import static io.vitrine.GroupClients.poll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vitrine.coordinator.CoordinatorLoad;
import io.vitrine.coordinator.TappedRecord;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.group.GroupCoordinatorRecordSerde;
import org.apache.kafka.coordinator.group.generated.OffsetCommitKey;
import org.apache.kafka.coordinator.group.generated.OffsetCommitValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Groups in their logs: what survives, what is read of others, and what is left out.
class GroupsOnDiskTests {
    private static final Path OF_KAFKA = Path.of("src/test/resources/groups/written-by-kafka-4.4.0.zip");

    @TempDir
    Path directory;

    @TempDir
    Path work;

    @Test
    void whatWasAcknowledgedIsThereAfterAKill() throws Exception {
        var acknowledged = new AtomicLong();
        int port = freePort();
        var process = ChildJvm.start(
                work.resolve("output"), "", BareBroker.class.getName(), directory.toString(), String.valueOf(port));
        try {
            var clients = new GroupClients("127.0.0.1:" + port);
            clients.produce("orders", 1, 1);
            var committer = Thread.ofPlatform().start(() -> commitUntilItFails(clients, acknowledged));
            await().atMost(Duration.ofSeconds(60)).until(() -> acknowledged.get() >= 50);

            process.destroyForcibly().waitFor();
            committer.join();
        } finally {
            process.destroyForcibly();
        }

        try (var broker = RunningBroker.in(directory, QUICK_GROUPS)) {
            assertThat(new GroupClients(broker).committed("g").get("orders-0"))
                    .isBetween(acknowledged.get(), acknowledged.get() + 1);
        }
    }

    private static void commitUntilItFails(GroupClients clients, AtomicLong acknowledged) {
        var orders = new TopicPartition("orders", 0);
        try (var admin = clients.admin(Map.of("default.api.timeout.ms", "5000", "request.timeout.ms", "2000"))) {
            for (long offset = 1; ; offset++) {
                admin.alterConsumerGroupOffsets("g", Map.of(orders, new OffsetAndMetadata(offset)))
                        .all()
                        .get(30, TimeUnit.SECONDS);
                acknowledged.set(offset);
            }
        } catch (Exception e) {
            // The broker is gone, as it should be.
            Thread.onSpinWait();
        }
    }

    @Test
    void groupsOfApacheKafkaAreServed() throws Exception {
        unzip(OF_KAFKA, directory);

        try (var broker = RunningBroker.in(directory)) {
            var clients = new GroupClients(broker);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> broker.broker().groups().loads().size() == 4
                            && broker.broker().groups().loads().stream()
                                    .allMatch(load -> load.state() == CoordinatorLoad.State.LOADED));
            try (var admin = clients.admin()) {
                assertThat(admin.listGroups().all().get())
                        .extracting(GroupListing::groupId)
                        .containsExactlyInAnyOrder("g", "c", "static");
            }
            assertThat(clients.committed("g")).isEqualTo(Map.of("conversation-0", 42L));
            assertThat(broker.broker().groups().loads())
                    .allSatisfy(load -> assertThat(load.skipped()).isZero());
        }
    }

    @Test
    void whatIsWrittenIsWhatKafkaReads() throws Exception {
        var heard = new ConcurrentLinkedQueue<TappedRecord>();
        try (var broker = RunningBroker.in(directory, QUICK_GROUPS)) {
            broker.broker().groups().listen(heard::add);
            consume(broker, "classic", Map.of());
            consume(broker, "newer", Map.of("group.protocol", "consumer"));
        }

        var records = readAll();

        assertThat(records).hasSameSizeAs(heard).hasSizeGreaterThan(5);
        var committed = new TreeMap<String, Long>();
        for (var record : records) {
            var value = record.value();
            if (record.key() instanceof OffsetCommitKey key && value != null) {
                committed.put(key.group(), ((OffsetCommitValue) value.message()).offset());
            }
        }
        assertThat(committed).isEqualTo(Map.of("classic", 3L, "newer", 3L));
    }

    @Test
    void damageCostsTheGroupsThatWereInItAndNoOthers() throws Exception {
        var orders = new TopicPartition("orders", 0);
        try (var broker = RunningBroker.in(directory, Map.of("offsets.topic.num.partitions", "1"))) {
            broker.createTopic("orders", 1);
            try (var admin = new GroupClients(broker).admin()) {
                for (var group : List.of("first", "second", "third")) {
                    admin.alterConsumerGroupOffsets(group, Map.of(orders, new OffsetAndMetadata(5)))
                            .all()
                            .get();
                }
            }
        }
        damageBatch(directory.resolve("__consumer_offsets-0/00000000000000000000.log"), 1);

        try (var broker = RunningBroker.in(directory)) {
            var clients = new GroupClients(broker);
            assertThat(clients.committed("first")).isEqualTo(Map.of("orders-0", 5L));
            assertThat(clients.committed("second")).isEmpty();
            assertThat(clients.committed("third")).isEqualTo(Map.of("orders-0", 5L));
            assertThat(broker.broker().groups().loads()).singleElement().satisfies(load -> {
                assertThat(load.state()).isEqualTo(CoordinatorLoad.State.LOADED);
                assertThat(load.damagedRanges()).isEqualTo(1);
            });
        }
    }

    private static void consume(RunningBroker broker, String group, Map<String, String> settings) {
        var clients = new GroupClients(broker);
        if (broker.broker().metadata().image().findTopic("orders").isEmpty()) {
            broker.createTopic("orders", 1);
            clients.produce("orders", 1, 3);
        }
        try (var member = clients.member(group, settings)) {
            member.subscribe(List.of("orders"));
            assertThat(poll(member, 3)).hasSize(3);
            member.commitSync();
        }
    }

    /// Reads the logs as Kafka would: every checksum, every offset, every record through its own serde.
    private List<CoordinatorRecord> readAll() throws IOException {
        var serde = new GroupCoordinatorRecordSerde();
        var records = new ArrayList<CoordinatorRecord>();
        for (int partition = 0; partition < 4; partition++) {
            var file = directory.resolve("__consumer_offsets-%d/00000000000000000000.log".formatted(partition));
            long next = 0;
            for (var batch : MemoryRecords.readableRecords(ByteBuffer.wrap(Files.readAllBytes(file)))
                    .batches()) {
                batch.ensureValid();
                assertThat(batch.baseOffset()).isEqualTo(next);
                next = batch.nextOffset();
                batch.forEach(record -> records.add(serde.deserialize(record.key(), record.value())));
            }
        }
        return records;
    }

    private static void damageBatch(Path file, int index) throws IOException {
        var batches = MemoryRecords.readableRecords(ByteBuffer.wrap(Files.readAllBytes(file)))
                .batches()
                .iterator();
        int position = 0;
        for (int i = 0; i < index; i++) {
            position += batches.next().sizeInBytes();
        }
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {-1, -1, -1}), position + 70L);
        }
    }

    private static void unzip(Path zip, Path target) throws IOException {
        try (var archive = FileSystems.newFileSystem(zip)) {
            var root = archive.getPath("/");
            try (var entries = Files.walk(root)) {
                for (var entry : entries.filter(Files::isRegularFile).toList()) {
                    var file = target.resolve(root.relativize(entry).toString());
                    Files.createDirectories(file.getParent());
                    Files.copy(entry, file);
                }
            }
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
