package io.vitrine.admin;

import static io.vitrine.inspect.SampleBroker.record;
import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.compress.Compression;
import org.junit.jupiter.api.Test;

class TotalsOverHttpTests extends RestScenario {
    @Override
    void prepare() throws Exception {
        broker.createTopic("orders", 2);
    }

    @Test
    void whatIsWrittenIsCounted() throws Exception {
        var before = rest.get(200, "/api/v1/totals");
        broker.append("orders", Compression.NONE, record("k", "v"), record("k", "v"));
        broker.append("orders", Compression.NONE, record("k", "v"));

        var after = rest.get(200, "/api/v1/totals");

        assertThat(after.at("/sinceStart/recordsIn").longValue()
                        - before.at("/sinceStart/recordsIn").longValue())
                .isEqualTo(3);
        assertThat(after.at("/sinceStart/batchesIn").longValue()
                        - before.at("/sinceStart/batchesIn").longValue())
                .isEqualTo(2);
        assertThat(after.at("/sinceStart/bytesIn").longValue()
                        - before.at("/sinceStart/bytesIn").longValue())
                .isEqualTo(after.at("/now/sizeBytes").longValue()
                        - before.at("/now/sizeBytes").longValue())
                .isPositive();
        assertThat(after.at("/now/partitions").intValue()).isEqualTo(2);
        assertThat(after.at("/timestamp").longValue())
                .isGreaterThanOrEqualTo(before.at("/timestamp").longValue());
    }

    @Test
    void aParameterThatMeansNothingIsRefused() throws Exception {
        assertThat(rest.get(400, "/api/v1/totals?since=1")
                        .at("/violations/0/parameter")
                        .stringValue())
                .isEqualTo("since");
    }
}
