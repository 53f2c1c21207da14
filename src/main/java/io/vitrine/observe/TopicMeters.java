package io.vitrine.observe;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// What came in, by topic. A tag costs memory here and in whatever scrapes us, so only the first topics that are
/// written to get one of their own; all others share `other`.
final class TopicMeters {
    static final int MAX_TOPICS = 200;
    static final String OTHER = "other";

    private final MeterRegistry registry;
    private final ConcurrentHashMap<String, Counters> byTopic = new ConcurrentHashMap<>();
    private final Counters other;

    private record Counters(LongAdder records, LongAdder bytes, LongAdder batches) {
        Counters() {
            this(new LongAdder(), new LongAdder(), new LongAdder());
        }
    }

    TopicMeters(MeterRegistry registry) {
        this.registry = registry;
        this.other = register(OTHER);
        // A topic of that very name shares it too.
        byTopic.put(OTHER, other);
    }

    /// Counts one batch; no meter is looked up for it.
    void count(String topic, int recordCount, int sizeInBytes) {
        var counters = byTopic.get(topic);
        if (counters == null) {
            counters = admit(topic);
        }
        counters.records().add(recordCount);
        counters.bytes().add(sizeInBytes);
        counters.batches().increment();
    }

    private synchronized Counters admit(String topic) {
        // Once full, the map is not asked to hold names any more: clients choose them.
        return byTopic.size() <= MAX_TOPICS ? byTopic.computeIfAbsent(topic, this::register) : other;
    }

    private Counters register(String topic) {
        var counters = new Counters();
        register("kafka.server.records.in", "Records appended", topic, counters.records());
        register("kafka.server.bytes.in", "Bytes of record batches appended", topic, counters.bytes());
        register("kafka.server.batches.in", "Record batches appended", topic, counters.batches());
        return counters;
    }

    private void register(String name, String description, String topic, LongAdder adder) {
        FunctionCounter.builder(name, adder, LongAdder::sum)
                .tag("topic", topic)
                .description(description)
                .register(registry);
    }
}
