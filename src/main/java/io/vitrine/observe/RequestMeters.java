package io.vitrine.observe;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.vitrine.protocol.ApiTable;
import io.vitrine.protocol.ProduceCounters;
import io.vitrine.protocol.RefusalJournal;
import io.vitrine.protocol.RequestCounters;
import io.vitrine.server.KafkaListener;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.springframework.stereotype.Component;

/// Requests and refusals. All of it is counted by the listener since the broker started.
@Component
class RequestMeters implements MeterBinder {
    private final ApiTable apis;
    private final RequestCounters requests;
    private final RefusalJournal refusals;
    private final KafkaListener listener;
    private final ProduceCounters produced;

    RequestMeters(
            ApiTable apis,
            RequestCounters requests,
            RefusalJournal refusals,
            KafkaListener listener,
            ProduceCounters produced) {
        this.apis = apis;
        this.requests = requests;
        this.refusals = refusals;
        this.listener = listener;
        this.produced = produced;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (var handler : apis.handlers()) {
            var api = handler.apiKey();
            FunctionTimer.builder(
                            "kafka.server.requests",
                            requests,
                            counters -> counters.requests(api),
                            counters -> counters.totalNanos(api),
                            TimeUnit.NANOSECONDS)
                    .tag("api", api.name)
                    .description("Requests answered, and the time from their arrival to their answer")
                    .register(registry);
        }
        FunctionCounter.builder("kafka.server.refusals", refusals, RefusalJournal::total)
                .description("Refusals answered and connections closed, each with its reason in the journal")
                .register(registry);
        FunctionCounter.builder("kafka.server.connections.opened", listener, KafkaListener::connectionsOpened)
                .description("Connections accepted")
                .register(registry);
        FunctionCounter.builder("kafka.server.bytes.out", listener, KafkaListener::bytesSent)
                .description("Bytes of answers that clients have taken")
                .register(registry);
        FunctionCounter.builder("kafka.server.bytes.out.zero.copy", listener, KafkaListener::bytesSentFromFiles)
                .description("Those of them that went from files to sockets without passing through memory of ours")
                .register(registry);
        count(registry, "0", ProduceCounters::none);
        count(registry, "1", ProduceCounters::leader);
        count(registry, "all", ProduceCounters::all);
    }

    private void count(MeterRegistry registry, String acks, ToDoubleFunction<ProduceCounters> count) {
        FunctionCounter.builder("kafka.server.produce.requests", produced, count)
                .tag("acks", acks)
                .description("Produce requests by the acknowledgement they ask for")
                .register(registry);
    }
}
