package io.vitrine.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.metadata.TopicPartition;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ProduceOverHttpTests extends RestScenario {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final String JSON = "application/json";
    private static final String LINES = "application/x-ndjson";

    private final HttpClient client = HttpClient.newHttpClient();

    @Override
    void prepare() throws Exception {
        for (var name : new String[] {"orders", "forms", "untouched", "times", "lines"}) {
            broker.createTopic(name, 3);
        }
        create("compacted", Map.of("cleanup.policy", "compact"));
        create("small", Map.of("max.message.bytes", "1000"));
        create("broker-time", Map.of("message.timestamp.type", "LogAppendTime"));
        broker.metadata().createTopic("broken", 1, Map.of());
        Files.createDirectories(directory.resolve("broken-0"));
        Files.writeString(directory.resolve("broken-0/partition.metadata"), "version: 1\n");
        broker.partitions().apply(broker.metadata().image());
    }

    @Test
    void aRecordIsAnsweredWithItsPlaceAndCanBeReadThere() throws Exception {
        var answer = post("orders", "", """
                {"key":"k","value":{"id":9007199254740993,"price":1.10},"partition":1,"timestamp":"2024-09-11T09:12:23.832Z",
                 "headers":[{"key":"trace","value":"a"},{"key":"trace","value":"AAE=","valueFormat":"base64"},
                            {"key":"none","value":null}]}""");

        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(answer.body())
                .isEqualTo("{\"items\":[{\"partition\":1,\"offset\":0,\"timestamp\":1726045943832,"
                        + "\"timestampIso\":\"2024-09-11T09:12:23.832Z\","
                        + "\"links\":{\"self\":\"/api/v1/topics/orders/partitions/1/records/0\"}}],\"written\":1}");
        var record = rest.get(200, "/api/v1/topics/orders/partitions/1/records/0");
        assertThat(rest.get("/api/v1/topics/orders/partitions/1/records/0", JSON)
                        .body())
                .contains("\"data\":{\"id\":9007199254740993,\"price\":1.10},\"size\":36}");
        assertThat(record.get("headers").toString())
                .isEqualTo("[{\"key\":\"trace\",\"value\":{\"format\":\"utf8\",\"data\":\"a\",\"size\":1}},"
                        + "{\"key\":\"trace\",\"value\":{\"format\":\"base64\",\"data\":\"AAE=\",\"size\":2}},"
                        + "{\"key\":\"none\",\"value\":null}]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"text\"                     | utf8   | 74657874",
                "\"\"                         | utf8   | ''",
                "12.50                        | auto   | 31322e3530",
                "true                         | auto   | 74727565",
                "[ 1, {\"a\" : null} ]        | auto   | 5b312c7b2261223a6e756c6c7d5d",
                "\"text\"                     | json   | 227465787422",
                "\"AAH/\"                     | base64 | 0001ff",
                "\"00FFab\"                   | hex    | 00ffab",
                "\"\\u00e4\\ud83d\\ude00\"    | auto   | c3a4f09f9880"
            })
    void valuesAreWhatTheirFormatSays(String json, String format, String hex) throws Exception {
        var place = posted(post("forms", "", "{\"value\":%s,\"valueFormat\":\"%s\"}".formatted(json, format)));
        var byDefault = posted(post("forms", "?valueFormat=" + format, "{\"value\":%s}".formatted(json)));

        for (var link : new String[] {place, byDefault}) {
            var value = rest.get(200, link + "?valueFormat=hex").get("value");
            assertThat(value.get("data").stringValue()).isEqualTo(hex);
        }
    }

    @Test
    void nullAndAbsentAreATombstone() throws Exception {
        for (var body :
                new String[] {"{\"key\":\"k\",\"value\":null}", "{\"key\":\"k\"}", "{\"key\":\"k\",\"headers\":null}"
                }) {
            assertThat(rest.get(200, posted(post("compacted", "", body)))
                            .get("value")
                            .isNull())
                    .isTrue();
        }
    }

    @Test
    void recordsWithoutAKeyStayTogetherAndRequestsTakeTurns() throws Exception {
        var first = items(post("lines", "", "[{\"value\":1},{\"value\":2},{\"value\":3}]"));
        var second = items(post("lines", "", "[{\"value\":4},{\"value\":5}]"));

        assertThat(first.get(0).get("partition")).isEqualTo(first.get(2).get("partition"));
        assertThat(first.get(2).get("offset").longValue())
                .isEqualTo(first.get(0).get("offset").longValue() + 2);
        assertThat(second.get(0).get("partition")).isNotEqualTo(first.get(0).get("partition"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[{\"value\":1},{\"vlaue\":2}]                          | 1 | vlaue             | is no field",
                "[{},{\"partition\":3}]                                 | 1 | partition         | not between 0 and 2",
                "[{},{\"partition\":1.5}]                               | 1 | partition         | not a whole number",
                "{\"partition\":\"1\"}                                  | 0 | partition         | not a whole number",
                "{\"timestamp\":\"noon\"}                               | 0 | timestamp         | neither a number",
                "{\"timestamp\":-1}                                     | 0 | timestamp         | is negative",
                "{\"value\":\"?\",\"valueFormat\":\"base64\"}           | 0 | value             | is not base64",
                "{\"value\":{},\"valueFormat\":\"hex\"}                 | 0 | value             | has to be a string",
                "{\"value\":\"abc\",\"valueFormat\":\"hex\"}            | 0 | value             | string",
                "{\"value\":\"\",\"valueFormat\":\"xml\"}               | 0 | valueFormat       | is none of",
                "{\"value\":\"\\ud800\"}                                | 0 | value             | half a character",
                "{\"key\":1,\"key\":2}                                  | 0 | ''                | is given twice",
                "{\"headers\":{\"a\":\"b\"}}                            | 0 | headers           | has to be a list",
                "{\"headers\":[1]}                                      | 0 | ''                | else than objects",
                "{\"headers\":[{\"key\":\"a\"},{\"value\":\"b\"}]}      | 0 | headers[1].key    | has to be a string",
                "{\"headers\":[{\"key\":\"a\",\"val\":\"b\"}]}          | 0 | headers[0].val    | is no field",
                "[{},{\"value\":]                                       | 1 | ''                | is not JSON",
                "[{}                                                    | 1 | ''                | is not JSON",
                "{} {}                                                  | 1 | ''                | more behind the end",
                "[{}] 1                                                 | 1 | ''                | more behind the end",
                "[{},1]                                                 | 1 | ''                | has to be a JSON object",
                "\"text\"                                               | 0 | ''                | has to be a JSON object"
            })
    void whatIsWrongIsNamedByRecordAndFieldAndNothingIsWritten(String body, int record, String field, String message)
            throws Exception {
        var answer = post("untouched", "", body);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        var violation = MAPPER.readTree(answer.body()).get("violations").get(0);
        assertThat(violation.get("record").intValue()).isEqualTo(record);
        assertThat(violation.get("field").stringValue()).isEqualTo(field);
        assertThat(violation.get("message").stringValue()).contains(message);
        assertThat(rest.get(200, "/api/v1/topics/untouched").get("records").longValue())
                .isZero();
    }

    @Test
    void severalMistakesAreToldAtOnce() throws Exception {
        var answer = post("untouched", "", "[{\"partition\":9,\"timestamp\":-5},{\"x\":1}]");

        assertThat(MAPPER.readTree(answer.body()).get("violations").size()).isEqualTo(3);
    }

    @Test
    void theTopicsRulesApply() throws Exception {
        var noKey = post("compacted", "", "[{\"key\":\"a\",\"value\":1},{\"value\":2}]");
        var tooLarge = post("small", "", "{\"value\":\"%s\"}".formatted("v".repeat(1000)));
        var compressed = post("small", "?codec=zstd", "{\"value\":\"%s\"}".formatted("v".repeat(1000)));
        var tooEarly = post("times", "", "[{\"partition\":0},{\"partition\":0,\"timestamp\":\"9999-01-01\"}]");
        var stamped = post("broker-time", "", "{\"timestamp\":5}");

        assertThat(noKey.statusCode()).isEqualTo(400);
        assertThat(violation(noKey).toString()).startsWith("{\"record\":1,\"field\":\"key\",");
        assertThat(tooLarge.statusCode()).isEqualTo(413);
        assertThat(MAPPER.readTree(tooLarge.body()).get("errorName").stringValue())
                .isEqualTo("MESSAGE_TOO_LARGE");
        assertThat(compressed.statusCode()).isEqualTo(201);
        assertThat(tooEarly.statusCode()).isEqualTo(400);
        assertThat(MAPPER.readTree(tooEarly.body()).get("errorName").stringValue())
                .isEqualTo("INVALID_TIMESTAMP");
        assertThat(violation(tooEarly).get("record").intValue()).isEqualTo(1);
        assertThat(items(stamped).get(0).get("timestamp").longValue()).isGreaterThan(1_700_000_000_000L);
        assertThat(end("compacted") + end("times")).isZero();
    }

    @Test
    void eachPartitionAnswersForItself() throws Exception {
        broker.createTopic("halves", 2);
        var partition =
                broker.partitions().find(new TopicPartition("halves", 0)).orElseThrow();
        var answer = post(
                "halves",
                "",
                "[{\"partition\":0,\"timestamp\":\"9999-01-01\"},{\"partition\":1,\"value\":\"fine\"},{\"partition\":0}]");

        var body = MAPPER.readTree(answer.body());
        assertThat(answer.statusCode()).isEqualTo(207);
        assertThat(body.get("written").intValue()).isEqualTo(1);
        assertThat(body.get("items").get(0).get("error").get("errorName").stringValue())
                .isEqualTo("INVALID_TIMESTAMP");
        assertThat(body.get("items").get(1).get("offset").longValue()).isZero();
        assertThat(body.get("items").get(2).get("record").intValue()).isEqualTo(2);
        assertThat(partition.findOffsets().orElseThrow().logEndOffset()).isZero();
    }

    @Test
    void linesAreWrittenInPartsAndBeyondTheSizeOfABatch() throws Exception {
        var value = "v".repeat(10_000);
        var body = IntStream.range(0, 400)
                .mapToObj(i -> "{\"key\":\"k%d\",\"partition\":0,\"value\":\"%s\"}".formatted(i, value))
                .collect(Collectors.joining("\n"));
        broker.createTopic("piped", 1);

        var answer = send("piped", "", LINES, LINES, body);

        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(answer.body().lines()).hasSize(400);
        assertThat(end("piped")).isEqualTo(400);
        assertThat(rest.get(200, "/api/v1/topics/piped/records?limit=1&from=-1&maxValueBytes=0")
                        .get("items")
                        .get(0)
                        .get("key")
                        .get("size")
                        .intValue())
                .isEqualTo(4);
        assertThat(post("piped", "", "[" + body.replace("\n", ",") + "]").statusCode())
                .as("an array is one batch or nothing")
                .isEqualTo(413);
        assertThat(end("piped")).isEqualTo(400);
    }

    @Test
    void aBadLineEndsItAndTheAnswerSaysWhatIsWritten() throws Exception {
        var value = "v".repeat(100_000);
        var body = new StringBuilder();
        for (int i = 0; i < 30; i++) {
            body.append("{\"value\":\"%s\"}\n".formatted(value));
        }
        body.append("{\"value\":\n");
        broker.createTopic("torn", 1);

        var answer = send("torn", "", LINES, JSON, body.toString());
        var short_ = send("torn", "", LINES, JSON, "{\"value\":1}\n{\"value\":2}\n{\"value\"\n");

        assertThat(answer.statusCode()).isEqualTo(207);
        var page = MAPPER.readTree(answer.body());
        int written = page.get("written").intValue();
        assertThat(written).isBetween(1, 29).isEqualTo(page.get("items").size());
        assertThat(end("torn")).isEqualTo(written);
        assertThat(page.get("problem").get("violations").get(0).get("record").intValue())
                .isEqualTo(30);
        assertThat(short_.statusCode()).isEqualTo(400);
        assertThat(violation(short_).get("record").intValue()).isEqualTo(2);
    }

    @Test
    void aBodyHasALimitAndALineToo() throws Exception {
        var large = "{\"value\":\"%s\"}".formatted("v".repeat(PostedBody.MAX_BYTES));

        assertThat(post("untouched", "", large).statusCode()).isEqualTo(413);
        assertThat(send("untouched", "", LINES, JSON, large).statusCode()).isEqualTo(413);
        assertThat(post("untouched", "", "[" + "{},".repeat(PostedBody.MAX_RECORDS) + "{}]")
                        .statusCode())
                .isEqualTo(413);
        assertThat(end("untouched")).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "nope, 404, 3",
        "__consumer_offsets, 400, 17",
        "__cluster_metadata, 400, 17",
        "a%20b, 400, 17",
        "broken, 503, 56"
    })
    void notEveryTopicCanBeWrittenTo(String topic, int status, int code) throws Exception {
        var answer = post(topic, "", "{\"value\":1}");

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(MAPPER.readTree(answer.body()).get("errorCode").intValue()).isEqualTo(code);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "", " "})
    void noRecordIsABadBody(String body) throws Exception {
        assertThat(post("untouched", "", body).statusCode()).isEqualTo(400);
        assertThat(send("untouched", "", LINES, JSON, "\n").statusCode()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"?acks=0", "?codec=brotli", "?valueFormat=none", "?sync=true"})
    void whatCantBeUnderstoodIsRefused(String query) throws Exception {
        assertThat(post("untouched", query, "{\"value\":1}").statusCode()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({
        "http://evil.example.com, '', 403",
        "null, '', 403",
        "http://localhost:1, '', 403",
        "OWN, '', 201",
        "OWN, same-origin, 201",
        "OWN, cross-site, 403",
        "'', same-site, 403",
        "'', none, 201"
    })
    void pagesFromElsewhereMayNotWrite(String origin, String site, int status) throws Exception {
        var request = request("orders", "", JSON, JSON, "{\"value\":1}");
        if (!origin.isEmpty()) {
            request.header("Origin", origin.replace("OWN", rest.base().toString()));
        }
        if (!site.isEmpty()) {
            request.header("Sec-Fetch-Site", site);
        }

        assertThat(client.send(request.build(), BodyHandlers.ofString()).statusCode())
                .isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"})
    void whatAFormCanSendIsNotTaken(String type) throws Exception {
        assertThat(send("untouched", "", type, JSON, "{\"value\":1}").statusCode())
                .isEqualTo(415);
        var preflight = HttpRequest.newBuilder(uri("untouched", ""))
                .method("OPTIONS", BodyPublishers.noBody())
                .header("Origin", "http://evil.example.com")
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "content-type")
                .build();
        var allowed = client.send(preflight, BodyHandlers.ofString());
        assertThat(allowed.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    }

    private void create(String topic, Map<String, String> configs) throws Exception {
        broker.metadata().createTopic(topic, 1, configs);
        broker.partitions().apply(broker.metadata().image());
    }

    private long end(String topic) throws Exception {
        return rest.get(200, "/api/v1/topics/" + topic).get("records").longValue();
    }

    private static JsonNode violation(HttpResponse<String> answer) {
        return MAPPER.readTree(answer.body()).get("violations").get(0);
    }

    private static JsonNode items(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return MAPPER.readTree(answer.body()).get("items");
    }

    private static String posted(HttpResponse<String> answer) {
        return items(answer).get(0).get("links").get("self").stringValue();
    }

    private HttpResponse<String> post(String topic, String query, String body) throws Exception {
        return send(topic, query, JSON, JSON, body);
    }

    private HttpResponse<String> send(String topic, String query, String type, String accept, String body)
            throws Exception {
        return client.send(request(topic, query, type, accept, body).build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String topic, String query, String type, String accept, String body) {
        return HttpRequest.newBuilder(uri(topic, query))
                .header("Content-Type", type)
                .header("Accept", accept)
                .POST(BodyPublishers.ofString(body));
    }

    private URI uri(String topic, String query) {
        return rest.base().resolve("/api/v1/topics/" + topic + "/records" + query);
    }
}
