package io.vitrine.admin;

import static io.vitrine.inspect.SampleBroker.record;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ListingsOverHttpTests extends RestScenario {
    private static final String ORDERS = "/api/v1/topics/orders/partitions";
    private static final String OFFSETS = ORDERS + "/0/offsets";

    @Override
    void prepare() throws Exception {
        broker.createTopic("orders", 3);
        broker.createTopic("empty", 1);
        for (int i = 0; i < 300; i++) {
            broker.append(
                    "orders",
                    Compression.NONE,
                    new SimpleRecord(1_000 + i, new byte[100]),
                    new SimpleRecord(1_000, new byte[10]));
        }
        broker.append("empty", Compression.NONE, record("k", "v"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/topics",
                "/api/v1/topics?internal=false",
                ORDERS,
                ORDERS + "/0/segments",
                ORDERS + "/0/segments/0/index",
                ORDERS + "/0/segments/0/timeindex",
                ORDERS + "/0/batches",
                ORDERS + "/0/records"
            })
    void allPagesTogetherAreTheWholeList(String path) throws Exception {
        var whole = rest.get(200, path);
        int limit = Math.max(1, whole.get("items").size() / 5);

        List<JsonNode> items = new ArrayList<>();
        int pages = 0;
        for (var next = path + (path.contains("?") ? "&" : "?") + "limit=" + limit; next != null; pages++) {
            var page = rest.get(200, next);
            assertThat(page.get("items").size()).isBetween(1, limit);
            page.get("items").forEach(items::add);
            next = page.has("next") && items.size() < whole.get("items").size()
                    ? page.get("next").stringValue()
                    : null;
        }

        assertThat(pages).isGreaterThan(1);
        assertThat(items).containsExactlyElementsOf(whole.get("items"));
    }

    @ParameterizedTest
    @CsvSource({
        "earliest, 0, ",
        "latest, 600, ",
        "maxTimestamp, 598, 1299",
        "1100, 200, 1100",
        "@1100, 200, 1100",
        "0, 0, 1000",
        "1970-01-01T00:00:01.250Z, 500, 1250",
        "1970-01-01T00:00:01.250, 500, 1250",
        "1970-01-01, 0, 1000",
        "1300, , ",
        "9223372036854775807, , "
    })
    void aPlaceInTimeIsAnOffset(String at, Long offset, Long timestamp) throws Exception {
        var found = rest.get(200, OFFSETS + "?at=" + at);

        assertThat(found.get("at").stringValue()).isEqualTo(at);
        assertThat(found.get("offset").toString()).isEqualTo(String.valueOf(offset));
        assertThat(found.get("timestamp").toString()).isEqualTo(String.valueOf(timestamp));
        var records = found.get("links").get("records");
        if (!records.isNull()) {
            assertThat(rest.get(200, records.stringValue())
                            .get("items")
                            .get(0)
                            .get("offset")
                            .toString())
                    .isEqualTo(String.valueOf(offset));
        }
    }

    @Test
    void withoutAPlaceAllThatHaveANameAreTold() throws Exception {
        var all = rest.get(200, OFFSETS).get("items");

        assertThat(all.findValuesAsString("at")).containsExactly("earliest", "latest", "maxTimestamp");
        assertThat(all.findValues("offset").toString()).isEqualTo("[0, 600, 598]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "first", "", "99999999999999999999", "@", "@-1", "2026-13-01T00:00:00Z", "tail:3"})
    void aPlaceThatIsNoneIsRefused(String at) throws Exception {
        assertThat(rest.get(400, OFFSETS + "?at=" + at)
                        .get("violations")
                        .get(0)
                        .get("parameter")
                        .stringValue())
                .isEqualTo("at");
    }
}
