package io.vitrine.metadata;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.server.common.ApiMessageAndVersion;
import org.jspecify.annotations.Nullable;

/// The directory `__cluster_metadata-0`, as it is appended to.
/// ```
///   00000000000000000000-0000000000.checkpoint   what the cluster was formatted with
///   00000000000000004711-0000000003.checkpoint   what the records before its offset amount to
///   00000000000000000000.log                     batches without a gap
///   00000000000000004711.log                     a checkpoint begins a new segment
///   partition.metadata                           the topic id, the same in every cluster
/// ```
/// [MetadataLoader] reads it, [CheckpointStore] owns the checkpoints. The owner serialises all calls but
/// [#extent()], which anyone may ask.
final class MetadataLog implements Closeable {
    static final String DIRECTORY_NAME = "__cluster_metadata-0";

    private static final String PARTITION_METADATA = "version: 0\ntopic_id: " + Uuid.METADATA_TOPIC_ID;
    /// The epoch of the first leader, for a log that has had none.
    private static final int FIRST_EPOCH = 1;

    private final Path logDir;
    private final Path directory;
    private final MetadataDisk disk;
    private final MetadataLogSettings settings;
    private volatile LogExtent extent;
    private boolean isRollDue;
    private @Nullable LogFile active;
    private @Nullable IOException failure;

    /// @param extent what has been found to be there
    MetadataLog(Path logDir, MetadataDisk disk, MetadataLogSettings settings, LogExtent extent) {
        this.logDir = logDir;
        this.directory = logDir.resolve(DIRECTORY_NAME);
        this.disk = disk;
        this.settings = settings;
        this.extent = extent;
    }

    /// Where the files are.
    Path directory() {
        return directory;
    }

    LogExtent extent() {
        return extent;
    }

    /// Leader epoch of the last batch; what is appended carries it too.
    int lastEpoch() {
        return extent.end().epoch();
    }

    /// Appends `messages` as one batch, which is on disk when this returns. If writing fails, the file is cut back;
    /// if it is unknown what has reached the disk, no further write is accepted.
    void append(List<ApiMessageAndVersion> messages, long timestampMs) throws IOException {
        if (failure != null) {
            throw new IOException("The metadata log is closed to writes since an earlier one failed", failure);
        }
        int epoch = Math.max(lastEpoch(), FIRST_EPOCH);
        var bytes = MetadataRecords.batch(extent.endOffset(), epoch, timestampMs, messages);
        int count = bytes.remaining();
        var file = activeFor(count, timestampMs);
        long position = extent.segments().getLast().sizeInBytes();
        try {
            file.write(bytes, position);
        } catch (IOException e) {
            cutBack(file, position, e);
            throw e;
        }
        try {
            file.sync();
        } catch (IOException e) {
            failure = e;
            cutBack(file, position, e);
            throw e;
        }
        extent = extent.grownBy(count, new LogEnd(extent.endOffset() + messages.size(), epoch, timestampMs));
    }

    /// Has the next append begin a segment, so that what lies before it can be deleted or left unread as a whole.
    void rollBeforeNextAppend() {
        isRollDue = true;
    }

    /// Takes the segments that hold nothing from `offset` on out of the log. Deleting their files is left to the
    /// caller.
    ///
    /// @return those segments, oldest first
    List<LogExtent.Segment> forgetBefore(long offset) {
        var forgotten = new ArrayList<LogExtent.Segment>();
        var left = extent;
        while (left.segments().size() > 1 && left.segments().get(1).baseOffset() <= offset) {
            forgotten.add(left.segments().getFirst());
            left = left.withoutFirst();
        }
        extent = left;
        return forgotten;
    }

    @Override
    public void close() throws IOException {
        if (active != null) {
            active.close();
        }
        failure = new IOException("The metadata log is closed");
    }

    private LogFile activeFor(int count, long nowMs) throws IOException {
        var file = active();
        var last = extent.segments().getLast();
        boolean isFull = last.sizeInBytes() + count > settings.segmentBytes();
        boolean isOld =
                last.firstTimestampMs() != LogExtent.NO_TIME && nowMs - last.firstTimestampMs() > settings.segmentMs();
        if (last.sizeInBytes() == 0 || !(isRollDue || isFull || isOld)) {
            isRollDue = false;
            return file;
        }
        var segment = createSegment();
        active = disk.open(segment.file());
        extent = extent.withSegment(segment);
        isRollDue = false;
        file.close();
        return active;
    }

    private LogFile active() throws IOException {
        if (active != null) {
            return active;
        }
        if (extent.segments().isEmpty()) {
            extent = extent.withSegment(createSegment());
        }
        var last = extent.segments().getLast();
        // Opening would make a new file, and cutting would fill it with zeros.
        if (Files.size(last.file()) < last.sizeInBytes()) {
            throw new IOException(
                    "%s became shorter than %d bytes since it was read".formatted(last.file(), last.sizeInBytes()));
        }
        var file = disk.open(last.file());
        try {
            // Also what an earlier attempt may have left behind the last batch.
            file.cut(last.sizeInBytes());
            file.sync();
        } catch (IOException e) {
            file.close();
            throw e;
        }
        active = file;
        return file;
    }

    private LogExtent.Segment createSegment() throws IOException {
        Files.createDirectories(directory);
        if (extent.segments().isEmpty()) {
            AtomicFile.write(directory.resolve("partition.metadata"), PARTITION_METADATA);
        }
        long base = extent.endOffset();
        var file = directory.resolve("%020d.log".formatted(base));
        try (var created = disk.open(file)) {
            created.sync();
        }
        if (Files.size(file) > 0) {
            throw new IOException("%s is no part of the log, but not empty".formatted(file));
        }
        disk.syncDirectory(directory);
        disk.syncDirectory(logDir);
        return new LogExtent.Segment(base, file, 0, LogExtent.NO_TIME);
    }

    private void cutBack(LogFile file, long sizeInBytes, IOException cause) {
        try {
            file.cut(sizeInBytes);
        } catch (IOException e) {
            cause.addSuppressed(e);
            failure = cause;
        }
    }
}
