package io.vitrine.admin;

import static io.vitrine.inspect.SampleBroker.record;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Map;
import org.apache.kafka.common.compress.Compression;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class SegmentsOverHttpTests extends RestScenario {
    private static final String PARTITION = "/api/v1/topics/orders/partitions/0";
    private static final String FIRST = PARTITION + "/segments/0";

    @Override
    void prepare() throws Exception {
        broker.createTopic("orders", 1);
        for (int i = 0; i < 100; i++) {
            broker.append("orders", Compression.NONE, record("k" + i, "v".repeat(200)));
        }
        broker.createTopic("empty", 1);
        broker.metadata().createTopic("broken", 1, Map.of());
        Files.createDirectories(directory.resolve("broken-0"));
        Files.writeString(directory.resolve("broken-0/partition.metadata"), "version: 1\n");
        Files.createDirectories(directory.resolve("stray-7"));
        broker.partitions().apply(broker.metadata().image());
    }

    @Test
    void aSegmentTellsItsFilesAndLeadsToItsContents() throws Exception {
        var segment = rest.get(200, FIRST);

        assertThat(segment.get("baseOffset").longValue()).isZero();
        assertThat(segment.get("active").booleanValue()).isFalse();
        assertThat(segment.get("files").get(0).get("name").stringValue()).isEqualTo("00000000000000000000.log");
        assertThat(segment.get("files").get(0).get("sizeBytes").longValue())
                .isEqualTo(segment.get("sizeBytes").longValue());
        assertThat(segment.get("damaged").isEmpty()).isTrue();
        for (var name : new String[] {"self", "partition", "batches", "index", "timeindex", "txnindex"}) {
            rest.get(200, segment.get("links").get(name).stringValue());
        }
        var file = rest.getBytes(segment.get("links").get("file").stringValue());
        assertThat(file.body()).hasSize(segment.get("sizeBytes").intValue());
    }

    @Test
    void theListLeadsToEachSegment() throws Exception {
        var items = rest.get(200, PARTITION + "/segments").get("items");

        assertThat(items.size()).isGreaterThan(2);
        for (var item : items) {
            var segment = rest.get(200, item.get("links").get("self").stringValue());
            assertThat(segment.get("baseOffset")).isEqualTo(item.get("baseOffset"));
            assertThat(segment.get("nextOffset")).isEqualTo(item.get("nextOffset"));
            assertThat(segment.get("active")).isEqualTo(item.get("active"));
        }
    }

    @Test
    void anIndexEntryIsWhereItsOffsetIsFound() throws Exception {
        var segment = rest.get(200, FIRST);
        var entries = rest.get(200, FIRST + "/index").get("items");

        assertThat(entries.size())
                .isPositive()
                .isEqualTo(segment.get("entries").get("index").intValue());
        for (var entry : entries) {
            var batch = rest.get(200, PARTITION + "/batches/" + entry.get("offset"));
            assertThat(batch.get("filePosition").longValue())
                    .isEqualTo(entry.get("position").longValue());
        }
    }

    @Test
    void anIndexIsPaged() throws Exception {
        var all = rest.get(200, FIRST + "/index?limit=10000");
        assertThat(all.has("next")).isFalse();

        var page = rest.get(200, FIRST + "/index?limit=1");
        assertThat(page.get("items").size()).isEqualTo(1);
        assertThat(page.get("items").get(0)).isEqualTo(all.get("items").get(0));
        assertThat(page.get("next").stringValue()).isEqualTo(FIRST + "/index?from=1&limit=1");
        var last = rest.get(200, FIRST + "/index?from=" + (all.get("items").size() - 1));
        assertThat(last.has("next")).isFalse();
        assertThat(last.get("items").get(0).get("entry").intValue())
                .isEqualTo(all.get("items").size() - 1);
        assertThat(rest.get(200, FIRST + "/index?from=2147483647&limit=10000")
                        .get("items")
                        .isEmpty())
                .isTrue();
    }

    @Test
    void theOtherIndexesAreListsToo() throws Exception {
        long previous = -1;
        for (var entry : rest.get(200, FIRST + "/timeindex").get("items")) {
            assertThat(entry.get("timestamp").longValue()).isGreaterThan(previous);
            previous = entry.get("timestamp").longValue();
        }
        assertThat(rest.get(200, FIRST + "/txnindex").get("items").isEmpty()).isTrue();
    }

    @Test
    void aBatchTellsWhichIndexEntryLeadsToIt() throws Exception {
        var entries = rest.get(200, FIRST + "/index").get("items");
        var entry = entries.get(entries.size() - 1);
        long offset = entry.get("offset").longValue();

        var batch = rest.get(200, PARTITION + "/batches/" + (offset + 1));

        var search = batch.get("search");
        assertThat(search.get("indexEntry").get("offset").longValue()).isEqualTo(offset);
        assertThat(search.get("indexEntry").get("position")).isEqualTo(entry.get("position"));
        assertThat(search.get("bytesWalked").longValue())
                .isEqualTo(batch.get("filePosition").longValue()
                        - entry.get("position").longValue());
        assertThat(rest.get(200, PARTITION + "/batches/0").get("search").toString())
                .isEqualTo("{\"bytesWalked\":0}");
    }

    @Test
    void theFileComesAsItLiesOnDisk() throws Exception {
        var answer = rest.getBytes(FIRST + "/file");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(Files.readAllBytes(broker.logFile("orders")));
        assertThat(header(answer, "Content-Type")).isEqualTo("application/octet-stream");
        assertThat(header(answer, "Accept-Ranges")).isEqualTo("bytes");
        assertThat(header(answer, "Content-Disposition"))
                .isEqualTo("attachment; filename=\"00000000000000000000.log\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"bytes=0-0 | 0 | 1", "bytes=61-99 | 61 | 100", "bytes=100- | 100 | -1", "bytes=7-99999999 | 7 | -1"
            })
    void aRangeOfItComesAsAPart(String range, int from, int to) throws Exception {
        var file = Files.readAllBytes(broker.logFile("orders"));
        int end = to < 0 ? file.length : to;

        var answer = rest.getRange(FIRST + "/file", Map.of("Range", range));

        assertThat(answer.statusCode()).isEqualTo(206);
        assertThat(answer.body()).isEqualTo(Arrays.copyOfRange(file, from, end));
        assertThat(header(answer, "Content-Range")).isEqualTo("bytes %d-%d/%d".formatted(from, end - 1, file.length));
    }

    @Test
    void itsLastBytesCanBeAskedFor() throws Exception {
        var file = Files.readAllBytes(broker.logFile("orders"));

        var answer = rest.getRange(FIRST + "/file", Map.of("Range", "bytes=-10"));

        assertThat(answer.statusCode()).isEqualTo(206);
        assertThat(answer.body()).isEqualTo(Arrays.copyOfRange(file, file.length - 10, file.length));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=99999999-", "bytes=5-4", "bytes=x", "bytes=-", "bytes="})
    void aRangeThatIsNoneIsRefusedWithTheSize(String range) throws Exception {
        var answer = rest.getRange(FIRST + "/file", Map.of("Range", range));

        assertThat(answer.statusCode()).isEqualTo(416);
        assertThat(header(answer, "Content-Range")).isEqualTo("bytes */" + Files.size(broker.logFile("orders")));
        assertThat(header(answer, "Content-Type")).isEqualTo("application/problem+json");
    }

    @Test
    void whatCanNotBeServedInPartsComesWhole() throws Exception {
        var whole = Files.readAllBytes(broker.logFile("orders"));

        var several = rest.getRange(FIRST + "/file", Map.of("Range", "bytes=0-1,3-4"));
        var otherUnit = rest.getRange(FIRST + "/file", Map.of("Range", "records=0-1"));
        var conditional = rest.getRange(FIRST + "/file", Map.of("Range", "bytes=0-1", "If-Range", "\"tag\""));

        for (var answer : new HttpResponse<?>[] {several, otherUnit, conditional}) {
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat((byte[]) answer.body()).isEqualTo(whole);
        }
    }

    @Test
    void aHeadTellsTheLengthAlone() throws Exception {
        var whole = rest.head(FIRST + "/file", Map.of());
        var part = rest.head(FIRST + "/file", Map.of("Range", "bytes=10-19"));

        assertThat(whole.statusCode()).isEqualTo(200);
        assertThat(header(whole, "Content-Length")).isEqualTo("" + Files.size(broker.logFile("orders")));
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(header(part, "Content-Length")).isEqualTo("10");
        assertThat(part.body()).isEmpty();
    }

    @Test
    void anEmptySegmentHasAnEmptyFile() throws Exception {
        var file = "/api/v1/topics/empty/partitions/0/segments/0/file";

        assertThat(rest.getBytes(file).statusCode()).isEqualTo(200);
        assertThat(rest.getBytes(file).body()).isEmpty();
        assertThat(rest.getRange(file, Map.of("Range", "bytes=0-")).statusCode())
                .isEqualTo(416);
    }

    @Test
    void theMetadataLogsSegmentCanBeFetched() throws Exception {
        var segments = "/api/v1/topics/__cluster_metadata/partitions/0/segments";
        var self = rest.get(200, segments)
                .get("items")
                .get(0)
                .get("links")
                .get("self")
                .stringValue();

        var onDisk =
                Files.readAllBytes(directory.resolve("__cluster_metadata-0").resolve("00000000000000000000.log"));
        assertThat(rest.getBytes(self + "/file").body()).isEqualTo(onDisk);
        assertThat(rest.get(200, self).get("files").isEmpty()).isFalse();
        assertThat(rest.get(200, self + "/index").get("items").isEmpty()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "/api/v1/topics/orders/partitions/0/segments/1, 404",
        "/api/v1/topics/orders/partitions/0/segments/-1, 404",
        "/api/v1/topics/orders/partitions/0/segments/1/index, 404",
        "/api/v1/topics/orders/partitions/0/segments/1/file, 404",
        "/api/v1/topics/orders/partitions/9/segments/0/file, 404",
        "/api/v1/topics/orders/partitions/0/segments/x, 400",
        "/api/v1/topics/orders/partitions/0/segments/0?a=b, 400",
        "/api/v1/topics/orders/partitions/0/segments/0/file?from=1, 400",
        "/api/v1/topics/orders/partitions/0/segments/0/index?from=-1, 400",
        "/api/v1/topics/orders/partitions/0/segments/0/timeindex?limit=0, 400",
        "/api/v1/topics/orders/partitions/0/segments/0/txnindex?offset=0, 400",
        "/api/v1/topics/broken/partitions/0/segments/0, 503",
        "/api/v1/topics/broken/partitions/0/segments/0/index, 503",
        "/api/v1/topics/broken/partitions/0/segments/0/file, 503",
        "/api/v1/recovery?x=1, 400",
    })
    void aProblemIsAProblemDocument(String path, int status) throws Exception {
        var answer = rest.get(path, "*/*");

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(header(answer, "Content-Type")).isEqualTo("application/problem+json");
    }

    @Test
    void whoeverLeavesEarlyDisturbsNobody() throws Exception {
        for (int i = 0; i < 20; i++) {
            rest.leaveEarly(FIRST + "/file");
        }

        assertThat(rest.getBytes(FIRST + "/file").statusCode()).isEqualTo(200);
    }

    @Test
    void recoveryIsToldPerPartition() throws Exception {
        var recovery = rest.get(200, "/api/v1/recovery");

        assertThat(recovery.get("totals").get("done").intValue()).isEqualTo(2);
        assertThat(recovery.get("totals").get("failed").intValue()).isEqualTo(1);
        assertThat(recovery.get("items").findValuesAsString("topic")).containsExactly("broken", "empty", "orders");
        assertThat(recovery.get("items").findValuesAsString("state")).containsExactly("failed", "done", "done");
        var broken = recovery.get("items").get(0);
        assertThat(broken.get("failure").stringValue()).contains("has no topic_id");
        var bytes = recovery.get("items").get(2).get("bytes");
        assertThat(bytes.get("checked")).isEqualTo(bytes.get("toCheck"));
    }

    @Test
    void aLogDirectoryListsItsPartitions() throws Exception {
        var partitions = rest.get(200, "/api/v1/log-dirs").get("items").get(0).get("partitions");

        assertThat(partitions.findValuesAsString("topic"))
                .containsExactly("__cluster_metadata", "broken", "empty", "orders", "stray");
        JsonNode orders = partitions.get(3);
        assertThat(orders.get("sizeBytes").longValue()).isGreaterThan(20_000);
        rest.get(200, orders.get("links").get("partition").stringValue());
        JsonNode stray = partitions.get(4);
        assertThat(stray.get("partition").intValue()).isEqualTo(7);
        assertThat(stray.has("sizeBytes")).isFalse();
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }
}
