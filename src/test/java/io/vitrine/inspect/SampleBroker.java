package io.vitrine.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.log.LogDirectory;
import io.vitrine.log.LogSettings;
import io.vitrine.metadata.CreateTopicOutcome.Created;
import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.MetadataSettings;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.AppendOutcome.Appended;
import io.vitrine.partition.Durability;
import io.vitrine.partition.PartitionLogService;
import io.vitrine.partition.PartitionSettings;
import io.vitrine.partition.TopicRules;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/// The broker's logs in a directory of a test, without its listener.
public final class SampleBroker implements AutoCloseable {
    public static final long TIMESTAMP = 1_726_045_943_832L;

    private final Path directory;
    private final LogDirectory logDirectory;
    private final MetadataService metadata;
    private final PartitionLogService partitions;

    public SampleBroker(Path directory) throws Exception {
        this(directory, LogSettings.DEFAULTS);
    }

    public SampleBroker(Path directory, LogSettings log) throws Exception {
        this.directory = directory;
        this.logDirectory = LogDirectory.open(directory);
        this.metadata = MetadataService.open(MetadataSettings.of(1, directory));
        var settings = PartitionSettings.of(1, TopicRules.KAFKA_DEFAULTS.withLog(log), false);
        this.partitions = new PartitionLogService(settings, List.of(logDirectory), Clock.systemUTC());
        partitions.apply(metadata.image());
    }

    public MetadataService metadata() {
        return metadata;
    }

    public PartitionLogService partitions() {
        return partitions;
    }

    public ReadableLog log(String topic) {
        return new LogCatalog(metadata, partitions)
                .find(new TopicPartition(topic, 0))
                .orElseThrow();
    }

    public void createTopic(String name, int partitionCount) throws Exception {
        assertThat(metadata.createTopic(name, partitionCount, Map.of())).isInstanceOf(Created.class);
        partitions.apply(metadata.image());
    }

    /// Creates a topic whose partition 0 is found with these bytes in its log, whether a client could have written
    /// them or not.
    public void createTopicWith(String name, ByteBuffer... batches) throws Exception {
        assertThat(metadata.createTopic(name, 1, Map.of())).isInstanceOf(Created.class);
        var file = logFile(name);
        Files.createDirectories(file.getParent());
        for (var batch : batches) {
            var bytes = new byte[batch.remaining()];
            batch.duplicate().get(bytes);
            Files.write(file, bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
        partitions.apply(metadata.image());
    }

    public Path logFile(String topic) {
        return directory.resolve(topic + "-0").resolve("00000000000000000000.log");
    }

    /// Appends one batch to partition 0 and returns its base offset.
    public long append(String topic, Compression codec, SimpleRecord... records) {
        return append(topic, MemoryRecords.withRecords(codec, records).buffer());
    }

    /// Appends one batch to any partition.
    public long append(TopicPartition partition, Compression codec, SimpleRecord... records) {
        return append(partition, MemoryRecords.withRecords(codec, records).buffer());
    }

    public long append(String topic, ByteBuffer batch) {
        return append(new TopicPartition(topic, 0), batch);
    }

    private long append(TopicPartition partition, ByteBuffer batch) {
        var outcome = partitions
                .find(partition)
                .orElseThrow()
                .append(batch, Durability.PAGE_CACHE, true)
                .join();
        assertThat(outcome).isInstanceOf(Appended.class);
        return ((Appended) outcome).baseOffset();
    }

    public static SimpleRecord record(String key, String value) {
        return new SimpleRecord(TIMESTAMP, bytes(key), bytes(value));
    }

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        partitions.close();
        metadata.close();
        logDirectory.close();
    }
}
