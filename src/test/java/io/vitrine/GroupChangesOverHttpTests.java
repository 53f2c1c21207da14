package io.vitrine;

import static io.vitrine.GroupClients.poll;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What REST changes of groups.
class GroupChangesOverHttpTests extends GroupRestScenario {
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
}
