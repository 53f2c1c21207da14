package io.vitrine.admin;

import static io.vitrine.inspect.SampleBroker.record;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnatomyOverHttpTests extends RestScenario {
    private static final String ANATOMY = "/api/v1/anatomy";
    private static final String BINARY = "application/octet-stream";
    private static final String TEXT = "text/plain";
    private static final byte[] API_VERSIONS = HexFormat.of().parseHex("00120000000000010003776562");

    @Override
    void prepare() throws Exception {
        broker.createTopic("orders", 1);
        broker.append("orders", Compression.gzip().build(), record("k", "v"), record("k", "w"));
    }

    @Test
    void aBatchThatIsOnDiskIsExplainedAsIfItWereNot() throws Exception {
        var batch = Files.readAllBytes(broker.logFile("orders"));

        var posted = rest.post(200, ANATOMY, BINARY, batch);

        assertThat(posted.get("kind").stringValue()).isEqualTo("batch");
        assertThat(posted.get("sizeBytes").intValue()).isEqualTo(batch.length);
        assertThat(posted.get("batches").get(0).get("anatomy"))
                .isEqualTo(rest.get(200, "/api/v1/topics/orders/partitions/0/batches/0?annotate=true")
                        .get("anatomy"));
    }

    @Test
    void aProduceRequestIsExplainedDownToItsRecords() throws Exception {
        var posted = rest.post(200, ANATOMY, BINARY, produce());

        assertThat(posted.get("kind").stringValue()).isEqualTo("request");
        assertThat(posted.get("api").toString())
                .isEqualTo("{\"key\":0,\"name\":\"Produce\",\"version\":9,\"served\":true}");
        assertThat(posted.get("fields").findValuesAsString("name"))
                .contains("header.clientId", "acks", "topicData[0].name", "topicData[0].partitionData[0].records");
        var batch = posted.get("batches").get(0);
        assertThat(batch.get("field").stringValue()).isEqualTo("topicData[0].partitionData[0].records");
        assertThat(batch.get("anatomy").get("records").get(0).findValuesAsString("value"))
                .contains("key", "value");
        assertThat(posted.has("problem")).isFalse();
    }

    @Test
    void aTerminalGetsADump() throws Exception {
        var answer = rest.send("POST", ANATOMY + "?format=hex", BINARY, produce());

        assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/plain;charset=UTF-8");
        assertThat(answer.body().lines())
                .startsWith("request Produce version 9, %d bytes".formatted(produce().length))
                .anyMatch(line -> line.matches(" +2 {2}00 09 +\\|\\.\\.\\| +# header.requestApiVersion: 9, .*"))
                .anyMatch(line -> line.matches("batch of \\d+ bytes at byte \\d+, in topicData.*records"))
                .anyMatch(line -> line.endsWith("# value: \"value\""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s", "%s\n", "0x%s"})
    void hexMayBeWrittenAsPeopleDo(String form) throws Exception {
        var text = form.formatted(HexFormat.ofDelimiter(" ").formatHex(API_VERSIONS));

        var posted = rest.post(200, ANATOMY, TEXT, text.getBytes(StandardCharsets.US_ASCII));

        assertThat(posted.get("api").get("name").stringValue()).isEqualTo("ApiVersions");
        assertThat(posted.has("problem")).isFalse();
    }

    @Test
    void base64MayHaveLinesAndEitherAlphabet() throws Exception {
        var plain = Base64.getMimeEncoder().encode(produce());
        var forUrls = Base64.getUrlEncoder().encode(produce());

        assertThat(rest.post(200, ANATOMY, TEXT, plain)).isEqualTo(rest.post(200, ANATOMY, TEXT, forUrls));
        assertThat(rest.post(200, ANATOMY, TEXT, plain)).isEqualTo(rest.post(200, ANATOMY, BINARY, produce()));
    }

    @Test
    void aResponseIsExplainedWhenItsApiIsTold() throws Exception {
        var response = HexFormat.of().parseHex("00000007000300000000");

        var posted = rest.post(200, ANATOMY + "?api=Heartbeat&version=0", BINARY, Arrays.copyOf(response, 6));

        assertThat(posted.get("kind").stringValue()).isEqualTo("response");
        assertThat(posted.get("fields").get(1).get("meaning").stringValue())
                .startsWith("UNKNOWN_TOPIC_OR_PARTITION: The error code");
        assertThat(rest.post(200, ANATOMY + "?api=12&version=0", BINARY, response)
                        .get("problem")
                        .toString())
                .isEqualTo("{\"position\":6,\"reason\":\"the response ends here, and 4 bytes follow\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "kind=response, api",
        "kind=response&api=Nope&version=1, api",
        "api=Fetch, version",
        "api=Fetch&version=99, version",
        "version=3, version",
        "kind=request&api=Fetch&version=4, api",
        "kind=message, kind",
        "framing=yes, framing",
        "encoding=utf8, encoding",
        "format=raw, format",
        "limit=10001, limit",
        "recordLimit=-1, recordLimit",
        "maxValueBytes=65537, maxValueBytes",
        "from=3, from"
    })
    void aQuestionThatMakesNoSenseIsRefused(String query, String parameter) throws Exception {
        var problem = rest.post(400, ANATOMY + "?" + query, BINARY, API_VERSIONS);

        assertThat(problem.get("violations").findValuesAsString("parameter")).contains(parameter);
    }

    @ParameterizedTest
    @CsvSource({
        "00 1g, encoding=hex, 'Character 4 of the body is no hex digit.'",
        "00 1g!, encoding=auto, 'Character 5 of the body is neither hex nor base64.'",
        "00 1, encoding=auto, The last byte has one hex digit only.",
        "A, encoding=base64, 'The body is not base64: Last unit does not have enough valid bits'"
    })
    void textThatIsNoBytesIsRefusedWithThePlace(String text, String query, String detail) throws Exception {
        var problem = rest.post(400, ANATOMY + "?" + query, TEXT, text.getBytes(StandardCharsets.US_ASCII));

        assertThat(problem.get("detail").stringValue()).isEqualTo(detail);
    }

    @Test
    void aMebibyteIsTheMost() throws Exception {
        assertThat(rest.post(200, ANATOMY + "?limit=10", BINARY, new byte[1024 * 1024])
                        .get("problem"))
                .isNotNull();

        assertThat(rest.send("POST", ANATOMY, BINARY, new byte[1024 * 1024 + 1]))
                .returns(413, HttpResponse::statusCode);
        assertThat(rest.send("POST", ANATOMY, TEXT, "00".repeat(1024 * 1024 + 1).getBytes(StandardCharsets.US_ASCII)))
                .returns(413, HttpResponse::statusCode);
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/x-www-form-urlencoded", "application/json", "multipart/form-data"})
    void anotherContentTypeIsNotGuessedAt(String type) throws Exception {
        var answer = rest.send("POST", ANATOMY, type, API_VERSIONS);

        assertThat(answer.statusCode()).isEqualTo(415);
        assertThat(answer.headers().firstValue("Accept")).hasValue("application/octet-stream, text/plain");
    }

    private static byte[] produce() {
        var records = MemoryRecords.withRecords(Compression.NONE, record("key", "value"));
        var partition =
                new ProduceRequestData.PartitionProduceData().setIndex(0).setRecords(records);
        var topic = new ProduceRequestData.TopicProduceData().setName("orders");
        topic.partitionData().add(partition);
        var body = new ProduceRequestData().setAcks((short) -1).setTimeoutMs(1000);
        body.topicData().add(topic);
        var header = new RequestHeaderData()
                .setRequestApiKey(ApiKeys.PRODUCE.id)
                .setRequestApiVersion((short) 9)
                .setCorrelationId(3)
                .setClientId("app");
        var cache = new ObjectSerializationCache();
        var bytes = ByteBuffer.allocate(header.size(cache, (short) 2) + body.size(cache, (short) 9));
        header.write(new ByteBufferAccessor(bytes), cache, (short) 2);
        body.write(new ByteBufferAccessor(bytes), cache, (short) 9);
        return bytes.array();
    }
}
