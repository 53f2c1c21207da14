package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Going back to what was, under the hands of clients.
class SnapshotTests extends TestControlsScenario {
    private static final String SNAPSHOTS = "/api/v1/test/snapshots";

    @Test
    void everythingIsAsItWas() {
        broker.createTopic("orders", 2, Map.of("retention.ms", "1000000000"));
        broker.createTopic("deleted-later", 1);
        clients.produce("orders", 2, 5);
        clients.produce("deleted-later", 1, 3);
        commit("readers", "orders", 4);
        var before = state();

        var made = rest.ask(201, "POST", SNAPSHOTS + "/before", "");
        change();
        var restored = rest.ask(200, "POST", SNAPSHOTS + "/before/restore", "");

        assertThat(made.path("partitions").intValue()).isEqualTo(3 + 4);
        assertThat(restored).isEqualTo(made);
        assertThat(state()).isEqualTo(before);
        clients.produce("orders", 2, 2);
        assertThat(values("orders")).hasSize(14);
        rest.ask(200, "POST", SNAPSHOTS + "/before/restore", "");
        assertThat(state()).isEqualTo(before);
    }

    @Test
    void aRestartAfterwardsFindsTheSame() {
        broker.createTopic("orders", 2);
        clients.produce("orders", 2, 5);
        commit("readers", "orders", 4);
        rest.ask(201, "POST", SNAPSHOTS + "/before", "");
        var before = state();
        change();
        rest.ask(200, "POST", SNAPSHOTS + "/before/restore", "");
        stop();

        start();

        assertThat(state()).isEqualTo(before);
        change();
        rest.ask(200, "POST", SNAPSHOTS + "/before/restore", "");
        assertThat(state()).isEqualTo(before);
    }

    @Test
    void configsOfTheBrokerGoBackWithTheLogs() {
        broker.createTopic("orders", 2);
        clients.produce("orders", 2, 5);
        rest.ask(201, "POST", SNAPSHOTS + "/before", "");
        rest.ask(200, "PATCH", "/api/v1/brokers/default/configs", "{\"set\":{\"message.max.bytes\":5000}}");
        clients.produce("orders", 2, 5);

        rest.ask(200, "POST", SNAPSHOTS + "/before/restore", "");

        assertThat(values("orders")).hasSize(10);
        assertThat(rest.get("/api/v1/brokers/default/configs?set=true")
                        .path("items")
                        .findValuesAsString("name"))
                .doesNotContain("message.max.bytes");
        clients.produce("orders", 1, 1, Map.of("batch.size", "1"));
        assertThat(values("orders")).hasSize(11);
    }

    @Test
    void whatRetentionHasDeletedStaysDeletedAndWhatItDeletesLaterComesBack() {
        broker.createTopic("short", 1, Map.of("internal.segment.bytes", "1000"));
        clients.produce("short", 1, 100);
        deleteRecords("short", 30);
        rest.ask(201, "POST", SNAPSHOTS + "/before", "");
        deleteRecords("short", 90);
        assertThat(values("short")).hasSize(10);

        rest.ask(200, "POST", SNAPSHOTS + "/before/restore", "");

        assertThat(values("short")).hasSize(70).startsWith("value-30");
        stop();
        start();
        assertThat(values("short")).hasSize(70).startsWith("value-30");
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void aConsumerThatStaysGoesBackToWhatItsGroupHadCommitted(String protocol) throws Exception {
        broker.createTopic("orders", 1);
        clients.produce("orders", 1, 5);
        try (var producer = producer();
                var member = clients.member(protocol, Map.of("group.protocol", protocol))) {
            member.subscribe(List.of("orders"));
            assertThat(GroupClients.poll(member, 5)).hasSize(5);
            member.commitSync();
            rest.ask(201, "POST", SNAPSHOTS + "/before", "");
            for (int i = 0; i < 20; i++) {
                producer.send(new ProducerRecord<>("orders", "lost " + i)).get();
            }
            assertThat(GroupClients.poll(member, 20)).hasSize(20);
            member.commitSync();

            rest.ask(200, "POST", SNAPSHOTS + "/before/restore", "");
            var committed = clients.committed(protocol);
            producer.send(new ProducerRecord<>("orders", "after")).get();

            assertThat(committed).containsExactly(Map.entry("orders-0", 5L));
            var read = new ArrayList<String>();
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> {
                member.poll(Duration.ofMillis(50)).forEach(record -> read.add(record.offset() + " " + record.value()));
                return read.contains("5 after");
            });
            assertThat(read).noneMatch(value -> value.contains("lost"));
        }
    }

    @Test
    void nothingAcknowledgedIsMissingAndNothingIsThereWithoutWhatLedToIt() throws Exception {
        broker.createTopic("causes", 4);
        broker.createTopic("effects", 4);
        var cuts = new HashMap<Integer, Integer>();
        var acknowledged = new AtomicInteger(-1);
        var stopped = new AtomicBoolean();
        var writing = CompletableFuture.runAsync(() -> write(acknowledged, stopped), Thread::startVirtualThread);
        for (int i = 0; i < 5; i++) {
            int seen = acknowledged.get();
            Awaitility.await().until(() -> acknowledged.get() > seen + 20);
            int before = acknowledged.get();
            rest.ask(201, "POST", SNAPSHOTS + "/snapshot-" + i, "");
            cuts.put(i, before);
        }
        stopped.set(true);
        writing.get();

        for (var cut : cuts.entrySet()) {
            rest.ask(200, "POST", SNAPSHOTS + "/snapshot-" + cut.getKey() + "/restore", "");
            var causes = values("causes");
            var effects = values("effects");

            assertThat(causes).as("acknowledged before").hasSizeGreaterThan(cut.getValue());
            assertThat(effects).as("acknowledged before").hasSizeGreaterThan(cut.getValue());
            assertThat(causes).containsAll(effects);
            assertThat(causes.size() - effects.size()).isBetween(0, 1);
        }
    }

    /// Each effect is written when its cause is acknowledged.
    private void write(AtomicInteger acknowledged, AtomicBoolean stopped) {
        try (var producer = producer()) {
            for (int i = 0; !stopped.get(); i++) {
                producer.send(new ProducerRecord<>("causes", i % 4, null, "number " + i))
                        .get();
                producer.send(new ProducerRecord<>("effects", (i + 1) % 4, null, "number " + i))
                        .get();
                acknowledged.set(i);
            }
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void compactionAndDeletionOfTheOriginalLeaveASnapshotAsItIs() {
        broker.createTopic("latest", 1, Map.of("cleanup.policy", "compact", "internal.segment.bytes", "2000"));
        clients.produce("latest", 1, 100);
        rest.ask(201, "POST", SNAPSHOTS + "/full", "");
        rest.ask(200, "POST", "/api/v1/test/compaction?topic=latest", "");
        assertThat(values("latest")).hasSize(1);
        rest.ask(201, "POST", SNAPSHOTS + "/compact", "");
        rest.ask(200, "POST", "/api/v1/test/reset", "");

        rest.ask(200, "POST", SNAPSHOTS + "/full/restore", "");
        assertThat(values("latest")).hasSize(100);
        rest.ask(200, "POST", SNAPSHOTS + "/compact/restore", "");
        assertThat(values("latest")).hasSize(1);
    }

    @Test
    void snapshotsAreListedAndDeletedAndBounded() {
        broker.createTopic("orders", 1);
        for (int i = 0; i < 20; i++) {
            rest.ask(201, "POST", SNAPSHOTS + "/number-" + i, "");
        }

        var again = rest.ask(409, "POST", SNAPSHOTS + "/number-1", "");
        var tooMany = rest.ask(409, "POST", SNAPSHOTS + "/one-more", "");
        rest.ask(204, "DELETE", SNAPSHOTS + "/number-1", "");
        rest.ask(404, "DELETE", SNAPSHOTS + "/number-1", "");
        rest.ask(404, "POST", SNAPSHOTS + "/number-1/restore", "");
        rest.get(404, SNAPSHOTS + "/number-1");

        assertThat(again.path("detail").stringValue()).contains("already");
        assertThat(tooMany.path("detail").stringValue()).contains("20");
        assertThat(rest.get(SNAPSHOTS).path("items")).hasSize(19);
        assertThat(rest.get(SNAPSHOTS + "/number-2").path("topics").intValue()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", ".hidden", "a%2Fb", "a%20b", "%2e%2e%2fa", "-", "a%00"})
    void aNameThatIsNoneIsRefused(String name) {
        assertThat(rest.send("POST", SNAPSHOTS + "/" + name, "", Map.of()).statusCode())
                .isBetween(400, 405);
        assertThat(rest.get(SNAPSHOTS).path("items")).isEmpty();
    }

    /// Something of every kind.
    private void change() {
        clients.produce("orders", 2, 7);
        rest.ask(200, "PATCH", "/api/v1/topics/orders", "{\"partitions\":3}");
        if (rest.send("GET", "/api/v1/topics/deleted-later", "", Map.of()).statusCode() == 200) {
            rest.ask(204, "DELETE", "/api/v1/topics/deleted-later", "");
        }
        rest.ask(201, "POST", "/api/v1/topics", "{\"name\":\"made-later\"}");
        commit("readers", "orders", 9);
        commit("others", "orders", 1);
    }

    /// What can be seen of topics, records and groups, but for what has to rise.
    private Map<String, Object> state() {
        var state = new HashMap<String, Object>();
        for (var topic : rest.get("/api/v1/topics?internal=false").path("items")) {
            var name = topic.path("name").stringValue();
            state.put("topic " + name, topic.path("topicId").stringValue());
            state.put("configs of " + name, rest.get("/api/v1/topics/" + name).path("configs"));
            state.put("records of " + name, rest.get("/api/v1/topics/" + name + "/records"));
        }
        for (var group : rest.get("/api/v1/groups").path("items")) {
            var id = group.path("group").stringValue();
            JsonNode offsets = rest.get("/api/v1/groups/" + id + "/offsets");
            state.put("group " + id, offsets);
        }
        return state;
    }

    private List<String> values(String topic) {
        var values = new ArrayList<String>();
        rest.get("/api/v1/topics/" + topic + "/records?limit=10000")
                .path("items")
                .forEach(record -> values.add(record.path("value").path("data").asString()));
        return values;
    }

    private void commit(String group, String topic, long offset) {
        try (var admin = clients.admin()) {
            admin.alterConsumerGroupOffsets(group, Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(offset)))
                    .all()
                    .get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private void deleteRecords(String topic, long offset) {
        var partitions = broker.broker().partitions();
        partitions.deleteRecords(
                partitions
                        .find(new io.vitrine.metadata.TopicPartition(topic, 0))
                        .orElseThrow(),
                offset);
    }

    @Test
    void severalLogDirectoriesGoBackTogether(@TempDir Path first, @TempDir Path second) {
        stop();
        var directories = Map.of("log.dirs", first + "," + second);
        start(directories);
        broker.createTopic("orders", 5);
        clients.produce("orders", 5, 4);
        commit("readers", "orders", 3);
        assertThat(partitionsIn(first, "orders-")).isBetween(1L, 4L);
        var before = state();
        rest.ask(201, "POST", SNAPSHOTS + "/before", "");
        rest.ask(204, "DELETE", "/api/v1/topics/orders", "");
        broker.createTopic("others", 4);

        rest.ask(200, "POST", SNAPSHOTS + "/before/restore", "");

        assertThat(state()).isEqualTo(before);
        stop();
        start(directories);
        assertThat(state()).isEqualTo(before);
        rest.ask(200, "POST", "/api/v1/test/reset", "");
        assertThat(partitionsIn(first, "orders-") + partitionsIn(second, "orders-"))
                .isZero();
        assertThat(state()).isEmpty();
    }

    /// Directories of partitions that are served.
    private static long partitionsIn(Path directory, String beginning) {
        try (var entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> name.startsWith(beginning) && !name.endsWith("-delete"))
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
