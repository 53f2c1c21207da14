package io.vitrine.observe;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.vitrine.protocol.FetchCounters;
import io.vitrine.protocol.FetchSessionOverview;
import io.vitrine.protocol.Purgatory;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/// What serving fetches takes: looking at partitions, waiting, sessions. How long a fetch took from its arrival to
/// its answer, waiting included, is `kafka.server.requests` of the API Fetch.
@Component
class FetchMeters implements MeterBinder {
    private final FetchCounters fetches;
    private final FetchSessionOverview sessions;
    private final Purgatory purgatory;

    FetchMeters(FetchCounters fetches, FetchSessionOverview sessions, Purgatory purgatory) {
        this.fetches = fetches;
        this.sessions = sessions;
        this.purgatory = purgatory;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        bindFetches(registry);
        Gauge.builder("kafka.server.purgatory.size", purgatory, Purgatory::size)
                .tag("type", "fetch")
                .description("Requests that wait before they are answered")
                .register(registry);
        Gauge.builder("kafka.server.fetch.sessions", sessions, FetchSessionOverview::sessionCount)
                .description("Fetch sessions that are kept")
                .register(registry);
        Gauge.builder("kafka.server.fetch.sessions.partitions", sessions, FetchSessionOverview::partitionCount)
                .description("Partitions of all fetch sessions together")
                .register(registry);
        FunctionCounter.builder("kafka.server.fetch.sessions.evicted", sessions, FetchSessionOverview::evictedCount)
                .description("Fetch sessions that had to make room for others")
                .register(registry);
    }

    private void bindFetches(MeterRegistry registry) {
        FunctionTimer.builder(
                        "kafka.server.fetch.looks",
                        fetches,
                        FetchCounters::passes,
                        FetchCounters::passNanos,
                        TimeUnit.NANOSECONDS)
                .description("Looks at the partitions of a fetch: one when it comes, and one whenever it is woken")
                .register(registry);
        FunctionCounter.builder("kafka.server.fetch.looks.partitions", fetches, FetchCounters::partitions)
                .description("Partitions that were looked at for fetches")
                .register(registry);
        FunctionCounter.builder("kafka.server.fetch.waits", fetches, FetchCounters::waits)
                .description("Fetches that had to wait")
                .register(registry);
        FunctionCounter.builder("kafka.server.fetch.expired", fetches, FetchCounters::expired)
                .description("Fetches that were answered because their time was up")
                .register(registry);
    }
}
