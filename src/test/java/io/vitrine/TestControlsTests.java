package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Waiting, and upkeep at once.
@TestInstance(Lifecycle.PER_CLASS)
class TestControlsTests {
    @TempDir
    static Path directory;

    private RunningBroker broker;
    private GroupClients clients;
    private Rest rest;

    @BeforeAll
    void start() {
        var settings = new HashMap<>(GroupClients.QUICK_GROUPS);
        settings.put("vitrine.test-controls", "true");
        broker = RunningBroker.in(directory, settings);
        clients = new GroupClients(broker);
        rest = new Rest(broker);
    }

    @AfterAll
    void stop() {
        rest.close();
        broker.close();
    }

    @Test
    void whereTheyAreOffEveryPathSaysHowToSwitchThemOn(@TempDir Path other) {
        try (var plain = RunningBroker.in(other);
                var web = new Rest(plain)) {
            for (var path : List.of("/wait?topic=a", "/retention", "/anything/else", "/")) {
                var problem = web.get(404, "/api/v1/test" + path);

                assertThat(problem.path("detail").stringValue()).contains("vitrine.test-controls=true");
            }
            web.ask(404, "POST", "/api/v1/test/retention", "");
            assertThat(web.get("/api/v1/cluster").path("testControls").booleanValue())
                    .isFalse();
        }
        assertThat(rest.get("/api/v1/cluster").path("testControls").booleanValue())
                .isTrue();
    }

    /// Whatever changes something has to be asked for by a program, or by a page of our own.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PATCH | /api/v1/topics/guarded/configs | {\"set\":{\"retention.ms\":1}}",
                "PATCH | /api/v1/brokers/1/configs | {\"set\":{\"log.retention.ms\":1}}",
                "PATCH | /api/v1/brokers/default/configs | {\"set\":{\"log.retention.ms\":1}}",
                "PATCH | /api/v1/groups/guarded/configs | {\"set\":{\"consumer.heartbeat.interval.ms\":5000}}",
                "PATCH | /api/v1/features | {\"updates\":[{\"feature\":\"streams.version\",\"level\":0}]}",
                "POST | /api/v1/topics/guarded/records | {\"value\":\"v\"}",
                "DELETE | /api/v1/topics/guarded/partitions/0/records?before=latest | ''",
                "POST | /api/v1/test/reset | ''",
                "POST | /api/v1/test/snapshots/foreign | ''",
                "POST | /api/v1/test/snapshots/foreign/restore | ''",
                "DELETE | /api/v1/test/snapshots/foreign | ''",
                "POST | /api/v1/test/retention | ''",
                "POST | /api/v1/test/compaction | ''",
                "POST | /api/v1/test/flush | ''"
            })
    void noPageFromElsewhereChangesAnything(String method, String path, String body) {
        if (broker.broker().metadata().image().findTopic("guarded").isEmpty()) {
            broker.createTopic("guarded", 1);
            clients.produce("guarded", 1, 2);
        }
        long before = broker.broker().metadata().logEndOffset();

        for (var header : List.of(
                Map.entry("Origin", "http://elsewhere.example"),
                Map.entry("Origin", "null"),
                Map.entry("Sec-Fetch-Site", "cross-site"))) {
            var headers = Map.of("Content-Type", "application/json", header.getKey(), header.getValue());
            var answer = rest.send(method, path, body, headers);

            assertThat(answer.statusCode()).as("%s: %s", header, answer.body()).isEqualTo(403);
            assertThat(answer.body()).contains("Foreign origin");
        }
        assertThat(broker.broker().metadata().logEndOffset()).isEqualTo(before);
        assertThat(rest.get("/api/v1/topics/guarded/records").path("items")).hasSize(2);
        assertThat(rest.get("/api/v1/test/snapshots").path("items")).isEmpty();
    }

    @Test
    void waitingForATopicEndsWhenItIsMade() {
        var waited = ask("/api/v1/test/wait?topic=comes-later&timeoutMs=30000");

        broker.createTopic("comes-later", 3);

        var answer = waited.join();
        assertThat(answer.path("reached").booleanValue()).isTrue();
        assertThat(answer.path("state").toString()).isEqualTo("{\"exists\":true,\"partitions\":3,\"unready\":{}}");
    }

    @Test
    void waitingForAnEndOffsetEndsWithTheRecordBeforeIt() {
        broker.createTopic("growing", 1);
        var waited = ask("/api/v1/test/wait?topic=growing&partition=0&endOffset=25&timeoutMs=30000");

        clients.produce("growing", 1, 20);
        assertThat(rest.get(504, "/api/v1/test/wait?topic=growing&partition=0&endOffset=25&timeoutMs=0")
                        .path("state")
                        .path("endOffset")
                        .intValue())
                .isEqualTo(20);
        assertThat(waited).isNotDone();
        clients.produce("growing", 1, 5);

        assertThat(waited.join().path("state").path("endOffset").intValue()).isEqualTo(25);
    }

    @ParameterizedTest
    @CsvSource({"classic", "consumer"})
    void waitingForAGroupEndsWhenItIsStableWithSoManyMembersAndHasReadEverything(String protocol) {
        var topic = "shared-" + protocol;
        broker.createTopic(topic, 2);
        clients.produce(topic, 2, 5);
        var stable = ask("/api/v1/test/wait?group=%s&members=2&timeoutMs=30000".formatted(topic));
        var read = ask("/api/v1/test/wait?group=%s&lag=0&timeoutMs=30000".formatted(topic));
        var more = Map.of("group.protocol", protocol);

        try (var one = clients.member(topic, more);
                var two = clients.member(topic, more)) {
            one.subscribe(List.of(topic));
            two.subscribe(List.of(topic));
            GroupClients.settle(GroupClients.partitions(topic, 2), List.of(one, two));
            assertThat(stable.join().path("state").toString()).isEqualTo("{\"state\":\"Stable\",\"members\":2}");
            one.commitSync();
            var behind = rest.get(504, "/api/v1/test/wait?group=%s&lag=0&timeoutMs=0".formatted(topic));
            for (var member : List.of(one, two)) {
                member.seekToEnd(member.assignment());
                member.assignment().forEach(member::position);
                member.commitSync();
            }

            assertThat(behind.path("errorName").stringValue()).isEqualTo("REQUEST_TIMED_OUT");
            assertThat(behind.path("state").path("lag").intValue()).isPositive();
            assertThat(read.join().path("state").path("lag").intValue()).isZero();
        }
    }

    @Test
    void whatDoesNotComeIsToldWithWhatWasFound() {
        var noTopic = rest.get(504, "/api/v1/test/wait?topic=never&timeoutMs=1");
        var noPartition = rest.get(504, "/api/v1/test/wait?topic=never&partition=3&endOffset=1&timeoutMs=1");
        var noGroup = rest.get(504, "/api/v1/test/wait?group=no%2Fbody&members=1&timeoutMs=1");

        assertThat(noTopic.path("state").toString()).isEqualTo("{\"exists\":false}");
        assertThat(noPartition.path("state").toString()).isEqualTo("{\"exists\":false,\"endOffset\":null}");
        assertThat(noGroup.path("state").path("reason").stringValue()).startsWith("GROUP_ID_NOT_FOUND");
    }

    @ParameterizedTest
    @CsvSource({
        "''",
        "?topic=a&group=b",
        "?topic=a&partition=0",
        "?topic=a&endOffset=0",
        "?partition=0&endOffset=0",
        "?group=a",
        "?group=a&members=1&lag=0",
        "?topic=../a",
        "?topic=a&timeoutMs=60001",
        "?topic=a&timeoutMs=-1",
        "?topic=a&partition=0&endOffset=99999999999999999999",
        "?topic=a&until=then"
    })
    void aWishThatCantBeUnderstoodIsRefused(String query) {
        assertThat(rest.get(400, "/api/v1/test/wait" + query).path("violations"))
                .isNotEmpty();
    }

    @Test
    void retentionRunsAtOnce() {
        broker.createTopic("expiring", 2, Map.of("retention.ms", "1000", "internal.segment.bytes", "1000"));
        broker.createTopic("staying", 1);
        produce("expiring", 1, 0L, 40, "all");
        produce("staying", 0, System.currentTimeMillis(), 3, "all");

        var topic = rest.ask(200, "POST", "/api/v1/test/retention?topic=expiring", "");
        var all = rest.ask(200, "POST", "/api/v1/test/retention", "");

        assertThat(topic.path("items").size()).isEqualTo(2);
        assertThat(topic.path("items").get(0).path("retained").toString())
                .isEqualTo(
                        "{\"formerLogStartOffset\":0,\"logStartOffset\":0,\"segmentsDeleted\":0,\"bytesDeleted\":0}");
        var retained = topic.path("items").get(1).path("retained");
        assertThat(retained.path("logStartOffset").intValue()).isEqualTo(40);
        assertThat(retained.path("segmentsDeleted").intValue()).isGreaterThan(3);
        assertThat(retained.path("bytesDeleted").intValue()).isGreaterThan(3000);
        assertThat(rest.get("/api/v1/topics/expiring/partitions/1")
                        .path("logStartOffset")
                        .intValue())
                .isEqualTo(40);
        assertThat(all.path("partitions").intValue()).isGreaterThanOrEqualTo(3);
        assertThat(all.path("items").findValuesAsString("topic")).doesNotContain("expiring", "staying");
    }

    @Test
    void compactionRunsAtOnceOverAllThatWasWritten() {
        broker.createTopic("latest", 1, Map.of("cleanup.policy", "compact"));
        broker.createTopic("kept", 1);
        produce("latest", 0, System.currentTimeMillis(), 30, "all");

        var compacted = rest.ask(200, "POST", "/api/v1/test/compaction?topic=latest&partition=0", "");
        var again = rest.ask(200, "POST", "/api/v1/test/compaction?topic=latest", "");
        var other = rest.ask(200, "POST", "/api/v1/test/compaction?topic=kept", "");

        var run = compacted.path("items").get(0).path("compacted");
        assertThat(run.path("recordsRead").intValue()).isEqualTo(30);
        assertThat(run.path("recordsKept").intValue()).isEqualTo(3);
        assertThat(rest.get("/api/v1/topics/latest/records").path("items").size())
                .isEqualTo(3);
        assertThat(again.path("items").get(0).path("left").stringValue()).contains("dirty");
        assertThat(other.path("items").get(0).path("left").stringValue()).contains("cleanup.policy");
    }

    @Test
    void whatNobodyWaitedForIsForcedAtOnce() {
        broker.createTopic("lazy", 1);
        produce("lazy", 0, 0L, 7, "1");

        var flushed = rest.ask(200, "POST", "/api/v1/test/flush?topic=lazy", "");

        assertThat(flushed.path("items").get(0).path("flushed").toString())
                .isEqualTo("{\"formerDurableOffset\":0,\"durableOffset\":7}");
    }

    @Test
    void upkeepOfWhatThereIsNotIsRefused() {
        rest.ask(404, "POST", "/api/v1/test/flush?topic=never", "");
        rest.ask(404, "POST", "/api/v1/test/flush?topic=__consumer_offsets&partition=999", "");
        rest.ask(400, "POST", "/api/v1/test/flush?topic=a%2Fb", "");
        rest.ask(400, "POST", "/api/v1/test/flush?partition=0", "");
        rest.ask(400, "POST", "/api/v1/test/retention?force=true", "");
        rest.ask(404, "POST", "/api/v1/test/nothing", "");
        rest.ask(405, "GET", "/api/v1/test/flush", "");
    }

    private CompletableFuture<JsonNode> ask(String path) {
        return CompletableFuture.supplyAsync(() -> rest.get(path), Thread::startVirtualThread);
    }

    private void produce(String topic, int partition, long timestamp, int count, String acks) {
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of(
                        "bootstrap.servers",
                        broker.bootstrapServers(),
                        "acks",
                        acks,
                        "enable.idempotence",
                        "false",
                        "batch.size",
                        "1"),
                new StringSerializer(),
                new StringSerializer())) {
            for (int i = 0; i < count; i++) {
                producer.send(new ProducerRecord<>(topic, partition, timestamp, "key-" + i % 3, "value " + i));
            }
        }
    }
}
