package io.vitrine.metadata;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.server.common.ApiMessageAndVersion;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The directory `__cluster_metadata-0`: read once from start to end, then appended to.
/// ```
///   00000000000000000000-0000000000.checkpoint   what the cluster was formatted with
///   00000000000000004711-0000000003.checkpoint   the newest one replaces everything before its offset
///   00000000000000000000.log                     batches without a gap
///   partition.metadata                           the topic id, the same in every cluster
/// ```
/// The owner serialises [#append(List, long)]; [#extent()] may be read by anyone.
final class MetadataLog implements Closeable {
    static final String DIRECTORY_NAME = "__cluster_metadata-0";

    private static final Logger LOG = LoggerFactory.getLogger(MetadataLog.class);
    private static final Pattern SEGMENT_NAME = Pattern.compile("\\d{20}\\.log");
    private static final String PARTITION_METADATA = "version: 0\ntopic_id: " + Uuid.METADATA_TOPIC_ID;
    /// The epoch of the first leader, for a log that has had none.
    private static final int FIRST_EPOCH = 1;

    private final Path logDir;
    private final Path directory;
    private final LogFile.Opener opener;
    private volatile LogExtent extent = new LogExtent(List.of(), 0);
    private int lastEpoch;
    private @Nullable LogFile active;
    private @Nullable IOException failure;

    private MetadataLog(Path logDir, LogFile.Opener opener) {
        this.logDir = logDir;
        this.directory = logDir.resolve(DIRECTORY_NAME);
        this.opener = opener;
    }

    /// Reads everything there is into `replay`; changes nothing.
    static MetadataLog open(Path logDir, LogFile.Opener opener, MetadataReplay replay)
            throws IOException, MetadataException {
        var log = new MetadataLog(logDir, opener);
        if (Files.exists(log.directory)) {
            log.read(list(log.directory), replay);
        }
        return log;
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
        return lastEpoch;
    }

    /// Appends `messages` as one batch, which is on disk when this returns. If writing fails, the file is cut back;
    /// if it is unknown what has reached the disk, no further write is accepted.
    void append(List<ApiMessageAndVersion> messages, long timestampMs) throws IOException {
        if (failure != null) {
            throw new IOException("The metadata log is closed to writes since an earlier one failed", failure);
        }
        var file = active();
        int epoch = Math.max(lastEpoch, FIRST_EPOCH);
        var bytes = MetadataRecords.batch(extent.endOffset(), epoch, timestampMs, messages);
        long position = extent.segments().getLast().sizeInBytes();
        int count = bytes.remaining();
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
        lastEpoch = epoch;
        extent = extent.grownBy(count, messages.size());
    }

    @Override
    public void close() throws IOException {
        if (active != null) {
            active.close();
        }
        failure = new IOException("The metadata log is closed");
    }

    private static List<Path> list(Path directory) throws IOException {
        try (var entries = Files.list(directory)) {
            return entries.sorted().toList();
        }
    }

    private void read(List<Path> files, MetadataReplay replay) throws IOException, MetadataException {
        Optional<Checkpoint> checkpoint = Checkpoint.findNewest(files);
        long snapshotEnd = 0;
        if (checkpoint.isPresent()) {
            checkpoint.get().replay(replay);
            if (checkpoint.get().isBootstrap()) {
                replay.startOfLog();
            }
            snapshotEnd = checkpoint.get().endOffset();
            lastEpoch = checkpoint.get().epoch();
        }
        var segmentFiles = files.stream()
                .filter(file ->
                        SEGMENT_NAME.matcher(file.getFileName().toString()).matches())
                .toList();
        if (segmentFiles.isEmpty()) {
            extent = new LogExtent(List.of(), snapshotEnd);
        } else {
            readSegments(segmentFiles, snapshotEnd, replay);
        }
    }

    private void readSegments(List<Path> files, long snapshotEnd, MetadataReplay replay)
            throws IOException, MetadataException {
        long firstOffset = baseOffset(files.getFirst());
        if (firstOffset > snapshotEnd) {
            throw new MetadataException(
                    files.getFirst(), "the records before offset %d are in no checkpoint".formatted(firstOffset));
        }
        var sequence = BatchSequence.from(firstOffset, 0);
        var segments = new ArrayList<LogExtent.Segment>();
        for (var file : files) {
            long base = baseOffset(file);
            if (base != sequence.nextOffset()) {
                throw new MetadataException(
                        file, "the segment before it ends at offset %d".formatted(sequence.nextOffset()));
            }
            boolean isLast = file.equals(files.getLast());
            segments.add(new LogExtent.Segment(base, file, readSegment(file, isLast, sequence, snapshotEnd, replay)));
        }
        if (sequence.nextOffset() < snapshotEnd) {
            throw new MetadataException(
                    files.getLast(),
                    "the log ends at offset %d, before the checkpoint at %d"
                            .formatted(sequence.nextOffset(), snapshotEnd));
        }
        lastEpoch = Math.max(lastEpoch, sequence.epoch());
        extent = new LogExtent(segments, sequence.nextOffset());
    }

    private long readSegment(Path file, boolean isLast, BatchSequence sequence, long snapshotEnd, MetadataReplay replay)
            throws IOException, MetadataException {
        try (var scanner = BatchScanner.open(file)) {
            while (scanner.advance()) {
                var batch = scanner.batch();
                sequence.accept(batch, scanner);
                if (!batch.attributes().isControl() && batch.nextOffset() > snapshotEnd) {
                    MetadataBatchRecords.forEach(batch, file, scanner.position(), (offset, value, place) -> {
                        if (offset >= snapshotEnd) {
                            replay.replay(value, place);
                        }
                    });
                }
            }
            long tornBytes = scanner.tornBytes();
            if (tornBytes > 0 && !isLast) {
                throw scanner.damaged("the last batch is incomplete, but other segments follow");
            }
            if (tornBytes > 0) {
                LOG.warn(
                        "{}, byte {}: the last {} bytes are an incomplete write; they are ignored, and cut off before"
                                + " the next one",
                        file,
                        scanner.position(),
                        tornBytes);
            }
            return scanner.position();
        }
    }

    private static long baseOffset(Path file) throws MetadataException {
        try {
            return Long.parseLong(file.getFileName().toString().substring(0, 20));
        } catch (NumberFormatException e) {
            throw new MetadataException(file, "the name of the segment is out of range");
        }
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
        var file = opener.open(last.file());
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
        AtomicFile.write(directory.resolve("partition.metadata"), PARTITION_METADATA);
        long base = extent.endOffset();
        var file = directory.resolve("%020d.log".formatted(base));
        Files.write(file, new byte[0]);
        AtomicFile.syncDirectory(directory);
        AtomicFile.syncDirectory(logDir);
        return new LogExtent.Segment(base, file, 0);
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
