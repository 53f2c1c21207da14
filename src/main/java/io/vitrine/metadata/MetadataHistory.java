package io.vitrine.metadata;

import io.vitrine.record.BatchSlice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.image.MetadataProvenance;

/// Looks back: the checkpoints, and the metadata as it was at any offset that is still kept. Reads the files each
/// time, beside the writer, so it costs what a start costs. Thread-safe.
public final class MetadataHistory {
    private final MetadataWriter writer;
    private final CheckpointStore checkpoints;
    private final MetadataUpkeep upkeep;

    MetadataHistory(MetadataWriter writer, CheckpointStore checkpoints, MetadataUpkeep upkeep) {
        this.writer = writer;
        this.checkpoints = checkpoints;
        this.upkeep = upkeep;
    }

    /// A checkpoint on disk.
    ///
    /// @param name of its file
    /// @param endOffset the first offset that it does not contain
    /// @param epoch leader epoch of the last record that it contains
    public record CheckpointInfo(String name, long endOffset, int epoch, long sizeInBytes) {}

    /// How it stands with the checkpoints.
    public CheckpointStatus checkpointStatus() {
        return upkeep.status();
    }

    /// Writes a checkpoint now, whether one is due or not.
    ///
    /// @return false if it would say nothing new
    public boolean writeCheckpoint() throws IOException {
        return upkeep.writeCheckpoint().isPresent();
    }

    /// The first offset whose metadata can still be told.
    public long firstOffset() {
        return firstOffset(checkpoints.all(), writer.extent());
    }

    /// All checkpoints, oldest first.
    public List<CheckpointInfo> checkpoints() throws IOException {
        var found = new ArrayList<CheckpointInfo>();
        for (var checkpoint : checkpoints.all()) {
            if (Files.exists(checkpoint.file())) {
                found.add(new CheckpointInfo(
                        checkpoint.name(), checkpoint.endOffset(), checkpoint.epoch(), Files.size(checkpoint.file())));
            }
        }
        return found;
    }

    /// The batches of a checkpoint from the one that holds record number `from` on; at least one, if there is one.
    ///
    /// @return empty if there is no such checkpoint
    public Optional<BatchSlice> readCheckpoint(String name, long from, int maxBytes) throws IOException {
        Optional<Path> file = checkpoints.all().stream()
                .filter(checkpoint -> checkpoint.name().equals(name))
                .map(Checkpoint::file)
                .findFirst();
        if (file.isEmpty() || !Files.exists(file.get())) {
            return Optional.empty();
        }
        var segment = new LogExtent.Segment(0, file.get(), Files.size(file.get()), LogExtent.NO_TIME);
        return Optional.of(MetadataLogReader.read(new LogExtent(List.of(segment), LogEnd.EMPTY), from, maxBytes));
    }

    /// The metadata with every record before `offset`.
    ///
    /// @return empty if the offset is before the first one kept, or behind the end
    /// @throws IOException if the files can't be read
    public Optional<PastMetadata> at(long offset) throws IOException {
        try {
            return find(offset);
        } catch (NoSuchFileException e) {
            // Retention has deleted what was being read; a newer checkpoint may do as well.
            return find(offset);
        }
    }

    private Optional<PastMetadata> find(long offset) throws IOException {
        var extent = writer.extent();
        var all = checkpoints.all();
        if (offset < firstOffset(all, extent) || offset > extent.endOffset()) {
            return Optional.empty();
        }
        try {
            Optional<LoadedMetadata> loaded = MetadataLoader.loadUntil(all, extent, offset);
            return loaded.isPresent() ? Optional.of(view(offset, loaded.get())) : Optional.empty();
        } catch (MetadataException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static long firstOffset(List<Checkpoint> all, LogExtent extent) {
        long start = extent.startOffset();
        return all.stream()
                .mapToLong(Checkpoint::endOffset)
                .filter(end -> end >= start)
                .min()
                .orElse(start);
    }

    private PastMetadata view(long offset, LoadedMetadata loaded) throws MetadataException {
        var end = loaded.extent().end();
        var provenance = new MetadataProvenance(loaded.reachedOffset() - 1, end.epoch(), end.timestampMs(), true);
        var image = loaded.replay().finish(provenance);
        var now = writer.image();
        var empty = ClusterImage.empty(now.clusterId(), now.nodeId());
        return new PastMetadata(
                offset,
                loaded.reachedOffset(),
                loaded.base().map(Checkpoint::endOffset).orElse(0L),
                TopicViews.next(
                                empty,
                                loaded.replay().delta(),
                                image,
                                loaded.control().version(),
                                end.epoch())
                        .image(),
                PastMetadataViews.configs(image.configs()),
                Math.max(0, image.producerIds().nextProducerId()),
                PastMetadataViews.brokers(image),
                PastMetadataViews.controllers(image),
                PastMetadataViews.totals(image));
    }
}
