package io.vitrine.observe;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vitrine.log.RecoveryReport;
import io.vitrine.partition.Partition;
import io.vitrine.partition.PartitionLogService;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/// Meters of what lies on the disk and what is done to it, summed up over the partitions when somebody asks.
final class StorageMeters {
    private final PartitionLogService partitions;

    StorageMeters(PartitionLogService partitions) {
        this.partitions = partitions;
    }

    void bindTo(MeterRegistry registry) {
        gauge(
                registry,
                "kafka.log.segments",
                "Segments of all logs",
                sum(log -> log.segments().size()));
        gauge(
                registry,
                "kafka.log.damaged.ranges",
                "Ranges of all logs that can't be read",
                sum(log -> log.reads().damagedRanges().size()));
        Gauge.builder("kafka.log.size", partitions, sum(Partition::sizeInBytes))
                .baseUnit("bytes")
                .description("Bytes in the segments of all logs")
                .register(registry);
        counter(
                registry,
                "kafka.log.segments.rolled",
                "Segments closed for the next one",
                sum(log -> log.totals().segmentsRolled()));
        counter(
                registry,
                "kafka.log.segments.deleted",
                "Segments taken away by retention",
                PartitionLogService::segmentsDeleted);
        bindRemoval(registry);
        bindColdReads(registry);
        bindRecovery(registry);
    }

    private void bindRemoval(MeterRegistry registry) {
        counter(
                registry,
                "kafka.log.partitions.removed",
                "Partitions whose service has ended with their topic",
                service -> service.removed().count());
        gauge(
                registry,
                "kafka.log.directories.removing",
                "Directories of deleted topics that are still there",
                service -> service.removed().awaitingRemoval());
        gauge(
                registry,
                "kafka.log.directories.stray",
                "Directories that belong to no topic there is, and are kept",
                service -> service.removed().strays().size());
    }

    private void bindColdReads(MeterRegistry registry) {
        counter(
                registry,
                "kafka.fetch.cold.reads",
                "Fetches that had to wait for a disk",
                service -> service.coldReads().fetchCount());
        gauge(
                registry,
                "kafka.fetch.cold.waiting",
                "Fetches that wait until others have got what they want from a disk",
                service -> service.coldReads().waitingCount());
        FunctionCounter.builder(
                        "kafka.fetch.cold",
                        partitions,
                        service -> service.coldReads().loadedBytes())
                .baseUnit("bytes")
                .description("Bytes brought from a disk into the page cache for fetches")
                .register(registry);
    }

    private void bindRecovery(MeterRegistry registry) {
        gauge(
                registry,
                "kafka.log.recovery.logs.waiting",
                "Logs that are not open yet",
                service -> service.recoveries().values().stream()
                        .filter(StorageMeters::isNotOver)
                        .count());
        counter(
                registry,
                "kafka.log.recovery.bytes.checked",
                "Log bytes past the recovery points, read through when the logs were opened",
                recovery(RecoveryReport::bytesChecked));
        counter(
                registry,
                "kafka.log.recovery.bytes.cut",
                "Bytes of unfinished writes cut off when the logs were opened",
                recovery(RecoveryReport::bytesCut));
    }

    private static boolean isNotOver(RecoveryReport report) {
        return report.state() == RecoveryReport.State.WAITING || report.state() == RecoveryReport.State.RUNNING;
    }

    private static ToDoubleFunction<PartitionLogService> sum(ToLongFunction<Partition> value) {
        return service -> service.partitions().stream().mapToLong(value).sum();
    }

    private static ToDoubleFunction<PartitionLogService> recovery(ToLongFunction<RecoveryReport> value) {
        return service ->
                service.recoveries().values().stream().mapToLong(value).sum();
    }

    private void gauge(
            MeterRegistry registry, String name, String description, ToDoubleFunction<PartitionLogService> value) {
        Gauge.builder(name, partitions, value).description(description).register(registry);
    }

    private void counter(
            MeterRegistry registry, String name, String description, ToDoubleFunction<PartitionLogService> value) {
        FunctionCounter.builder(name, partitions, value)
                .description(description)
                .register(registry);
    }
}
