package io.vitrine.protocol;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.common.protocol.ApiKeys;

/// How many requests of each served API came in, and how long they took until their answer was ready to be sent.
public final class RequestCounters {
    private final Map<ApiKeys, Counter> counters = new EnumMap<>(ApiKeys.class);

    private record Counter(LongAdder requests, LongAdder nanos) {}

    public RequestCounters(ApiTable apis) {
        apis.handlers()
                .forEach(handler -> counters.put(handler.apiKey(), new Counter(new LongAdder(), new LongAdder())));
    }

    /// Counts one answered request.
    public void count(ApiKeys apiKey, long nanos) {
        var counter = counters.get(apiKey);
        if (counter != null) {
            counter.requests().increment();
            counter.nanos().add(nanos);
        }
    }

    public long requests(ApiKeys apiKey) {
        var counter = counters.get(apiKey);
        return counter == null ? 0 : counter.requests().sum();
    }

    /// Nanoseconds from a request's arrival to its answer, summed over all of them.
    public long totalNanos(ApiKeys apiKey) {
        var counter = counters.get(apiKey);
        return counter == null ? 0 : counter.nanos().sum();
    }
}
