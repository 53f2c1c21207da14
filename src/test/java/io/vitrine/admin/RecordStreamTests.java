package io.vitrine.admin;

import static io.vitrine.inspect.SampleBroker.TIMESTAMP;
import static io.vitrine.inspect.SampleBroker.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.vitrine.inspect.LiveTails;
import io.vitrine.inspect.ReadTotals;
import io.vitrine.inspect.SampleBatches;
import io.vitrine.metadata.TopicPartition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordStreamTests extends RestScenario {
    private static final int SLOW_RECORDS = 40_000;

    private int sent;

    @Override
    void prepare() throws Exception {
        for (var topic : List.of("live", "resumed", "filtered", "old")) {
            broker.createTopic(topic, 3);
        }
        broker.createTopic("slow", 2);
        broker.createTopic("idle", 1);
        broker.createTopic("shrinking", 1);
        for (int i = 0; i < 9; i++) {
            send("old", i % 3, "key-" + i);
        }
        broker.createTopicWith("cut", SampleBatches.damaged(0), SampleBatches.withoutHeaderCount(1));
    }

    @AfterEach
    void nobodyListensAnyMore() {
        await().until(() -> rest.bean(LiveTails.class).openCount() == 0
                && rest.bean(ReadTotals.class).open() == 0);
    }

    @Test
    void recordsComeAsTheyAreAppended() throws Exception {
        try (var stream = stream("live", "")) {
            var start = stream.next();
            assertThat(start.name()).isEqualTo("start");
            assertThat(start.data().toString())
                    .isEqualTo("{\"topic\":\"live\",\"positions\":{\"0\":0,\"1\":0,\"2\":0}}");
            for (int i = 0; i < 20; i++) {
                send("live", i % 3, "key-" + i);

                assertThat(stream.nextKey()).isEqualTo("key-" + i);
            }
        }
    }

    @Test
    void whatIsThereAlreadyComesFirstIfAskedFor() throws Exception {
        try (var all = stream("old", "&from=earliest");
                var last = stream("old", "&from=tail:2");
                var one = stream("old", "&partition=1&from=1")) {
            all.next();
            last.next();
            one.next();

            assertThat(keys(all, 9)).isEqualTo(names(0, 9));
            assertThat(keys(last, 2)).isEqualTo(names(7, 9));
            assertThat(keys(one, 2)).containsExactly("key-4", "key-7");
        }
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "4", "9", "10"})
    void whoComesBackMissesNothingAndSeesNothingTwice(int read) throws Exception {
        var topic = "resumed-" + read;
        broker.createTopic(topic, 3);
        var seen = new ArrayList<String>();
        String id;
        try (var stream = stream(topic, "")) {
            stream.next();
            for (int i = 0; i < 10; i++) {
                send(topic, i % 3, "key-" + i);
            }
            seen.addAll(keys(stream, read));
            id = stream.lastId();
            stream.reset();
        }
        for (int i = 10; i < 20; i++) {
            send(topic, i % 3, "key-" + i);
        }

        try (var stream = stream(topic, "", id)) {
            assertThat(stream.next().id()).isEqualTo(id);
            seen.addAll(keys(stream, 20 - read));
        }

        assertThat(seen).hasSize(20).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(names(0, 20));
    }

    @Test
    void filtersApplyAndHeartbeatsCarryThePositionMeanwhile() throws Exception {
        try (var stream = stream("filtered", "&keyPrefix=wanted&contains=val")) {
            var start = stream.next();
            send("filtered", 0, "other");
            await().until(() -> {
                stream.awaitHeartbeat();
                return !stream.lastId().equals(start.id());
            });
            send("filtered", 1, "wanted");

            assertThat(stream.nextKey()).isEqualTo("wanted");
        }
    }

    @Test
    void aSlowReaderIsToldWhatItMissedAndSlowsNobody() throws Exception {
        var value = "v".repeat(1000);
        double before = dropped();
        try (var stream = stream("slow", "&maxLag=500")) {
            stream.next();
            send("slow", 0, "first");
            assertThat(stream.nextKey()).isEqualTo("first");
            // Nobody reads while these are appended, and they are far more than sockets hold.
            for (int i = 1; i < SLOW_RECORDS; i += 100) {
                var records = IntStream.range(i, Math.min(i + 100, SLOW_RECORDS))
                        .mapToObj(number -> new SimpleRecord(TIMESTAMP, bytes("key-" + number), bytes(value)))
                        .toArray(SimpleRecord[]::new);
                broker.append(new TopicPartition("slow", i / 100 % 2), Compression.NONE, records);
            }
            long shown = 1;
            long left = 0;
            var next = new long[] {1, 0};
            while (shown + left < SLOW_RECORDS) {
                var event = stream.next();
                if (event.name().equals("dropped")) {
                    left += event.data().get("records").longValue();
                    event.data().get("gaps").forEach(gap -> {
                        int partition = gap.get("partition").intValue();
                        assertThat(gap.get("from").longValue()).isEqualTo(next[partition]);
                        next[partition] = gap.get("to").longValue();
                    });
                } else {
                    int partition = event.data().get("partition").intValue();
                    assertThat(event.data().get("offset").longValue()).isEqualTo(next[partition]++);
                    shown++;
                }
            }

            assertThat(left).isPositive();
            assertThat(shown).isGreaterThan(1);
            assertThat(dropped() - before).isEqualTo((double) left);
            send("slow", 1, "still there");
            assertThat(stream.nextKey()).isEqualTo("still there");
        }
    }

    @Test
    void damageIsAnEventAndRecordsGoOnBehindIt() throws Exception {
        try (var stream = stream("cut", "&from=earliest")) {
            stream.next();
            var damaged = stream.next();

            assertThat(damaged.name()).isEqualTo("damaged");
            assertThat(damaged.data().get("baseOffset").longValue()).isZero();
            assertThat(stream.next().data().get("offset").longValue()).isEqualTo(1);
        }
    }

    @Test
    void whatIsDeletedBeforeSomebodyComesBackIsTold() throws Exception {
        String id;
        try (var stream = stream("shrinking", "")) {
            id = stream.next().id();
        }
        for (int i = 0; i < 5; i++) {
            send("shrinking", 0, "key-" + i);
        }
        var partition =
                broker.partitions().find(new TopicPartition("shrinking", 0)).orElseThrow();
        broker.partitions().deleteRecords(partition, 3);

        try (var stream = stream("shrinking", "", id)) {
            stream.next();
            var gone = stream.next();
            assertThat(gone.name()).isEqualTo("damaged");
            assertThat(gone.data().get("deleted").get("logStartOffset").longValue())
                    .isEqualTo(3);
            assertThat(keys(stream, 2)).isEqualTo(names(3, 5));
        }
    }

    @Test
    void aReaderWhoIsGoneIsNoticedThoughNothingHappens() throws Exception {
        var stream = stream("idle", "");
        stream.next();
        assertThat(rest.bean(LiveTails.class).openCount()).isEqualTo(1);

        stream.reset();

        await().until(() -> rest.bean(LiveTails.class).openCount() == 0);
        assertThat(broker.partitions()
                        .find(new TopicPartition("idle", 0))
                        .orElseThrow()
                        .watchers()
                        .count())
                .isZero();
    }

    @Test
    void thereIsALimitAndItIsGivenBack() throws Exception {
        var open = new ArrayList<EventStream>();
        try {
            for (int i = 0; i < LiveTails.MAX_OPEN; i++) {
                open.add(stream("idle", ""));
                open.getLast().next();
            }

            var refused = rest.get("/api/v1/topics/idle/records/stream", "text/event-stream");
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.body()).contains("Too many streams");
            // Readers of pages have places of their own.
            assertThat(rest.get(200, "/api/v1/topics/old/records").get("items").size())
                    .isEqualTo(9);
        } finally {
            for (var stream : open) {
                stream.reset();
            }
        }
        await().until(() -> rest.bean(LiveTails.class).openCount() == 0);
        stream("idle", "").reset();
    }

    @Test
    void theMetadataLogCanBeFollowed() throws Exception {
        try (var stream = stream("__cluster_metadata", "")) {
            stream.next();
            broker.createTopic("brand-new", 1);

            assertThat(stream.next().data().get("value").get("data").get("name").stringValue())
                    .isEqualTo("brand-new");
        }
    }

    @Test
    void wrongQuestionsAreProblems() throws Exception {
        var bad = rest.get("/api/v1/topics/old/records/stream?maxLag=0&limit=3", "*/*");
        assertThat(bad.statusCode()).isEqualTo(400);
        assertThat(bad.body()).contains("\"parameter\":\"maxLag\"", "\"parameter\":\"limit\"");
        assertThat(rest.get("/api/v1/topics/nope/records/stream", "*/*").statusCode())
                .isEqualTo(404);
        assertThatThrownBy(() -> stream("old", "", "nonsense"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("400");
        assertThat(rest.head("/api/v1/topics/old/records/stream", Map.of()).statusCode())
                .isEqualTo(200);
    }

    @Test
    void whoListensIsToldThatTheBrokerStops() throws Exception {
        EventStream stream;
        try (var other = new RestServer(broker)) {
            stream = new EventStream(other.base(), "/api/v1/topics/idle/records/stream", "");
            stream.next();
        }

        try (stream) {
            var end = stream.next();
            assertThat(end.name()).isEqualTo("end");
            assertThat(end.data().get("reason").stringValue()).isEqualTo("the broker is stopping");
            assertThat(stream.isAtEnd()).isTrue();
        }
    }

    private double dropped() {
        return rest.bean(MeterRegistry.class)
                .get("kafka.rest.streams.records.dropped")
                .functionCounter()
                .count();
    }

    private EventStream stream(String topic, String query) throws IOException {
        return stream(topic, query, "");
    }

    private EventStream stream(String topic, String query, String lastEventId) throws IOException {
        return new EventStream(
                rest.base(), "/api/v1/topics/%s/records/stream?heartbeatMs=100%s".formatted(topic, query), lastEventId);
    }

    private void send(String topic, int partition, String key) {
        broker.append(
                new TopicPartition(topic, partition),
                Compression.NONE,
                new SimpleRecord(TIMESTAMP + sent++, bytes(key), bytes("value")));
    }

    private static List<String> keys(EventStream stream, int count) throws IOException {
        var keys = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            keys.add(stream.nextKey());
        }
        return keys;
    }

    private static List<String> names(int from, int to) {
        return IntStream.range(from, to).mapToObj(number -> "key-" + number).toList();
    }
}
