package io.vitrine.metadata;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.image.writer.ImageWriterOptions;
import org.apache.kafka.image.writer.RaftSnapshotWriter;
import org.apache.kafka.metadata.MetadataRecordSerde;
import org.apache.kafka.snapshot.RecordsSnapshotWriter;

/// The checkpoints of the metadata log: which there are, writing one more, deleting one. Written with Kafka's own
/// writers, in the versions of the records that the image's `metadata.version` allows.
///
/// One thread at a time writes and deletes; anyone may ask which there are.
final class CheckpointStore {
    private static final int MAX_BATCH_BYTES = 1024 * 1024;
    private static final int RECORDS_PER_APPEND = 1_000;

    private final Path directory;
    private final MetadataDisk disk;
    private volatile List<Checkpoint> checkpoints;

    /// @param checkpoints what has been found to be there, oldest first
    CheckpointStore(Path directory, MetadataDisk disk, List<Checkpoint> checkpoints) {
        this.directory = directory;
        this.disk = disk;
        this.checkpoints = List.copyOf(checkpoints);
    }

    /// All there are, oldest first.
    List<Checkpoint> all() {
        return checkpoints;
    }

    /// Writes `snapshot`; when this returns, it is on disk as a whole. A crash leaves it out.
    Checkpoint write(Snapshot snapshot) throws IOException {
        var checkpoint = Checkpoint.at(directory, snapshot.end());
        try (var file = new CheckpointFile(disk, checkpoint)) {
            write(snapshot, file);
        } catch (UncheckedIOException e) {
            throw new IOException("%s could not be written".formatted(checkpoint.file()), e.getCause());
        }
        add(checkpoint);
        return checkpoint;
    }

    /// Deletes `checkpoint`, the oldest one.
    void delete(Checkpoint checkpoint) throws IOException {
        var left = new ArrayList<>(checkpoints);
        left.remove(checkpoint);
        checkpoints = List.copyOf(left);
        disk.delete(checkpoint.file());
        disk.syncDirectory(directory);
    }

    /// Deletes what a crash has left of checkpoints that were being written.
    void deleteParts() throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (var files = Files.newDirectoryStream(directory, "*.checkpoint" + CheckpointFile.PART_SUFFIX)) {
            for (var file : files) {
                disk.delete(file);
            }
        }
    }

    long sizeInBytes() throws IOException {
        long size = 0;
        for (var checkpoint : checkpoints) {
            size += Files.size(checkpoint.file());
        }
        return size;
    }

    private static void write(Snapshot snapshot, CheckpointFile file) {
        var control = snapshot.control();
        var writer = new RecordsSnapshotWriter.Builder()
                .setLastContainedLogTimestamp(snapshot.end().timestampMs())
                .setMaxBatchSizeBytes(MAX_BATCH_BYTES)
                .setCompression(Compression.NONE)
                .setKraftVersion(control.version())
                .setVoterSet(control.voters())
                .setRawSnapshotWriter(file)
                .build(MetadataRecordSerde.INSTANCE);
        var images = new RaftSnapshotWriter(writer, RECORDS_PER_APPEND);
        // Nothing may be left out: what this version of the metadata cannot say must not be lost silently.
        var options = new ImageWriterOptions.Builder(snapshot.image())
                .setLossHandler(loss -> {
                    throw loss;
                })
                .build();
        boolean isComplete = false;
        try {
            snapshot.image().write(images, options);
            isComplete = true;
        } finally {
            images.close(isComplete);
        }
    }

    private void add(Checkpoint checkpoint) {
        var more = new ArrayList<>(checkpoints);
        // One of the same name was damaged, and has been replaced.
        more.remove(checkpoint);
        more.add(checkpoint);
        checkpoints = List.copyOf(more);
    }
}
