package io.vitrine.observe;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.vitrine.inspect.LiveTails;
import io.vitrine.inspect.ReadTotals;
import io.vitrine.tap.WireTaps;
import org.springframework.stereotype.Component;

/// What those who read records over HTTP cost, and miss.
@Component
class RestMeters implements MeterBinder {
    private final LiveTails tails;
    private final WireTaps taps;
    private final ReadTotals reads;

    RestMeters(LiveTails tails, WireTaps taps, ReadTotals reads) {
        this.tails = tails;
        this.taps = taps;
        this.reads = reads;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("kafka.rest.streams", tails, LiveTails::openCount)
                .description("Streams of records that are open")
                .register(registry);
        FunctionCounter.builder("kafka.rest.streams.opened", tails, LiveTails::openedCount)
                .description("Streams of records that were opened")
                .register(registry);
        FunctionCounter.builder("kafka.rest.streams.records.dropped", tails, LiveTails::droppedCount)
                .description("Records that streams have left out because their readers were slow")
                .register(registry);
        Gauge.builder("kafka.rest.taps", taps, WireTaps::openCount)
                .description("Streams of requests that are open")
                .register(registry);
        FunctionCounter.builder("kafka.rest.taps.opened", taps, WireTaps::openedCount)
                .description("Streams of requests that were opened")
                .register(registry);
        FunctionCounter.builder("kafka.rest.taps.exchanges.dropped", taps, WireTaps::missedCount)
                .description("Requests that streams have left out because their readers were slow")
                .register(registry);
        FunctionCounter.builder("kafka.rest.records.scanned", reads, ReadTotals::recordsScanned)
                .description("Records looked at for pages and streams over whole topics, shown or not")
                .register(registry);
    }
}
