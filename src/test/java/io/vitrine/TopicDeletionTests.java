package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.AppendOutcome;
import io.vitrine.partition.Durability;
import io.vitrine.partition.Partition;
import io.vitrine.record.Batches;
import io.vitrine.record.Codec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A topic is deleted while something is going on in it.
class TopicDeletionTests {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(20);
    private static final int MIB = 1 << 20;

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private RunningBroker broker;

    private void start(Map<String, String> settings) {
        var all = new HashMap<>(GroupClients.QUICK_GROUPS);
        all.put("log.segment.delete.delay.ms", "0");
        all.put("log.initial.task.delay.ms", "0");
        all.putAll(settings);
        broker = RunningBroker.in(directory, all);
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    @Test
    void aCompactionEndsAndLeavesNoFileOpen() throws Exception {
        start(Map.of(
                "log.cleanup.policy", "compact",
                "log.segment.bytes", "65536",
                "log.cleaner.backoff.ms", "10",
                "log.cleaner.min.cleanable.ratio", "0.01",
                "log.cleaner.io.max.bytes.per.second", "200000"));
        broker.createTopic("states", 1);
        for (int i = 0; i < 20; i++) {
            append("states", keyed(i % 3, 30_000));
        }
        await().atMost(SOON).until(() -> !names("states-0", ".cleaned").isEmpty());

        delete("states");

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(names("", "")).noneMatch(name -> name.startsWith("states")));
        await().atMost(SOON).untilAsserted(() -> assertThat(openFiles()).noneMatch(file -> file.contains("states-0")));
        broker.createTopic("states", 1);
        assertThat(append("states", keyed(1, 10))).isZero();
    }

    @Test
    void anAnswerThatIsBeingSentIsSentToItsEndAndLeavesNoFileOpen() throws Exception {
        start(Map.of());
        broker.createTopic("large", 1);
        var random = new Random(5);
        for (int i = 0; i < 12; i++) {
            append("large", Batches.of(text(random, MIB - 1000)));
        }
        try (var client = new WireClient(broker.port())) {
            client.send(
                    ApiKeys.FETCH,
                    (short) 12,
                    1,
                    fetch("large", Uuid.ZERO_UUID, 0).setMaxWaitMs(0));
            await().atMost(SOON).until(client::hasReceived);

            delete("large");
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(names("", "")).noneMatch(name -> name.startsWith("large")));
            assertThat(openFiles()).anyMatch(file -> file.contains("large-0"));
            var answer = (FetchResponseData) client.receive(ApiKeys.FETCH, (short) 12, 1);

            var records = (MemoryRecords) only(answer).records();
            var offsets = new ArrayList<Long>();
            records.batches().forEach(batch -> {
                batch.ensureValid();
                offsets.add(batch.baseOffset());
            });
            assertThat(offsets).hasSize(12);
        }
        await().atMost(SOON).untilAsserted(() -> assertThat(openFiles()).noneMatch(file -> file.contains("large-0")));
    }

    /// Though another topic has the name by then.
    @ParameterizedTest
    @ValueSource(shorts = {12, 13, 17})
    void whoWaitsIsToldAtOnce(short version) throws Exception {
        start(Map.of());
        broker.createTopic("orders", 1);
        append("orders", Batches.of("former"));
        var id = broker.broker()
                .metadata()
                .image()
                .findTopic("orders")
                .orElseThrow()
                .id();
        var watchers = partition("orders").watchers();
        try (var client = new WireClient(broker.port())) {
            client.send(ApiKeys.FETCH, version, 1, fetch("orders", id, 1));
            await().atMost(SOON).until(watchers::count, count -> count == 1);

            delete("orders");
            broker.createTopic("orders", 1);

            var answer = (FetchResponseData) client.receive(ApiKeys.FETCH, version, 1);
            // By its name, the new one may be found.
            assertThat(Errors.forCode(only(answer).errorCode()))
                    .isIn(
                            Errors.UNKNOWN_TOPIC_OR_PARTITION,
                            version < 13 ? Errors.OFFSET_OUT_OF_RANGE : Errors.UNKNOWN_TOPIC_OR_PARTITION);
            assertThat(watchers.count()).isZero();
            append("orders", Batches.of("new"));
            var next = broker.broker()
                    .metadata()
                    .image()
                    .findTopic("orders")
                    .orElseThrow()
                    .id();
            var again = (FetchResponseData) client.call(ApiKeys.FETCH, version, fetch("orders", next, 0));
            assertThat(((MemoryRecords) only(again).records()).batches()).hasSize(1);
        }
    }

    @Test
    void whatItWasGivenStaysCounted() throws Exception {
        start(Map.of());
        broker.createTopic("orders", 1);
        append("orders", Batches.of("a", "b"));

        delete("orders");

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(
                                broker.broker().partitions().removed().totals().records())
                        .isEqualTo(2));
    }

    @Test
    void aShareGroupForgetsIt() throws Exception {
        start(Map.of(
                "auto.create.topics.enable", "false",
                "group.share.min.heartbeat.interval.ms", "100",
                "group.share.heartbeat.interval.ms", "100",
                "group.share.assignment.interval.ms", "0",
                "share.coordinator.state.topic.num.partitions", "2"));
        broker.createTopic("jobs", 1);
        var id = broker.broker()
                .metadata()
                .image()
                .findTopic("jobs")
                .orElseThrow()
                .id();
        var clients = new GroupClients(broker);
        try (var member = new KafkaShareConsumer<>(
                Map.<String, Object>of(
                        "bootstrap.servers", broker.bootstrapServers(),
                        "group.id", "workers",
                        "metadata.max.age.ms", "100"),
                new StringDeserializer(),
                new StringDeserializer())) {
            member.subscribe(List.of("jobs"));
            await().atMost(SOON).until(() -> {
                clients.produce("jobs", 1, 1);
                return !member.poll(POLL).isEmpty();
            });
            assertThat(broker.broker().shares().views("workers"))
                    .extracting(view -> view.key().topicId())
                    .containsExactly(id);

            delete("jobs");

            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(broker.broker().shares().views("workers"))
                            .isEmpty());
            broker.createTopic("jobs", 1);
            await().atMost(SOON).until(() -> {
                clients.produce("jobs", 1, 1);
                return !member.poll(POLL).isEmpty();
            });
            assertThat(broker.broker().shares().views("workers"))
                    .extracting(view -> view.key().topicId())
                    .doesNotContain(id);
        }
    }

    @Test
    void manyIdsThatNobodyKnowsTakeNoLongerThanTheirNumber() throws Exception {
        start(Map.of());
        try (var client = new WireClient(broker.port())) {
            client.send(ApiKeys.DELETE_TOPICS, (short) 6, 1, deletion(200_000));

            assertThat(client.receiveFrame().length).isBetween(200_000 * 20, 200_000 * 100);
        }
        try (var client = new WireClient(broker.port())) {
            client.send(ApiKeys.DELETE_TOPICS, (short) 6, 1, deletion(300_000));

            assertThat(client.isClosedByBroker()).isTrue();
        }
        assertThat(broker.broker().refusals().latest(1).getFirst().detail()).contains("more than the 4194304");
    }

    private static DeleteTopicsRequestData deletion(int count) {
        var request = new DeleteTopicsRequestData().setTimeoutMs(60_000);
        for (int i = 0; i < count; i++) {
            request.topics().add(new DeleteTopicState().setName(null).setTopicId(new Uuid(1, i + 1)));
        }
        return request;
    }

    private static FetchRequestData fetch(String topic, Uuid id, long offset) {
        var request = new FetchRequestData().setMaxWaitMs(60_000).setMinBytes(1).setMaxBytes(16 * MIB);
        request.topics()
                .add(new FetchTopic()
                        .setTopic(topic)
                        .setTopicId(id)
                        .setPartitions(List.of(new FetchPartition()
                                .setPartition(0)
                                .setFetchOffset(offset)
                                .setPartitionMaxBytes(16 * MIB))));
        return request;
    }

    private static PartitionData only(FetchResponseData answer) {
        return answer.responses().getFirst().partitions().getFirst();
    }

    private long append(String topic, ByteBuffer batch) {
        var outcome =
                partition(topic).append(batch, Durability.PAGE_CACHE, true).join();
        return ((AppendOutcome.Appended) outcome).baseOffset();
    }

    private Partition partition(String topic) {
        return broker.broker().partitions().find(new TopicPartition(topic, 0)).orElseThrow();
    }

    private void delete(String topic) throws IOException {
        var metadata = broker.broker().metadata();
        metadata.topicChanges()
                .delete(List.of(metadata.image().findTopic(topic).orElseThrow().id()));
    }

    private List<String> names(String below, String ending) throws IOException {
        try (var entries = Files.list(directory.resolve(below))) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> name.endsWith(ending))
                    .toList();
        }
    }

    /// Files of the broker's that this process has open.
    private List<String> openFiles() throws IOException {
        try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors
                    .map(TopicDeletionTests::target)
                    .filter(target -> target.startsWith(directory.toString()))
                    .toList();
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            // Closed meanwhile.
            return "";
        }
    }

    private static ByteBuffer keyed(int key, int length) {
        var keyBytes = ("key-" + key).getBytes(StandardCharsets.UTF_8);
        return Batches.of(Codec.NONE, new SimpleRecord(Batches.TIMESTAMP, keyBytes, new byte[length]));
    }

    private static String text(Random random, int length) {
        return random.ints(length, 'a', 'z' + 1)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
