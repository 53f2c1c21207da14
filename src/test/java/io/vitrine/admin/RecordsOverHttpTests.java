package io.vitrine.admin;

import static io.vitrine.inspect.SampleBroker.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.inspect.SampleBatches;
import io.vitrine.inspect.SampleBroker;
import java.io.RandomAccessFile;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;

class RecordsOverHttpTests extends RestScenario {
    private static final String ORDERS = "/api/v1/topics/orders/partitions/0/records";

    @Override
    void prepare() throws Exception {
        broker.createTopic("orders", 1);
        var headers = new Header[] {new RecordHeader("trace", new byte[] {0, 1}), new RecordHeader("trace", null)};
        broker.append(
                "orders",
                Compression.zstd().build(),
                record("k0", "{\"id\": 1}"),
                record("k1", "<script>alert(1)</script>"),
                new SimpleRecord(-1, (byte[]) null, null),
                new SimpleRecord(SampleBroker.TIMESTAMP, new byte[0], new byte[0], headers));
        broker.createTopic("many", 1);
        for (int i = 0; i < 300; i++) {
            broker.append("many", Compression.NONE, record("a", "v" + i), record("b", "v" + i));
        }
        broker.createTopicWith("fruit", SampleBatches.damaged(0), SampleBatches.withoutHeaderCount(1));
        broker.createTopicWith("cut", SampleBatches.withoutHeaderCount(0), SampleBatches.withoutHeaderCount(1));
        try (var file = new RandomAccessFile(broker.logFile("cut").toFile(), "rw")) {
            file.seek(72);
            file.writeLong(-50);
        }
    }

    @Test
    void aRecordIsShownWithEverythingItHas() throws Exception {
        var record = rest.get(200, ORDERS + "/0");

        assertThat(record.toString())
                .isEqualTo("{\"offset\":0,\"timestamp\":1726045943832,\"timestampIso\":\"2024-09-11T09:12:23.832Z\","
                        + "\"size\":17,\"key\":{\"format\":\"utf8\",\"data\":\"k0\",\"size\":2},"
                        + "\"value\":{\"format\":\"json\",\"data\":{\"id\":1},\"size\":9},"
                        + "\"headerCount\":0,\"headers\":[],"
                        + "\"links\":{\"self\":\"" + ORDERS + "/0\","
                        + "\"batch\":\"/api/v1/topics/orders/partitions/0/batches/0?annotate=true\","
                        + "\"key\":\"" + ORDERS + "/0/key\",\"value\":\"" + ORDERS + "/0/value\"}}");
    }

    @Test
    void nullAndEmptyAreToldApartAndHeadersKeepTheirOrder() throws Exception {
        var items = rest.get(200, ORDERS).get("items");

        assertThat(items.get(2).get("key").isNull()).isTrue();
        assertThat(items.get(2).get("timestampIso").isNull()).isTrue();
        assertThat(items.get(3).get("key").toString()).isEqualTo("{\"format\":\"utf8\",\"data\":\"\",\"size\":0}");
        assertThat(items.get(3).get("headers").toString())
                .isEqualTo("[{\"key\":\"trace\",\"value\":{\"format\":\"base64\",\"data\":\"AAE=\",\"size\":2}},"
                        + "{\"key\":\"trace\",\"value\":null}]");
    }

    @Test
    void keysAndValuesCanBeSavedAsTheyAre() throws Exception {
        var value = rest.getRange(ORDERS + "/1/value", Map.of());
        var part = rest.getRange(ORDERS + "/1/value", Map.of("Range", "bytes=-9"));
        var empty = rest.getRange(ORDERS + "/3/key", Map.of());

        assertThat(value.body()).isEqualTo(SampleBroker.bytes("<script>alert(1)</script>"));
        assertThat(value.headers().firstValue("Content-Type")).hasValue("application/octet-stream");
        assertThat(value.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(value.headers().firstValue("Content-Disposition"))
                .hasValue("attachment; filename=\"orders-0-1-value.bin\"");
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).isEqualTo(SampleBroker.bytes("</script>"));
        assertThat(rest.getRange(ORDERS + "/1/key", Map.of()).body()).isEqualTo(SampleBroker.bytes("k1"));
        assertThat(empty.statusCode()).isEqualTo(200);
        assertThat(empty.body()).isEmpty();
        assertThat(rest.getRange(ORDERS + "/3/key", Map.of("Range", "bytes=0-")).statusCode())
                .isEqualTo(416);
    }

    @Test
    void whatCantBeSavedSaysWhy() throws Exception {
        assertThat(rest.get(ORDERS + "/2/value", "*/*"))
                .returns(404, HttpResponse::statusCode)
                .satisfies(answer ->
                        assertThat(answer.body()).contains("The value of the record at offset 2 of orders-0 is null."));
        assertThat(rest.get("/api/v1/topics/fruit/partitions/0/records/0/value", "*/*"))
                .returns(500, HttpResponse::statusCode)
                .satisfies(answer -> assertThat(answer.body()).contains("CORRUPT_MESSAGE"));
        assertThat(rest.get("/api/v1/topics/fruit/partitions/0/records/1/value", "*/*"))
                .returns(200, HttpResponse::statusCode);
        assertThat(rest.get("/api/v1/topics/cut/partitions/0/records/1/value", "*/*"))
                .returns(500, HttpResponse::statusCode);
        assertThat(rest.get(ORDERS + "/4/value", "*/*"))
                .returns(416, HttpResponse::statusCode)
                .satisfies(answer -> assertThat(answer.body()).contains("\"logEndOffset\":4"));
        assertThat(rest.get(ORDERS + "/0/value?format=hex", "*/*")).returns(400, HttpResponse::statusCode);
    }

    @Test
    void aNullHasNothingToSave() throws Exception {
        var links = rest.get(200, ORDERS + "/2").get("links");

        assertThat(links.has("key")).isFalse();
        assertThat(links.has("value")).isFalse();
    }

    @Test
    void markupIsDataAndNoBrowserMayGuessOtherwise() throws Exception {
        var answer = rest.get(ORDERS + "/1", "*/*");

        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(answer.headers().firstValue("Content-Security-Policy"))
                .hasValueSatisfying(policy -> assertThat(policy).startsWith("default-src 'none'"));
        assertThat(answer.body()).contains("\"data\":\"<script>alert(1)</script>\"");
    }

    @Test
    void formatsAndSizesAreTheCallersChoice() throws Exception {
        var value = rest.get(200, ORDERS + "/1?valueFormat=hex&maxValueBytes=4&keyFormat=none");

        assertThat(value.get("value").toString())
                .isEqualTo("{\"format\":\"hex\",\"data\":\"3c736372\",\"size\":25,\"truncated\":true}");
        assertThat(value.get("key").toString()).isEqualTo("{\"format\":\"none\",\"size\":2}");
    }

    @Test
    void pagesFollowTheirLinksToTheEnd() throws Exception {
        int count = 0;
        var next = "/api/v1/topics/many/partitions/0/records?limit=250&valueFormat=utf8";
        while (next != null) {
            var page = rest.get(200, next);
            count += page.get("items").size();
            next = page.has("next") ? page.get("next").stringValue() : null;
        }

        assertThat(count).isEqualTo(600);
    }

    @Test
    void linesAreARecordEach() throws Exception {
        var answer = rest.get("/api/v1/topics/many/partitions/0/records?from=3&limit=10000", "application/x-ndjson");

        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/x-ndjson");
        assertThat(answer.body().lines()).hasSize(597).allMatch(line -> line.startsWith("{\"offset\":"));
        assertThat(answer.body()).endsWith("}\n");
    }

    @Test
    void anEmptyPageIsNoLineAtAll() throws Exception {
        assertThat(rest.get(ORDERS + "?from=4", "application/x-ndjson").body()).isEmpty();
        assertThat(rest.get(200, ORDERS + "?from=4").toString()).isEqualTo("{\"items\":[]}");
    }

    @Test
    void damageIsAnItemAmongTheOthers() throws Exception {
        var items = rest.get(200, "/api/v1/topics/fruit/partitions/0/records").get("items");

        assertThat(items.get(0).get("problem").toString())
                .isEqualTo("{\"position\":67,\"reason\":\"the records end in the middle of one\"}");
        assertThat(items.get(1).get("headerCount").intValue()).isEqualTo(-1);
        assertThat(rest.get(500, "/api/v1/topics/fruit/partitions/0/records/0")
                        .get("errorName")
                        .stringValue())
                .isEqualTo("CORRUPT_MESSAGE");
    }

    @Test
    void aDamagedPartIsAnItemThatSaysWhere() throws Exception {
        var path = "/api/v1/topics/cut/partitions/0";
        var item = rest.get(200, path + "/records").get("items").get(1);
        var lines = rest.get(path + "/records", "application/x-ndjson")
                .body()
                .lines()
                .toList();

        assertThat(item.get("damaged").toString())
                .isEqualTo("{\"position\":72,\"sizeBytes\":72,\"firstOffset\":1,\"nextOffset\":2,"
                        + "\"reason\":\"base offset -50 where 1 is next\"}");
        assertThat(rest.get(200, item.get("links").get("segment").stringValue())
                        .get("damaged")
                        .size())
                .isEqualTo(1);
        assertThat(lines.get(1)).contains("\"baseOffset\":1,\"lastOffset\":1,\"damaged\":");
        assertThat(rest.get(200, path + "/batches").get("items").get(1).toString())
                .isEqualTo(item.toString());
        assertThat(rest.get(500, path + "/records/1").get("detail").stringValue())
                .endsWith("Offset 2 can be read.");
        assertThat(rest.get(500, path + "/batches/1").get("errorName").stringValue())
                .isEqualTo("CORRUPT_MESSAGE");
    }

    @Test
    void aCallerWhoLeavesEarlyHarmsNobody() throws Exception {
        for (int i = 0; i < 5; i++) {
            rest.leaveEarly("/api/v1/topics/many/partitions/0/records?limit=10000");
        }

        assertThat(rest.get(200, ORDERS).get("items").size()).isEqualTo(4);
    }

    @Test
    void theMetadataLogIsDecoded() throws Exception {
        var items = rest.get(200, "/api/v1/topics/__cluster_metadata/partitions/0/records")
                .get("items");

        assertThat(IntStream.range(0, items.size())
                        .mapToObj(items::get)
                        .map(item -> item.get("value").toString()))
                .anyMatch(
                        value -> value.startsWith(
                                "{\"format\":\"metadata\",\"type\":\"TopicRecord\",\"version\":0,\"data\":{\"name\":\"orders\""));
    }
}
