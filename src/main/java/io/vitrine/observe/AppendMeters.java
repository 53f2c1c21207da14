package io.vitrine.observe;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vitrine.partition.AppendObserver;
import io.vitrine.record.Refusal;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/// Measures appends and counts refusals from the moment the web side is up. It runs on the threads that append, so
/// a batch costs one note of its topic and one time.
final class AppendMeters implements AppendObserver {
    private static final Duration[] BUCKETS = {
        Duration.ofNanos(100_000),
        Duration.ofNanos(250_000),
        Duration.ofNanos(500_000),
        Duration.ofMillis(1),
        Duration.ofNanos(2_500_000),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2_500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10)
    };

    private final TopicMeters topics;
    private final Map<Refusal.Reason, LongAdder> refused = new EnumMap<>(Refusal.Reason.class);
    private final LongAdder repeated = new LongAdder();
    private final Timer time;
    private final Timer flushTime;
    private final DistributionSummary answered;

    AppendMeters(MeterRegistry registry, TopicMeters topics) {
        this.topics = topics;
        for (var reason : Refusal.Reason.values()) {
            refused.put(reason, refusedBatches(registry, reason));
        }
        FunctionCounter.builder("kafka.server.batches.duplicate", repeated, LongAdder::sum)
                .description(
                        "Record batches that were there already: retries of idempotent producers, not written again")
                .register(registry);
        time = Timer.builder("kafka.log.append.time")
                .description("From the first check of a batch to the end of its write, without waiting for the disk")
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
        flushTime = Timer.builder("kafka.log.flush.time")
                .description("How long the disk took to force a log that somebody waited for")
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
        answered = DistributionSummary.builder("kafka.log.flush.appends")
                .description("Appends that one flush answered")
                .serviceLevelObjectives(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)
                .register(registry);
    }

    @Override
    public void appended(String topic, int recordCount, int sizeInBytes, long nanos) {
        topics.note(topic);
        time.record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void refused(String topic, Refusal.Reason reason) {
        var counter = refused.get(reason);
        if (counter != null) {
            counter.increment();
        }
    }

    @Override
    public void repeated(String topic) {
        repeated.increment();
    }

    @Override
    public void flushed(String topic, int count, long nanos) {
        flushTime.record(nanos, TimeUnit.NANOSECONDS);
        answered.record(count);
    }

    /// All reasons are there from the start: an alert on one that has never happened must not miss its first time.
    private static LongAdder refusedBatches(MeterRegistry registry, Refusal.Reason reason) {
        var adder = new LongAdder();
        FunctionCounter.builder("kafka.server.batches.refused", adder, LongAdder::sum)
                .tag("reason", reason.name().toLowerCase(Locale.ROOT))
                .description("Record batches refused, by the check that said no")
                .register(registry);
        return adder;
    }
}
