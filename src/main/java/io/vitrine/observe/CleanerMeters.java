package io.vitrine.observe;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vitrine.partition.CleanerTotals;
import io.vitrine.partition.LogCleaner;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/// The meters of compaction.
final class CleanerMeters {
    private final MeterRegistry registry;
    private final LogCleaner cleaner;

    private CleanerMeters(MeterRegistry registry, LogCleaner cleaner) {
        this.registry = registry;
        this.cleaner = cleaner;
    }

    static void bind(MeterRegistry registry, LogCleaner cleaner) {
        var meters = new CleanerMeters(registry, cleaner);
        meters.count("runs", "Compactions that went well", CleanerTotals::runs);
        meters.count("failures", "Compactions that failed", CleanerTotals::failures);
        meters.count("bytes.read", "Bytes of the segments that were compacted", CleanerTotals::bytesRead);
        meters.count("bytes.written", "Bytes that compaction has kept", CleanerTotals::bytesWritten);
        meters.count("records.kept", "Records that compaction has kept", CleanerTotals::recordsKept);
        meters.count("records.dropped", "Records that compaction has dropped", CleanerTotals::recordsDropped);
        meters.count(
                "seconds", "Time spent on compaction", totals -> totals.nanos() / (double) TimeUnit.SECONDS.toNanos(1));
        Gauge.builder("kafka.log.cleaner.max.dirty.ratio", cleaner, LogCleaner::maxDirtyRatio)
                .description("The part of the dirtiest log that could be compacted and has not been")
                .register(registry);
        Gauge.builder("kafka.log.cleaner.uncleanable.partitions", cleaner, LogCleaner::uncleanableCount)
                .description("Partitions that are to be compacted and can't be, or not all of them")
                .register(registry);
    }

    private void count(String name, String description, ToDoubleFunction<CleanerTotals> value) {
        FunctionCounter.builder("kafka.log.cleaner." + name, cleaner.totals(), value)
                .description(description)
                .register(registry);
    }
}
