package io.vitrine.metadata;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.UnalignedMemoryRecords;
import org.apache.kafka.server.common.OffsetAndEpoch;
import org.apache.kafka.snapshot.RawSnapshotWriter;
import org.jspecify.annotations.Nullable;

/// A checkpoint while it is written. It has the suffix `.part`, which everybody ignores, until all of it is on disk:
/// ```
///   write … write | fsync | rename | fsync of the directory
/// ```
/// Kafka's interface has no `IOException`; the unchecked one that comes instead is for [CheckpointStore].
final class CheckpointFile implements RawSnapshotWriter {
    static final String PART_SUFFIX = ".part";

    private final MetadataDisk disk;
    private final Checkpoint checkpoint;
    private final Path part;
    private final LogFile file;
    private long sizeInBytes;
    private boolean isFrozen;

    CheckpointFile(MetadataDisk disk, Checkpoint checkpoint) throws IOException {
        this.disk = disk;
        this.checkpoint = checkpoint;
        this.part = checkpoint.file().resolveSibling(checkpoint.name() + PART_SUFFIX);
        this.file = disk.open(part);
        file.cut(0);
    }

    @Override
    public OffsetAndEpoch snapshotId() {
        return new OffsetAndEpoch(checkpoint.endOffset(), checkpoint.epoch());
    }

    @Override
    public long sizeInBytes() {
        return sizeInBytes;
    }

    @Override
    public void append(MemoryRecords records) {
        write(records.buffer());
    }

    @Override
    public void append(UnalignedMemoryRecords records) {
        write(records.buffer());
    }

    @Override
    public boolean isFrozen() {
        return isFrozen;
    }

    @Override
    public void freeze() {
        try {
            file.sync();
            disk.rename(part, checkpoint.file());
            isFrozen = true;
            @Nullable Path directory = checkpoint.file().getParent();
            disk.syncDirectory(Objects.requireNonNull(directory));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            file.close();
            if (!isFrozen) {
                disk.delete(part);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(ByteBuffer records) {
        try {
            int count = records.remaining();
            file.write(records.duplicate(), sizeInBytes);
            sizeInBytes += count;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
