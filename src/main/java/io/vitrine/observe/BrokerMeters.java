package io.vitrine.observe;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.vitrine.log.LogDirectory;
import io.vitrine.metadata.MetadataService;
import io.vitrine.partition.PartitionLogService;
import java.io.IOException;
import org.springframework.stereotype.Component;

/// The broker's meters. What can be summed up when somebody asks is not kept twice.
/// Meters of requests, groups and connections join in [#bindTo].
@Component
class BrokerMeters implements MeterBinder {
    private final PartitionLogService partitions;
    private final MetadataService metadata;

    BrokerMeters(PartitionLogService partitions, MetadataService metadata) {
        this.partitions = partitions;
        this.metadata = metadata;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        partitions.observe(new AppendMeters(registry, new TopicMeters(registry, partitions, metadata)));
        bindPartitions(registry);
        new StorageMeters(partitions).bindTo(registry);
        CleanerMeters.bind(registry, partitions.cleaner());
        MetadataMeters.bind(registry, metadata);
        partitions.directories().forEach(directory -> bindDirectory(registry, directory));
    }

    private void bindPartitions(MeterRegistry registry) {
        FunctionCounter.builder("kafka.log.flushes", partitions, PartitionLogService::flushCount)
                .description("Fsyncs done for appends that waited for them")
                .register(registry);
        Gauge.builder(
                        "kafka.server.partitions",
                        partitions,
                        service -> service.partitions().size())
                .description("Partitions hosted by this broker")
                .register(registry);
        Gauge.builder("kafka.server.partitions.offline", partitions, OfflinePartitions::count)
                .description("Partitions hosted by this broker that nothing can be appended to")
                .register(registry);
    }

    private static void bindDirectory(MeterRegistry registry, LogDirectory directory) {
        var name = directory.path().toString();
        Gauge.builder("kafka.logdir.usable", directory, BrokerMeters::usableBytes)
                .tag("dir", name)
                .baseUnit("bytes")
                .description("Bytes free for this broker on the disk of a log directory")
                .register(registry);
        Gauge.builder("kafka.logdir.total", directory, BrokerMeters::totalBytes)
                .tag("dir", name)
                .baseUnit("bytes")
                .description("Size of the disk of a log directory")
                .register(registry);
    }

    // A disk that does not answer has no number.
    private static double usableBytes(LogDirectory directory) {
        try {
            return directory.usableBytes();
        } catch (IOException e) {
            return Double.NaN;
        }
    }

    private static double totalBytes(LogDirectory directory) {
        try {
            return directory.totalBytes();
        } catch (IOException e) {
            return Double.NaN;
        }
    }
}
