package io.vitrine.metadata;

import io.vitrine.definition.BrokerConfigLayers;
import io.vitrine.record.BatchSlice;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.config.ConfigResource;

/// Everything the cluster knows about itself: topics, configs, features. The only reader and writer of
/// `__cluster_metadata-0` and `meta.properties`.
///
/// Reading is a look at the current [#image()] and never waits. Changes go one after the other; what a caller or a
/// listener has seen of one is on disk. Thread-safe. Whoever opens it must own the directories: a second process on
/// them would overwrite this one's records.
public final class MetadataService implements AutoCloseable {
    private final MetadataSettings settings;
    private final MetadataWriter writer;
    private final MetadataUpkeep upkeep;
    private final FeatureLevels features;
    private final ReplicaPlacement placement;
    private final ClusterDescription description;
    private final MetadataHistory history;
    private final TopicChanges topicChanges;

    private MetadataService(
            MetadataSettings settings,
            LogDirectories directories,
            MetadataWriter writer,
            CheckpointStore checkpoints,
            MetadataUpkeep upkeep) {
        this.settings = settings;
        this.writer = writer;
        this.upkeep = upkeep;
        this.features = new FeatureLevels(writer, settings.nodeId());
        this.placement = new ReplicaPlacement(writer, settings.nodeId());
        this.description = new ClusterDescription(writer, settings, directories);
        this.history = new MetadataHistory(writer, checkpoints, upkeep);
        this.topicChanges = new TopicChanges(writer, settings, directories.placement(settings), this::brokerConfigs);
    }

    /// Reads the directories; formats those that are new. Directories that were formatted before are not changed.
    ///
    /// @throws MetadataException if what is there cannot be used; no file that was there has been changed then
    public static MetadataService open(MetadataSettings settings) throws IOException, MetadataException {
        return open(settings, new MetadataDisk());
    }

    static MetadataService open(MetadataSettings settings, MetadataDisk disk) throws IOException, MetadataException {
        var directories = LogDirectories.open(settings);
        var logDirectory = settings.metadataLogDir().resolve(MetadataLog.DIRECTORY_NAME);
        if (directories.metadataDirectoryIsNew()) {
            Bootstrap.format(settings, directories);
        }
        var loaded = MetadataLoader.load(logDirectory);
        var writer = new MetadataWriter(settings, directories, disk, loaded);
        if (directories.metadataDirectoryIsNew()) {
            writer.change(_ -> {
                writer.makeReady();
                return true;
            });
        }
        var checkpoints = new CheckpointStore(logDirectory, disk, loaded.checkpoints());
        var retention = new MetadataRetention(writer, checkpoints, disk);
        var upkeep = new MetadataUpkeep(writer, checkpoints, retention, loaded.base(), Clock.systemUTC());
        return new MetadataService(settings, directories, writer, checkpoints, upkeep);
    }

    /// Begins to write checkpoints and to delete what is not needed any more, in the background.
    public void startUpkeep() {
        upkeep.start();
    }

    /// The checkpoints of the log, and the metadata as it was.
    public MetadataHistory history() {
        return history;
    }

    MetadataWriter writer() {
        return writer;
    }

    MetadataUpkeep upkeep() {
        return upkeep;
    }

    /// The metadata as of the last change.
    public ClusterImage image() {
        return writer.image();
    }

    /// What is set for this broker at this moment, which topics inherit.
    public BrokerConfigLayers brokerConfigs() {
        var current = image();
        return settings.brokerConfigs()
                .withDynamic(
                        current.configs(
                                new ConfigResource(ConfigResource.Type.BROKER, String.valueOf(settings.nodeId()))),
                        current.configs(new ConfigResource(ConfigResource.Type.BROKER, "")));
    }

    /// Has `listener` called with the new image after each change, in order, before the change is answered.
    /// It runs under the lock of the changes: it should be quick, and must not change the metadata itself.
    public void addListener(Consumer<ClusterImage> listener) {
        writer.addListener(change -> listener.accept(change.image()));
    }

    /// Has `listener` called with the image as it is, and then as [#addListener] does, after all others.
    public void addKafkaListener(KafkaImageListener listener) {
        writer.addKafkaListener(listener);
    }

    /// The features of the cluster and how they are changed.
    public FeatureLevels features() {
        return features;
    }

    /// Who leads partitions and where their replicas are.
    public ReplicaPlacement placement() {
        return placement;
    }

    /// The quorum, and what is known of other brokers, users and clients.
    public ClusterDescription description() {
        return description;
    }

    /// Makes topics, gives them more partitions, deletes them.
    public TopicChanges topicChanges() {
        return topicChanges;
    }

    /// Creates one topic whose partitions all lie on this node; see [TopicChanges#create].
    ///
    /// @throws IOException if it could not be written; there is no such topic then
    public CreateTopicOutcome createTopic(String name, int partitions, Map<String, String> configs) throws IOException {
        return topicChanges
                .create(List.of(NewTopic.of(name, partitions, configs)), false)
                .getFirst();
    }

    /// Sets producer ids aside that were never given out before and never will be again, whatever happens.
    public ProducerIdBlock allocateProducerIds() throws IOException {
        return writer.change(_ -> {
            var block = ProducerIds.next(writer.kafkaImage().producerIds());
            long brokerEpoch = writer.kafkaImage().cluster().brokerEpoch(settings.nodeId());
            writer.write(List.of(MetadataRecords.producerIds(settings.nodeId(), brokerEpoch, block.nextFirstId())));
            return block;
        });
    }

    /// The batches from the one that holds `fromOffset` on, as they are on disk; at least one, if there is one.
    public BatchSlice readLog(long fromOffset, int maxBytes) throws IOException {
        try {
            return MetadataLogReader.read(writer.extent(), fromOffset, maxBytes);
        } catch (NoSuchFileException e) {
            // The segment has been deleted meanwhile; what follows it is still there.
            return MetadataLogReader.read(writer.extent(), fromOffset, maxBytes);
        }
    }

    /// Where the metadata log's files lie.
    public Path directory() {
        return settings.metadataLogDir().resolve(MetadataLog.DIRECTORY_NAME);
    }

    public long logStartOffset() {
        return writer.extent().startOffset();
    }

    public long logEndOffset() {
        return writer.extent().endOffset();
    }

    public long sizeInBytes() {
        return writer.extent().sizeInBytes();
    }

    public int segmentCount() {
        return writer.extent().segments().size();
    }

    /// Waits for a change under way and accepts no further one. The image stays readable.
    @Override
    public void close() throws IOException {
        upkeep.close();
        writer.close();
    }
}
