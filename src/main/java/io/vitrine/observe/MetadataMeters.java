package io.vitrine.observe;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vitrine.metadata.MetadataService;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/// The meters of the metadata and of the log that keeps it.
final class MetadataMeters {
    private MetadataMeters() {}

    static void bind(MeterRegistry registry, MetadataService metadata) {
        gauge(
                registry,
                metadata,
                "loaded.offset",
                "Offset of the next metadata record",
                service -> service.image().endOffset());
        gauge(
                registry,
                metadata,
                "topics",
                "Topics in the cluster",
                service -> service.image().topics().size());
        Gauge.builder("kafka.metadata.log.size", metadata, MetadataService::sizeInBytes)
                .baseUnit("bytes")
                .description("Size of the metadata log, without its checkpoints")
                .register(registry);
        gauge(registry, metadata, "log.segments", "Segments of the metadata log", MetadataService::segmentCount);
        bindCheckpoints(registry, metadata);
    }

    private static void bindCheckpoints(MeterRegistry registry, MetadataService metadata) {
        gauge(
                registry,
                metadata,
                "checkpoint.offset",
                "Offset that the newest checkpoint of the metadata reaches",
                service -> service.history().checkpointStatus().endOffset());
        gauge(
                registry,
                metadata,
                "checkpoint.records.since",
                "Metadata records behind the newest checkpoint, which a start has to replay",
                service -> service.logEndOffset()
                        - service.history().checkpointStatus().endOffset());
        Gauge.builder(
                        "kafka.metadata.checkpoint.age",
                        metadata,
                        service -> (double) (System.currentTimeMillis()
                                        - service.history().checkpointStatus().writtenAtMs())
                                / TimeUnit.SECONDS.toMillis(1))
                .baseUnit("seconds")
                .description("Since the newest checkpoint was written, or the broker started")
                .register(registry);
        FunctionCounter.builder(
                        "kafka.metadata.checkpoints.written",
                        metadata,
                        service -> service.history().checkpointStatus().written())
                .description("Checkpoints of the metadata that this run has written")
                .register(registry);
    }

    private static void gauge(
            MeterRegistry registry,
            MetadataService metadata,
            String name,
            String description,
            ToDoubleFunction<MetadataService> value) {
        Gauge.builder("kafka.metadata." + name, metadata, value)
                .description(description)
                .register(registry);
    }
}
