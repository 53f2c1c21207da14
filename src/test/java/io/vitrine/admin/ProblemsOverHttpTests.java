package io.vitrine.admin;

import static io.vitrine.inspect.SampleBroker.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.metadata.TopicPartition;
import java.nio.file.Files;
import java.util.Map;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProblemsOverHttpTests extends RestScenario {
    private static final String PARTITION = "/api/v1/topics/orders/partitions/0";

    @Override
    void prepare() throws Exception {
        broker.createTopic("orders", 1);
        broker.append("orders", Compression.NONE, record("k", "v"));
        broker.metadata().createTopic("broken", 1, Map.of());
        Files.createDirectories(directory.resolve("broken-0"));
        Files.writeString(directory.resolve("broken-0/partition.metadata"), "version: 1\n");
        broker.partitions().apply(broker.metadata().image());
        assertThat(broker.partitions()
                        .find(new TopicPartition("broken", 0))
                        .orElseThrow()
                        .offlineReason())
                .isPresent();
    }

    @ParameterizedTest
    @EnumSource
    void everyErrorIsKafkasOwn(KafkaError error) {
        assertThat(Errors.forCode((short) error.code()).name()).isEqualTo(error.name());
    }

    @ParameterizedTest
    @CsvSource({
        "/api/v1/topics/nope, 404, 3",
        "/api/v1/topics/nope/partitions/0/records, 404, 3",
        "/api/v1/topics/orders/partitions/7, 404, 3",
        "/api/v1/topics/orders/partitions/-1, 404, 3",
        "/api/v1/topics/__cluster_metadata/partitions/1, 404, 3",
        "/api/v1/topics/a%20b, 400, 17",
        "/api/v1/topics/%3Cscript%3E, 400, 17",
        "/api/v1/topics/orders/partitions/x, 400, 42",
        "/api/v1/topics/orders/partitions/99999999999, 400, 42",
        "/api/v1/topics/orders/partitions/0/records/1, 416, 1",
        "/api/v1/topics/orders/partitions/0/records/-1, 416, 1",
        "/api/v1/topics/orders/partitions/0/batches/1, 416, 1",
        "/api/v1/topics/orders/partitions/0/records?from=2, 416, 1",
        "/api/v1/topics/broken/partitions/0/records, 503, 56",
        "/api/v1/topics/broken/partitions/0/segments, 503, 56",
        "/api/v1/topics/broken/partitions/0/batches/0, 503, 56"
    })
    void aProblemHasItsStatusAndKafkasCode(String path, int status, int code) throws Exception {
        var answer = rest.get(path, "application/x-ndjson, text/plain, application/json;q=0.1");

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(answer.body()).contains("\"errorCode\":" + code).doesNotContain("io.vitrine");
    }

    @Test
    void allBadParametersAreToldAtOnce() throws Exception {
        var problem = rest.get(400, PARTITION + "/records?from=-1&limit=10001&keyFormat=xml&maxValueBytes=big&form=3");

        assertThat(problem.get("violations").toString())
                .isEqualTo("[{\"parameter\":\"from\",\"message\":\"-1 is not between 0 and 9223372036854775807\"},"
                        + "{\"parameter\":\"limit\",\"message\":\"10001 is not between 1 and 10000\"},"
                        + "{\"parameter\":\"keyFormat\",\"message\":"
                        + "\"'xml' is none of auto, json, utf8, base64, hex, none\"},"
                        + "{\"parameter\":\"maxValueBytes\",\"message\":\"'big' is not a whole number\"},"
                        + "{\"parameter\":\"form\",\"message\":"
                        + "\"is none of from, limit, keyFormat, valueFormat, maxValueBytes\"}]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/topics?internal=true&internal=true",
                "/api/v1/cluster?a=1&a=2",
                "/api/v1/topics/orders/records?from=0&from=0",
                "/api/v1/topics/nope?x=1&x=1"
            })
    void aParameterThatIsGivenTwiceIsRefused(String path) throws Exception {
        var problem = rest.get(400, path);

        assertThat(problem.get("violations").get(0).get("message").stringValue())
                .isEqualTo("is given 2 times");
        assertThat(problem.get("detail").stringValue()).isEqualTo("One of the parameters cannot be used.");
    }

    @Test
    void recordsAreNotDeletedByTheFirstOfTwoOffsets() throws Exception {
        var answer = rest.send("DELETE", PARTITION + "/records?before=1&before=0");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("{\"parameter\":\"before\",\"message\":\"is given 2 times\"}");
        assertThat(rest.get(200, PARTITION).path("logStartOffset").longValue()).isZero();
    }

    /// A filter, a controller and Spring itself say no in the same form.
    @ParameterizedTest
    @CsvSource({
        "GET, /api/v1/topics, evil.example.com, '', 403, Unknown host",
        "GET, /actuator/health, evil.example.com, '', 403, Unknown host",
        "POST, /api/v1/topics/orders/records, localhost, http://evil.example.com, 403, Foreign origin",
        "POST, /api/v1/test/reset, localhost, '', 404, Test controls are off",
        "GET, /api/v1/topics/nope, localhost, '', 404, Unknown topic",
        "GET, /api/v1/nothing, localhost, '', 404, Not Found",
        "PUT, /api/v1/topics, localhost, '', 405, Method Not Allowed"
    })
    void everyProblemHasTheSameForm(String method, String path, String host, String origin, int status, String title)
            throws Exception {
        var answer = rest.sendRaw(method, path, host, origin.isEmpty() ? "" : "Origin: " + origin + "\r\n");

        assertThat(answer).startsWith("HTTP/1.1 %d".formatted(status));
        assertThat(answer.lines().filter(line -> line.startsWith("Content-Type:")))
                .containsExactly("Content-Type: application/problem+json");
        assertThat(answer)
                .contains("\"instance\":\"%s\"".formatted(path))
                .contains("\"status\":%d".formatted(status))
                .contains("\"title\":\"%s\"".formatted(title))
                .contains("\"detail\":\"");
        if (path.startsWith("/api")) {
            assertThat(answer).contains("X-Content-Type-Options: nosniff");
        }
    }

    @Test
    void anOffsetOutOfRangeComesWithTheRange() throws Exception {
        var problem = rest.get(416, PARTITION + "/records?from=9223372036854775807");

        assertThat(problem.get("logStartOffset").longValue()).isZero();
        assertThat(problem.get("logEndOffset").longValue()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "PATCH"})
    void nothingCanBeWritten(String method) throws Exception {
        assertThat(rest.send(method, PARTITION).statusCode()).isEqualTo(405);
        assertThat(rest.send(method, PARTITION + "/records").statusCode()).isEqualTo(405);
    }

    @Test
    void nothingIsDeletedThatIsNotNamed() throws Exception {
        assertThat(rest.send("DELETE", PARTITION).statusCode()).isEqualTo(405);
        assertThat(rest.send("DELETE", PARTITION + "/records").statusCode()).isEqualTo(400);
        assertThat(rest.get(200, PARTITION).path("logStartOffset").longValue()).isZero();
    }

    @Test
    void anUnknownPathIsAProblemToo() throws Exception {
        var answer = rest.get("/api/v1/nothing", "text/html");

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    }

    @Test
    void aBrokenQueryIsABadParameter() throws Exception {
        assertThat(rest.getRaw(PARTITION + "/records?limit=a%zz")).startsWith("HTTP/1.1 400");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/topics/a%2Fb", "/api/v1/topics/%00", "/api/v1/topics/..%2f..", "/api/v1/topics/."})
    void pathsThatTryToGoElsewhereGoNowhere(String path) throws Exception {
        assertThat(rest.getRaw(path)).doesNotStartWith("HTTP/1.1 500").doesNotContain("Exception");
    }

    @Test
    void aFormThatNobodyOffersIsRefused() throws Exception {
        assertThat(rest.get(PARTITION + "/records", "image/png").statusCode()).isEqualTo(406);
    }

    @Test
    void anOfflinePartitionIsListedWithItsReason() throws Exception {
        var partition = rest.get(200, "/api/v1/topics/broken/partitions/0");

        assertThat(partition.get("offline").stringValue()).contains("has no topic_id");
        assertThat(partition.has("logEndOffset")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"evil.example.com", "evil.example.com:8080", "127.0.0.1.evil.example.com", "localhost.evil"})
    void aNameThatOnlyPointsAtUsIsNotAnswered(String host) throws Exception {
        assertThat(rest.getRaw("/api/v1/topics", host))
                .startsWith("HTTP/1.1 403")
                .doesNotContain("items");
        assertThat(rest.getRaw("/actuator/health", host)).startsWith("HTTP/1.1 403");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST:1234", "127.0.0.1", "192.168.1.7:8080", "[::1]", "[::1]:8080"})
    void addressesAndLocalhostAreAnswered(String host) throws Exception {
        assertThat(rest.getRaw("/api/v1/topics", host)).startsWith("HTTP/1.1 200");
    }
}
