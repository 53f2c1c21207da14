package io.vitrine;

import static io.vitrine.GroupClients.QUICK_GROUPS;
import static io.vitrine.GroupClients.poll;
import static io.vitrine.GroupClients.settle;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// What REST shows of groups, and what it changes. Each test has a group and topics of its own.
@TestInstance(Lifecycle.PER_CLASS)
class GroupsOverHttpTests {
    private static final Map<String, String> CONSUMER = Map.of("group.protocol", "consumer");

    @TempDir
    static Path directory;

    private RunningBroker broker;
    private GroupClients clients;
    private Rest rest;

    @BeforeAll
    void start() {
        broker = RunningBroker.in(directory, QUICK_GROUPS);
        clients = new GroupClients(broker);
        rest = new Rest(broker);
        broker.createTopic("idle", 2);
        clients.produce("idle", 2, 10);
    }

    @AfterAll
    void stop() {
        rest.close();
        broker.close();
    }

    @Test
    void aClassicGroupIsShownWithItsMembersAndOffsets() {
        topic("classic-topic", 2, 10);
        try (var one = clients.member("classic", Map.of("client.id", "one", "group.instance.id", "static-one"));
                var two = clients.member("classic", Map.of("client.id", "two"))) {
            var owners = join("classic-topic", 2, List.of(one, two));
            commit(one, "classic-topic", 4, "a note");
            commit(two, "classic-topic", 4, "a note");

            var group = rest.get("/api/v1/groups/classic");
            var members = rest.get("/api/v1/groups/classic/members").path("items");
            var offsets = rest.get("/api/v1/groups/classic/offsets").path("items");

            assertThat(text(group, "type", "state", "protocolType", "assignor"))
                    .containsExactly("classic", "Stable", "consumer", "range");
            assertThat(numbers(group, "members", "partitionsCommitted", "lag")).containsExactly(2, 2, 12);
            assertThat(group.path("coordinatorPartition").intValue()).isBetween(0, 3);
            assertThat(group.has("epoch")).isFalse();
            assertThat(members).hasSize(2);
            var first = find(members, "clientId", "one");
            assertThat(first.path("instanceId").stringValue()).isEqualTo("static-one");
            assertThat(first.path("host").stringValue()).isEqualTo("/127.0.0.1");
            assertThat(first.path("subscription").toString()).isEqualTo("{\"topics\":[\"classic-topic\"]}");
            assertThat(first.path("assignment").toString())
                    .isEqualTo("[{\"topic\":\"classic-topic\",\"partitions\":[%d]}]"
                            .formatted(ownedBy(owners, 0).partition()));
            assertThat(offsets).hasSize(2);
            for (int partition = 0; partition < 2; partition++) {
                var offset = offsets.get(partition);
                assertThat(numbers(offset, "partition", "committed", "endOffset", "logStartOffset", "lag"))
                        .containsExactly(partition, 4, 10, 0, 6);
                assertThat(offset.path("metadata").stringValue()).isEqualTo("a note");
                assertThat(offset.path("commitTime").longValue()).isPositive();
                assertThat(offset.path("owner").path("clientId").stringValue())
                        .isEqualTo(ownedBy(owners, 0).partition() == partition ? "one" : "two");
                assertThat(rest.get(offset.path("links").path("next").stringValue())
                                .path("items")
                                .get(0)
                                .path("offset")
                                .intValue())
                        .isEqualTo(4);
            }
        }
    }

    @Test
    void aConsumerGroupIsShownWithEpochsAndTargets() {
        topic("modern-topic", 2, 10);
        try (var one = clients.member("modern", CONSUMER)) {
            join("modern-topic", 2, List.of(one));

            var group = rest.get("/api/v1/groups/modern");
            var member = rest.get("/api/v1/groups/modern/members").path("items").get(0);
            var offsets = rest.get("/api/v1/groups/modern/offsets").path("items");

            assertThat(text(group, "type", "state", "assignor")).containsExactly("consumer", "Stable", "uniform");
            assertThat(group.path("epoch").intValue()).isPositive();
            assertThat(group.path("assignmentEpoch").intValue())
                    .isEqualTo(group.path("epoch").intValue());
            assertThat(text(member, "protocol")).containsExactly("consumer");
            assertThat(member.path("epoch").intValue()).isPositive();
            assertThat(member.path("target")).isEqualTo(member.path("assignment"));
            assertThat(member.path("target").toString())
                    .isEqualTo("[{\"topic\":\"modern-topic\",\"partitions\":[0,1]}]");
            assertThat(offsets).hasSize(2).allSatisfy(offset -> {
                assertThat(offset.has("committed")).isFalse();
                assertThat(offset.has("lag")).isFalse();
                assertThat(offset.path("owner").path("memberId")).isEqualTo(member.path("memberId"));
            });
        }
    }

    @Test
    void groupsAreListedFilteredAndPaged() {
        alter("list-a", Map.of("idle-0", 3L));
        alter("list-b", Map.of("idle-0", 10L));
        topic("list-topic", 1, 1);
        try (var one = clients.member("list-c", CONSUMER)) {
            join("list-topic", 1, List.of(one));

            var all = rest.get("/api/v1/groups?from=list-&limit=3").path("items");
            var empty = rest.get("/api/v1/groups?state=empty&type=classic&from=list-&limit=1");
            var stable = rest.get("/api/v1/groups?state=Stable,Empty&type=Consumer&from=list-&limit=1");

            assertThat(all.valueStream().map(group -> group.path("group").stringValue()))
                    .containsExactly("list-a", "list-b", "list-c");
            assertThat(numbers(all.get(0), "lag", "members", "partitionsCommitted"))
                    .containsExactly(7, 0, 1);
            assertThat(numbers(all.get(1), "lag", "members", "partitionsCommitted"))
                    .containsExactly(0, 0, 1);
            assertThat(numbers(all.get(2), "lag", "members", "partitionsCommitted"))
                    .containsExactly(0, 1, 0);
            assertThat(empty.path("items").get(0).path("group").stringValue()).isEqualTo("list-a");
            assertThat(rest.get(empty.path("next").stringValue())
                            .path("items")
                            .get(0)
                            .path("group")
                            .stringValue())
                    .isEqualTo("list-b");
            assertThat(stable.path("items").get(0).path("group").stringValue()).isEqualTo("list-c");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a/b",
                "/",
                "//",
                "50%",
                "%2F",
                "ü – 東京",
                "a;b=c?d&e#f",
                "back\\slash",
                ".",
                "..",
                "",
                " ",
                "a+b",
                "{x}",
                "\t"
            })
    void anyIdCanBeAskedForByItsLinks(String id) {
        alter(id, Map.of("idle-0", 3L));

        var listed = find(rest.get("/api/v1/groups?limit=1000").path("items"), "group", id);
        var group = rest.get(listed.path("links").path("self").stringValue());
        var offsets = rest.get(listed.path("links").path("offsets").stringValue());
        var members = rest.get(listed.path("links").path("members").stringValue());

        assertThat(group.path("group").stringValue()).isEqualTo(id);
        assertThat(offsets.path("items").get(0).path("committed").intValue()).isEqualTo(3);
        assertThat(members.path("items")).isEmpty();
        rest.ask(204, "DELETE", listed.path("links").path("self").stringValue(), "");
        rest.get(404, listed.path("links").path("self").stringValue());
    }

    @Test
    void aGroupInUseIsNotDeleted() {
        topic("busy-topic", 1, 1);
        try (var one = clients.member("busy", Map.of())) {
            join("busy-topic", 1, List.of(one));

            var problem = rest.ask(409, "DELETE", "/api/v1/groups/busy", "");

            assertThat(text(problem, "errorName")).containsExactly("NON_EMPTY_GROUP");
        }
        rest.ask(204, "DELETE", "/api/v1/groups/busy", "");
        assertThat(text(rest.ask(404, "DELETE", "/api/v1/groups/busy", ""), "errorName"))
                .containsExactly("GROUP_ID_NOT_FOUND");
    }

    @Test
    void committedOffsetsAreDeletedUnlessAMemberReadsTheTopic() {
        topic("kept-topic", 1, 1);
        alter("deleting", Map.of("idle-0", 1L, "idle-1", 2L, "kept-topic-0", 1L));
        try (var one = clients.member("deleting", CONSUMER)) {
            join("kept-topic", 1, List.of(one));

            var problem = rest.ask(409, "DELETE", "/api/v1/groups/deleting/offsets?topic=kept-topic", "");
            var one1 = rest.ask(200, "DELETE", "/api/v1/groups/deleting/offsets?topic=idle&partition=1", "");
            var rest1 = rest.ask(200, "DELETE", "/api/v1/groups/deleting/offsets?topic=idle", "");
            var none = rest.ask(200, "DELETE", "/api/v1/groups/deleting/offsets?topic=idle", "");

            assertThat(text(problem, "errorName")).containsExactly("GROUP_SUBSCRIBED_TO_TOPIC");
            assertThat(one1.path("items").toString())
                    .isEqualTo("[{\"topic\":\"idle\",\"partition\":1,\"committed\":2}]");
            assertThat(rest1.path("items").toString())
                    .isEqualTo("[{\"topic\":\"idle\",\"partition\":0,\"committed\":1}]");
            assertThat(none.path("items")).isEmpty();
            assertThat(clients.committed("deleting")).containsOnlyKeys("kept-topic-0");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "earliest, 0, ''",
        "latest, 10, ''",
        "offset:7, 7, ''",
        "offset:11, 10, 11 is beyond the end: moved to the end",
        "offset:9223372036854775807, 10, 9223372036854775807 is beyond the end: moved to the end",
        "shift:2, 6, ''",
        "shift:+2, 6, ''",
        "shift:-3, 1, ''",
        "shift:-5, 0, -1 is below the log start: moved to the log start",
        "shift:9223372036854775807, 10, 9223372036854775807 is beyond the end: moved to the end",
        "shift:-9223372036854775808, 0, -9223372036854775804 is below the log start: moved to the log start",
        "timestamp:0, 0, ''",
        "timestamp:2020-01-01T00:00:00Z, 0, ''",
        "timestamp:2120-01-01, 10, no record is as young: moved to the end"
    })
    void anOffsetIsMovedWhereItIsAskedTo(String to, long after, String note) {
        var group = "reset-" + Integer.toHexString(to.hashCode());
        alter(group, Map.of("idle-0", 4L));
        var path = "/api/v1/groups/%s/offsets".formatted(group);
        var body = "{\"to\":\"%s\"}".formatted(to);

        var dry = rest.ask(200, "PATCH", path, body);
        var committedAfterDryRun = clients.committed(group);
        var done = rest.ask(200, "PATCH", path + "?dryRun=false", body);

        assertThat(dry.path("dryRun").booleanValue()).isTrue();
        assertThat(done.path("dryRun").booleanValue()).isFalse();
        assertThat(done.path("items")).isEqualTo(dry.path("items"));
        assertThat(numbers(dry.path("items").get(0), "partition", "before", "after", "logStartOffset", "endOffset"))
                .containsExactly(0, 4, (int) after, 0, 10);
        assertThat(dry.path("items").get(0).path("note").asString("")).isEqualTo(note);
        assertThat(committedAfterDryRun).containsExactly(Map.entry("idle-0", 4L));
        assertThat(clients.committed(group)).containsExactly(Map.entry("idle-0", after));
    }

    @Test
    void topicsAndPartitionsAreMovedByName() {
        topic("named-topic", 2, 5);
        alter("named", Map.of("idle-0", 4L, "named-topic-1", 2L));

        var done = rest.ask(200, "PATCH", "/api/v1/groups/named/offsets?dryRun=false", """
                {"offsets":[{"topic":"named-topic","to":"shift:1"},{"topic":"idle","partition":1,"to":"latest"}]}
                """);

        assertThat(done.path("items").get(0).path("note").stringValue())
                .isEqualTo("not moved: nothing is committed that could be shifted");
        assertThat(clients.committed("named")).isEqualTo(Map.of("idle-0", 4L, "idle-1", 10L, "named-topic-1", 3L));
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void nothingIsMovedUnderTheHandsOfMembers(String protocol) {
        var topic = "active-" + protocol;
        topic(topic, 1, 5);
        try (var one = clients.member(topic, Map.of("group.protocol", protocol))) {
            join(topic, 1, List.of(one));
            one.commitSync(Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(3)));
            for (var query : List.of("", "?dryRun=false")) {
                var problem = rest.ask(
                        409, "PATCH", "/api/v1/groups/%s/offsets%s".formatted(topic, query), "{\"to\":\"earliest\"}");

                assertThat(text(problem, "errorName")).containsExactly("NON_EMPTY_GROUP");
            }
        }
        Awaitility.await()
                .untilAsserted(() -> assertThat(rest.get("/api/v1/groups/" + topic)
                                .path("members")
                                .intValue())
                        .isZero());
        rest.ask(200, "PATCH", "/api/v1/groups/%s/offsets?dryRun=false".formatted(topic), "{\"to\":\"earliest\"}");
        try (var one = clients.member(topic, Map.of("group.protocol", protocol))) {
            one.subscribe(List.of(topic));
            assertThat(poll(one, 5))
                    .first()
                    .satisfies(record -> assertThat(record.offset()).isZero());
        }
    }

    @Test
    void commitTimesAreKnownAfterARestart(@TempDir Path other) {
        JsonNode before;
        try (var first = RunningBroker.in(other, QUICK_GROUPS);
                var web = new Rest(first)) {
            first.createTopic("orders", 1);
            var members = new GroupClients(first);
            members.produce("orders", 1, 3);
            try (var member = members.member("readers", Map.of())) {
                member.subscribe(List.of("orders"));
                assertThat(poll(member, 3)).hasSize(3);
                member.commitSync();
            }
            before = web.get("/api/v1/groups/readers/offsets");
        }

        try (var second = RunningBroker.in(other, QUICK_GROUPS);
                var web = new Rest(second)) {
            Awaitility.await()
                    .until(() -> web.send("GET", "/api/v1/groups/readers/offsets", "", Map.of())
                                    .statusCode()
                            == 200);
            var after = web.get("/api/v1/groups/readers/offsets").path("items").get(0);

            assertThat(after.path("commitTime").longValue())
                    .isPositive()
                    .isEqualTo(before.path("items").get(0).path("commitTime").longValue());
            assertThat(numbers(after, "committed", "lag")).containsExactly(3, 0);
        }
    }

    @Test
    void aBrokerWithoutGroupsHasNone(@TempDir Path other) {
        try (var empty = RunningBroker.in(other, QUICK_GROUPS);
                var web = new Rest(empty)) {
            assertThat(web.get("/api/v1/groups").toString()).isEqualTo("{\"items\":[],\"total\":0}");
            web.get(404, "/api/v1/groups/readers");
            web.ask(404, "DELETE", "/api/v1/groups/readers", "");
            assertThat(empty.broker().metadata().image().findTopic("__consumer_offsets"))
                    .isEmpty();
        }
    }

    @Test
    void anOffsetBeyondTheEndSaysSo() {
        alter("beyond", Map.of("idle-0", 99L));

        var offset = rest.get("/api/v1/groups/beyond/offsets?isolation=read_committed&topic=idle")
                .path("items")
                .get(0);

        assertThat(offset.path("problem").stringValue()).startsWith("99 is beyond the end 10");
        assertThat(numbers(offset, "committed", "lag", "lastStableOffset")).containsExactly(99, 0, 10);
        assertThat(offset.path("links").has("next")).isFalse();
    }

    @Test
    void theRecordsOfGroupsAreDecoded() {
        alter("decoded", Map.of("idle-0", 5L));
        var group = rest.get("/api/v1/groups/decoded");

        var records = rest.get("/api/v1/topics/__consumer_offsets/records?limit=10000&partition="
                + group.path("coordinatorPartition").intValue());
        var commit = records.path("items")
                .valueStream()
                .filter(record -> record.path("key")
                        .path("data")
                        .path("group")
                        .asString("")
                        .equals("decoded"))
                .findFirst()
                .orElseThrow();

        assertThat(text(commit.path("key"), "format", "type")).containsExactly("group", "OffsetCommitKey");
        assertThat(text(commit.path("value"), "format", "type")).containsExactly("group", "OffsetCommitValue");
        assertThat(commit.path("value").path("data").path("offset").intValue()).isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET | /api/v1/groups?state=Sleeping | state",
                "GET | /api/v1/groups?state= | state",
                "GET | /api/v1/groups?type=classic,other | type",
                "GET | /api/v1/groups?limit=0 | limit",
                "GET | /api/v1/groups?page=2 | page",
                "GET | /api/v1/group | id",
                "GET | /api/v1/groups/x?id=y | id",
                "GET | /api/v1/group/members | id",
                "GET | /api/v1/groups/x/members?limit=1 | limit",
                "GET | /api/v1/groups/x/offsets?isolation=none | isolation",
                "GET | /api/v1/groups/x/offsets?dryRun=true | dryRun",
                "DELETE | /api/v1/groups/x?dryRun=true | dryRun",
                "DELETE | /api/v1/groups/x/offsets | topic",
                "DELETE | /api/v1/groups/x/offsets?topic=idle&partition=-1 | partition",
                "DELETE | /api/v1/groups/x/offsets?topic=idle&partition=one | partition"
            })
    void aBadParameterIsNamed(String method, String path, String parameter) {
        var problem = rest.ask(400, method, path, "");

        assertThat(problem.path("violations").get(0).path("parameter").stringValue())
                .isEqualTo(parameter);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /api/v1/groups/nobody, GROUP_ID_NOT_FOUND",
        "GET, /api/v1/groups/nobody/members, GROUP_ID_NOT_FOUND",
        "GET, /api/v1/groups/nobody/offsets, GROUP_ID_NOT_FOUND",
        "DELETE, /api/v1/groups/nobody, GROUP_ID_NOT_FOUND",
        "DELETE, /api/v1/groups/nobody/offsets?topic=idle, GROUP_ID_NOT_FOUND",
        "DELETE, /api/v1/groups/known/offsets?topic=none, UNKNOWN_TOPIC_OR_PARTITION",
        "DELETE, /api/v1/groups/known/offsets?topic=idle&partition=2, UNKNOWN_TOPIC_OR_PARTITION"
    })
    void whatThereIsNotIsNotFound(String method, String path, String error) {
        alter("known", Map.of("idle-0", 1L));

        assertThat(text(rest.ask(404, method, path, ""), "errorName")).containsExactly(error);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{}",
                "[]",
                "7",
                "{\"to\":7}",
                "{\"to\":\"\"}",
                "{\"to\":\"earliest:1\"}",
                "{\"to\":\"offset:\"}",
                "{\"to\":\"offset:-1\"}",
                "{\"to\":\"offset:99999999999999999999\"}",
                "{\"to\":\"shift:x\"}",
                "{\"to\":\"timestamp:yesterday\"}",
                "{\"to\":\"timestamp:-5\"}",
                "{\"to\":\"earliest\",\"offsets\":[]}",
                "{\"to\":\"earliest\",\"dryRun\":false}",
                "{\"offsets\":[]}",
                "{\"offsets\":{}}",
                "{\"offsets\":[7]}",
                "{\"offsets\":[{\"topic\":\"idle\"}]}",
                "{\"offsets\":[{\"to\":\"latest\"}]}",
                "{\"offsets\":[{\"topic\":\"no/topic\",\"to\":\"latest\"}]}",
                "{\"offsets\":[{\"topic\":\"idle\",\"partition\":-1,\"to\":\"latest\"}]}",
                "{\"offsets\":[{\"topic\":\"idle\",\"partition\":\"0\",\"to\":\"latest\"}]}",
                "{\"offsets\":[{\"topic\":\"idle\",\"to\":\"latest\",\"offset\":1}]}"
            })
    void aBadBodyIsRefusedAndChangesNothing(String body) {
        alter("bad-body", Map.of("idle-0", 4L));

        var problem = rest.ask(400, "PATCH", "/api/v1/groups/bad-body/offsets?dryRun=false", body);

        assertThat(problem.path("violations")).isNotEmpty();
        assertThat(clients.committed("bad-body")).containsExactly(Map.entry("idle-0", 4L));
    }

    @Test
    void whatIsNoJsonOrTooLargeOrOfAnotherTypeIsRefused() {
        alter("bad-body", Map.of("idle-0", 4L));
        var path = "/api/v1/groups/bad-body/offsets?dryRun=false";

        rest.ask(400, "PATCH", path, "{\"to\":");
        rest.ask(400, "PATCH", path, "{\"to\":\"latest\"} {}");
        rest.ask(400, "PATCH", path, "");
        rest.ask(400, "PATCH", path + "maybe", "{\"to\":\"latest\"}");
        rest.ask(413, "PATCH", path, " ".repeat(1024 * 1024) + "{\"to\":\"latest\"}");
        rest.ask(404, "PATCH", path, "{\"offsets\":[{\"topic\":\"none\",\"to\":\"latest\"}]}");
        rest.ask(404, "PATCH", path, "{\"offsets\":[{\"topic\":\"idle\",\"partition\":2,\"to\":\"latest\"}]}");
        rest.ask(404, "PATCH", "/api/v1/groups/nobody/offsets", "{\"to\":\"latest\"}");
        var plain = rest.send("PATCH", path, "{\"to\":\"latest\"}", Map.of("Content-Type", "text/plain"));

        assertThat(plain.statusCode()).isEqualTo(415);
        assertThat(clients.committed("bad-body")).containsExactly(Map.entry("idle-0", 4L));
    }

    @ParameterizedTest
    @CsvSource({"DELETE, ''", "DELETE, /offsets?topic=idle", "PATCH, /offsets?dryRun=false"})
    void aPageFromElsewhereChangesNothing(String method, String part) {
        alter("foreign", Map.of("idle-0", 4L));

        var answer = rest.send(
                method,
                "/api/v1/groups/foreign" + part,
                method.equals("PATCH") ? "{\"to\":\"latest\"}" : "",
                Map.of("Content-Type", "application/json", "Origin", "http://elsewhere.example"));

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(clients.committed("foreign")).containsExactly(Map.entry("idle-0", 4L));
    }

    private void topic(String name, int partitions, int records) {
        broker.createTopic(name, partitions);
        clients.produce(name, partitions, records);
    }

    private static Map<TopicPartition, Integer> join(
            String topic, int partitions, List<KafkaConsumer<String, String>> members) {
        for (var member : members) {
            member.subscribe(List.of(topic));
        }
        return settle(GroupClients.partitions(topic, partitions), members);
    }

    private static void commit(KafkaConsumer<String, String> member, String topic, long offset, String metadata) {
        member.assignment().stream()
                .filter(partition -> partition.topic().equals(topic))
                .forEach(partition -> member.commitSync(Map.of(partition, new OffsetAndMetadata(offset, metadata))));
    }

    /// Commits offsets for a group without members, by `topic-partition`.
    private void alter(String group, Map<String, Long> offsets) {
        var committed = new HashMap<TopicPartition, OffsetAndMetadata>();
        offsets.forEach((name, offset) -> {
            int dash = name.lastIndexOf('-');
            committed.put(
                    new TopicPartition(name.substring(0, dash), Integer.parseInt(name.substring(dash + 1))),
                    new OffsetAndMetadata(offset));
        });
        try (var admin = clients.admin()) {
            admin.alterConsumerGroupOffsets(group, committed).all().get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("Nothing could be committed for '%s'".formatted(group), e);
        }
    }

    private static TopicPartition ownedBy(Map<TopicPartition, Integer> owners, int member) {
        return owners.entrySet().stream()
                .filter(owner -> owner.getValue() == member)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode find(JsonNode items, String name, String value) {
        return StreamSupport.stream(items.spliterator(), false)
                .filter(item -> item.path(name).asString("?").equals(value))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no %s '%s' in %s".formatted(name, value, items)));
    }

    private static List<String> text(JsonNode node, String... names) {
        return List.of(names).stream().map(name -> node.path(name).asString()).toList();
    }

    private static List<Integer> numbers(JsonNode node, String... names) {
        return List.of(names).stream().map(name -> node.path(name).asInt()).toList();
    }
}
