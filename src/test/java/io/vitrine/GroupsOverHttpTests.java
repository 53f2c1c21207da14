package io.vitrine;

import static io.vitrine.GroupClients.QUICK_GROUPS;
import static io.vitrine.GroupClients.poll;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.group.GroupCaller;
import io.vitrine.group.GroupCalls;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// What REST shows of groups.
class GroupsOverHttpTests extends GroupRestScenario {
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
    void aTopicNamesTheGroupsThatReadIt() {
        topic("read-topic", 2, 10);
        alter("reader-a", Map.of("read-topic-0", 3L));
        alter("reader-c", Map.of("idle-0", 3L));
        try (var one = clients.member("reader-b", CONSUMER)) {
            join("read-topic", 2, List.of(one));

            var readers = rest.get("/api/v1/topics/read-topic/groups").path("items");
            var first = rest.get("/api/v1/topics/read-topic/groups?limit=1");

            assertThat(readers).hasSize(2);
            assertThat(readers.get(0).path("group").stringValue()).isEqualTo("reader-a");
            assertThat(readers.get(1).path("group").stringValue()).isEqualTo("reader-b");
            assertThat(numbers(readers.get(0), "members", "partitionsCommitted", "lag"))
                    .containsExactly(0, 1, 7);
            assertThat(numbers(readers.get(1), "members", "partitionsCommitted", "lag"))
                    .containsExactly(1, 0, 0);
            assertThat(first.path("items")).hasSize(1);
            assertThat(first.path("more").booleanValue()).isTrue();
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
    void aTopicThatHasGoneIsToldOfAndBreaksNothing() {
        alter("bereft", Map.of("idle-0", 3L));
        var caller = new GroupCaller("", InetAddress.getLoopbackAddress(), "test", ApiKeys.OFFSET_COMMIT.id, 9, 0);
        // As if it had been there when this was committed.
        new GroupCalls(broker.broker().groups())
                .commitOffsets(
                        caller,
                        new OffsetCommitRequestData()
                                .setGroupId("bereft")
                                .setTopics(List.of(new OffsetCommitRequestTopic()
                                        .setName("gone")
                                        .setPartitions(List.of(new OffsetCommitRequestPartition()
                                                .setCommittedOffset(5)
                                                .setCommittedMetadata(""))))))
                .join();

        var group = rest.get("/api/v1/groups/bereft");
        var offset = find(rest.get("/api/v1/groups/bereft/offsets").path("items"), "topic", "gone");
        var findings = rest.get("/api/v1/groups/bereft/diagnosis").path("findings");

        assertThat(numbers(group, "partitionsCommitted", "lag")).containsExactly(2, 7);
        assertThat(offset.path("committed").intValue()).isEqualTo(5);
        assertThat(offset.path("lag").isNumber()).isFalse();
        assertThat(find(findings, "finding", "TOPIC_GONE").path("explanation").stringValue())
                .contains("topic 'gone', which is gone");
        assertThat(find(findings, "finding", "NO_MEMBERS").isMissingNode()).isFalse();
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
}
