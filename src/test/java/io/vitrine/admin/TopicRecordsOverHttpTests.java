package io.vitrine.admin;

import static io.vitrine.inspect.SampleBroker.TIMESTAMP;
import static io.vitrine.inspect.SampleBroker.bytes;
import static io.vitrine.inspect.SampleBroker.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vitrine.inspect.ReadTotals;
import io.vitrine.inspect.SampleBatches;
import io.vitrine.metadata.TopicPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TopicRecordsOverHttpTests extends RestScenario {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String ORDERS = "/api/v1/topics/orders/records";
    private static final int ORDER_COUNT = 150;
    private static final int MEGABYTE = 1024 * 1024;

    @Override
    void prepare() throws Exception {
        broker.createTopic("orders", 3);
        // The i-th record of all lies in partition i % 3, each in a batch of its own.
        for (int i = 0; i < ORDER_COUNT; i++) {
            var headers = i == 42 ? new Header[] {new RecordHeader("trace", bytes("abc:1"))} : new Header[0];
            broker.append(
                    new TopicPartition("orders", i % 3),
                    i % 2 == 0 ? Compression.NONE : Compression.zstd().build(),
                    new SimpleRecord(
                            TIMESTAMP + i, bytes("key-" + i), bytes("order number " + i + " is here"), headers));
        }
        broker.createTopicWith("cut", SampleBatches.withoutHeaderCount(0), SampleBatches.damaged(1));
        broker.append("cut", Compression.NONE, record("behind", "the damage"));
        broker.createTopic("shrinking", 2);
        for (int i = 0; i < 20; i++) {
            broker.append(new TopicPartition("shrinking", i % 2), Compression.NONE, record("k", "v" + i));
        }
        broker.createTopic("large", 1);
        for (int i = 0; i < 200; i++) {
            broker.append("large", Compression.zstd().build(), new SimpleRecord(TIMESTAMP, null, new byte[MEGABYTE]));
        }
    }

    @Test
    void partitionsAreMergedByTimeAndEachRecordHasItsPermalink() throws Exception {
        var page = rest.get(200, ORDERS + "?limit=5");

        assertThat(keys(page)).containsExactly("key-0", "key-1", "key-2", "key-3", "key-4");
        assertThat(page.get("items").get(4).get("partition").intValue()).isEqualTo(1);
        var permalink = page.get("items").get(4).get("links").get("self").stringValue();
        assertThat(permalink).isEqualTo("/api/v1/topics/orders/partitions/1/records/1");
        assertThat(rest.get(200, permalink).get("key").get("data").stringValue())
                .isEqualTo("key-4");
        assertThat(page.get("scanned").get("records").intValue()).isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource({"7, ''", "1, &partition=1", "50, &keyPrefix=key-1", "149, ''", "150, ''"})
    void pagesShowEachRecordExactlyOnce(int limit, String more) throws Exception {
        var all = keys(rest.get(200, ORDERS + "?limit=10000" + more));
        var paged = new ArrayList<String>();
        var next = ORDERS + "?limit=" + limit + more;
        int pages = 0;
        while (next != null) {
            var page = rest.get(200, next);
            assertThat(page.get("items").size()).isLessThanOrEqualTo(limit);
            paged.addAll(keys(page));
            next = page.has("next") ? page.get("next").stringValue() : null;
            pages++;
        }

        assertThat(paged).isEqualTo(all).doesNotHaveDuplicates().isNotEmpty();
        assertThat(pages).isBetween(paged.size() / limit, paged.size() / limit + 1);
    }

    @ParameterizedTest
    @CsvSource({
        "from=latest, ''",
        "from=tail:3, 'key-147,key-148,key-149'",
        "from=-4, 'key-146,key-147,key-148,key-149'",
        "partition=2&from=tail:2, 'key-146,key-149'",
        "partition=2&from=48, 'key-146,key-149'",
        "partition=2&from=1&to=3, 'key-5,key-8'",
        "from=@1726045943979, 'key-147,key-148,key-149'",
        "from=2024-09-11T09:12:23.979Z, 'key-147,key-148,key-149'",
        "from=2024-09-11T09:12:23.979, 'key-147,key-148,key-149'",
        "from=2024-09-11T11:12:23.979+02:00, 'key-147,key-148,key-149'",
        "to=@1726045943834, 'key-0,key-1'",
        "to=2024-09-11, ''",
        "from=2024-09-12, ''",
        "to=earliest, ''",
        "from=@1726045943931&to=@1726045943933, 'key-99,key-100'"
    })
    void placesAreNamedByOffsetTimeOrDistanceFromTheEnd(String range, String expected) throws Exception {
        var page = rest.get(200, ORDERS + "?isolation=read_committed&" + range);

        assertThat(keys(page)).isEqualTo(expected.isEmpty() ? List.of() : List.of(expected.split(",")));
        assertThat(page.has("next")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "key=key-7, 'key-7'",
        "key=key-, ''",
        "keyPrefix=key-14, 'key-14,key-140,key-141,key-142,key-143,key-144,key-145,key-146,key-147,key-148,key-149'",
        "contains=number 77 is, 'key-77'",
        "contains=nowhere, ''",
        "header=trace, 'key-42'",
        "header=trace:abc:1, 'key-42'",
        "header=trace:abc, ''",
        "header=trac, ''",
        "keyPrefix=key-1&contains=number 10, 'key-10,key-100,key-101,key-102,key-103,key-104,key-105,key-106,key-107,key-108,key-109'"
    })
    void filtersLookAtAllBytesWhateverIsShown(String filter, String expected) throws Exception {
        var page = rest.get(200, ORDERS + "?maxValueBytes=100&" + filter.replace(" ", "%20"));
        var cut = rest.get(200, ORDERS + "?maxValueBytes=0&keyFormat=none&" + filter.replace(" ", "%20"));

        assertThat(keys(page)).isEqualTo(expected.isEmpty() ? List.of() : List.of(expected.split(",")));
        assertThat(cut.get("items").size()).isEqualTo(page.get("items").size());
        assertThat(page.get("scanned").get("records").intValue()).isEqualTo(ORDER_COUNT);
    }

    @Test
    void aSearchThatEndsEarlySaysSoAndGoesOn() throws Exception {
        var page = rest.get(200, ORDERS + "?key=key-77&maxScanned=50");
        var second = rest.get(200, page.get("next").stringValue());
        var lines = rest.get(ORDERS + "?key=key-77&maxScanned=50", "application/x-ndjson")
                .body();

        assertThat(page.get("items").size()).isZero();
        assertThat(page.get("scanned").get("records").intValue()).isEqualTo(50);
        assertThat(page.get("stopped").stringValue()).isEqualTo("50 records did not match; next goes on");
        assertThat(keys(second)).containsExactly("key-77");
        assertThat(lines.lines()).hasSize(1);
        assertThat(JSON.readTree(lines).get("next")).isEqualTo(page.get("next"));
    }

    @Test
    void theConditionsSurviveInTheLink() throws Exception {
        var first = rest.get(200, ORDERS + "?limit=1&contains=%26%2B%20%25%7Bx%7D%C3%A4&maxScanned=10");

        assertThat(first.get("next").stringValue())
                .startsWith(ORDERS + "?contains=%26%2B%20%25%7Bx%7D%C3%A4&cursor=")
                .endsWith("&limit=1&maxScanned=10");
        assertThat(rest.get(200, first.get("next").stringValue())
                        .get("scanned")
                        .get("records")
                        .intValue())
                .isEqualTo(10);
    }

    @Test
    void damageIsAnItemAndRecordsGoOnBehindIt() throws Exception {
        var items = rest.get(200, "/api/v1/topics/cut/records?key=behind").get("items");

        assertThat(items.size()).isEqualTo(2);
        assertThat(items.get(0).get("partition").intValue()).isZero();
        assertThat(items.get(0).get("baseOffset").longValue()).isEqualTo(1);
        assertThat(items.get(0).get("problem").get("reason").stringValue()).contains("end in the middle");
        assertThat(items.get(1).get("value").get("data").stringValue()).isEqualTo("the damage");
    }

    @Test
    void whatWasDeletedBetweenTwoPagesIsAnItem() throws Exception {
        var first = rest.get(200, "/api/v1/topics/shrinking/records?limit=4");
        var partition =
                broker.partitions().find(new TopicPartition("shrinking", 1)).orElseThrow();
        broker.partitions().deleteRecords(partition, 7);
        var items = rest.get(200, first.get("next").stringValue()).get("items");
        var deleted = Stream.of(items.get(0), items.get(1), items.get(2), items.get(3))
                .filter(item -> item.has("deleted"))
                .findFirst()
                .orElseThrow();

        assertThat(first.get("items").size()).isEqualTo(4);
        assertThat(deleted.get("partition").intValue()).isEqualTo(1);
        assertThat(deleted.get("lastOffset").longValue()).isEqualTo(6);
        assertThat(deleted.get("deleted").get("logStartOffset").longValue()).isEqualTo(7);
        assertThat(rest.get(416, "/api/v1/topics/shrinking/records?partition=1&from=3")
                        .get("errorName")
                        .stringValue())
                .isEqualTo("OFFSET_OUT_OF_RANGE");
    }

    @Test
    void whoeverLeavesIsNoticedAndReadingStops() throws Exception {
        var totals = rest.bean(ReadTotals.class);
        long before = totals.recordsScanned();
        for (int i = 0; i < 4; i++) {
            rest.leaveEarly(
                    "/api/v1/topics/large/records?limit=1000000&valueFormat=hex&maxValueBytes=1048576",
                    "application/x-ndjson");
        }

        await().until(() -> totals.open() == 0);
        // All of it would be 4 times 400 MiB; what fits between the two of them is a fraction of that.
        assertThat(totals.recordsScanned() - before).isBetween(1L, 400L);
    }

    @Test
    void linesMayBeAsManyAsThereAre() throws Exception {
        var lines = rest.get(ORDERS + "?limit=2000000000", "application/x-ndjson");

        assertThat(lines.body().lines()).hasSize(ORDER_COUNT).allMatch(line -> line.startsWith("{\"partition\":"));
    }

    @Test
    void theMetadataLogIsATopicToo() throws Exception {
        var page = rest.get(200, "/api/v1/topics/__cluster_metadata/records?from=-2");

        assertThat(page.get("items").get(1).get("value").get("format").stringValue())
                .isEqualTo("metadata");
    }

    @ParameterizedTest
    @CsvSource({
        "from=5, from, is an offset",
        "from=yesterday, from, is none of earliest",
        "from=tail:0, from, is none of",
        "from=tail:10001, from, is none of",
        "to=tail:3, to, can't be a number of records",
        "from=@-1, from, is none of",
        "from=2024-13-01, from, is none of",
        "cursor=AAAA, cursor, does not belong",
        "cursor=AAAA&from=earliest, cursor, two places",
        "isolation=serializable, isolation, is none of",
        "limit=10001, limit, is not between",
        "partition=x, partition, is not a whole number",
        "keyformat=hex, keyformat, is none of"
    })
    void whatCantBeUnderstoodIsNamed(String query, String parameter, String message) throws Exception {
        var violation = rest.get(400, ORDERS + "?" + query).get("violations").get(0);

        assertThat(violation.get("parameter").stringValue()).isEqualTo(parameter);
        assertThat(violation.get("message").stringValue()).contains(message);
    }

    @Test
    void aCursorOfAnotherTopicIsRefused() throws Exception {
        var next = rest.get(200, "/api/v1/topics/shrinking/records?limit=1")
                .get("next")
                .stringValue();

        assertThat(rest.get(400, next.replace("shrinking", "orders"))
                        .get("violations")
                        .get(0)
                        .get("parameter")
                        .stringValue())
                .isEqualTo("cursor");
        assertThat(rest.get(404, ORDERS + "?partition=3").get("errorCode").intValue())
                .isEqualTo(3);
        assertThat(rest.get(404, "/api/v1/topics/nope/records").get("errorCode").intValue())
                .isEqualTo(3);
        assertThat(rest.get(416, ORDERS + "?partition=0&from=51")
                        .get("logEndOffset")
                        .longValue())
                .isEqualTo(50);
    }

    private static List<String> keys(JsonNode page) {
        var keys = new ArrayList<String>();
        page.get("items").forEach(item -> keys.add(item.get("key").get("data").stringValue()));
        return keys;
    }
}
