package io.vitrine.metadata;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.image.MetadataImage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the metadata log: a checkpoint, and the records behind it. Changes nothing.
/// ```
///   checkpoint 42         | what the records before offset 42 amount to
///   segment 0             | not read: all of it lies before the checkpoint
///   segment 30            |  30 … 41 | 42 … 57   only what is behind the checkpoint counts
///   segment 58            |                     | 58 …
/// ```
/// Of the segments that are read, every batch has to be sound and in its place.
final class MetadataLoader {
    private static final Logger LOG = LoggerFactory.getLogger(MetadataLoader.class);
    private static final Pattern SEGMENT_NAME = Pattern.compile("\\d{20}\\.log");

    private final List<Checkpoint> checkpoints;
    private final List<LogExtent.Segment> segments;
    private final long until;

    /// @param segments as far as they are to be read
    /// @param until batches that reach behind this offset are left out
    private MetadataLoader(List<Checkpoint> checkpoints, List<LogExtent.Segment> segments, long until) {
        this.checkpoints = checkpoints;
        this.segments = segments;
        this.until = until;
    }

    /// Reads everything there is in `directory`. If the newest checkpoint is damaged, an older one does as well, as
    /// long as the log holds every record between the two.
    ///
    /// @throws MetadataException if what is there can't be used, with file, position and reason
    static LoadedMetadata load(Path directory) throws IOException, MetadataException {
        List<Path> files = Files.exists(directory) ? list(directory) : List.of();
        var checkpoints = Checkpoint.findAll(files);
        var segments = new ArrayList<LogExtent.Segment>();
        for (var file : files) {
            if (SEGMENT_NAME.matcher(file.getFileName().toString()).matches()) {
                segments.add(new LogExtent.Segment(baseOffset(file), file, Files.size(file), LogExtent.NO_TIME));
            }
        }
        return new MetadataLoader(checkpoints, segments, Long.MAX_VALUE).loadFromNewest();
    }

    /// Reads what had been written before `until`, from the newest checkpoint that is not behind it.
    ///
    /// @param extent how far the log may be read
    /// @return empty if neither a checkpoint nor the log reaches back so far
    static Optional<LoadedMetadata> loadUntil(List<Checkpoint> checkpoints, LogExtent extent, long until)
            throws IOException, MetadataException {
        var loader = new MetadataLoader(checkpoints, extent.segments(), until);
        for (var checkpoint : checkpoints.reversed()) {
            if (checkpoint.endOffset() <= until && loader.continues(checkpoint.endOffset())) {
                return Optional.of(loader.loadFrom(Optional.of(checkpoint)));
            }
        }
        return checkpoints.isEmpty() && loader.continues(0)
                ? Optional.of(loader.loadFrom(Optional.empty()))
                : Optional.empty();
    }

    /// Does the log hold every record from `offset` on?
    private boolean continues(long offset) {
        return segments.isEmpty() || segments.getFirst().baseOffset() <= offset;
    }

    private LoadedMetadata loadFromNewest() throws IOException, MetadataException {
        @Nullable MetadataException damage = null;
        for (var checkpoint : checkpoints.reversed()) {
            boolean isCandidate = damage == null || (!segments.isEmpty() && continues(checkpoint.endOffset()));
            if (!isCandidate) {
                break;
            }
            try {
                var loaded = loadFrom(Optional.of(checkpoint));
                if (damage != null) {
                    requireEverything(loaded, damage);
                }
                return loaded;
            } catch (MetadataException e) {
                if (!e.file().equals(checkpoint.file())) {
                    throw damage == null ? e : damage;
                }
                damage = damage == null ? e : damage;
            }
        }
        if (damage != null) {
            throw damage;
        }
        return loadFrom(Optional.empty());
    }

    private void requireEverything(LoadedMetadata loaded, MetadataException damage) throws MetadataException {
        if (loaded.extent().endOffset() < checkpoints.getLast().endOffset()) {
            throw damage;
        }
        LOG.warn(
                "{}; it was read from {} and the log behind it instead",
                damage.getMessage(),
                loaded.base().map(Checkpoint::name).orElse("the start"));
    }

    private LoadedMetadata loadFrom(Optional<Checkpoint> base) throws IOException, MetadataException {
        var replay = new MetadataReplay(MetadataImage.EMPTY);
        var control = new ControlRecords();
        if (base.isPresent()) {
            base.get().replay(replay, control);
            if (base.get().isBootstrap()) {
                replay.startOfLog();
            }
        }
        long start = base.map(Checkpoint::endOffset).orElse(0L);
        var baseEnd = new LogEnd(start, base.map(Checkpoint::epoch).orElse(0), control.checkpointTimestampMs());
        if (segments.isEmpty()) {
            return new LoadedMetadata(replay, control, base, checkpoints, new LogExtent(List.of(), baseEnd), start);
        }
        var reader = new SegmentsReader(replay, control, baseEnd);
        var read = reader.read();
        return new LoadedMetadata(replay, control, base, checkpoints, new LogExtent(read, reader.end), reader.reached);
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.sorted().toList();
        }
    }

    private static long baseOffset(Path file) throws MetadataException {
        try {
            return Long.parseLong(file.getFileName().toString().substring(0, 20));
        } catch (NumberFormatException e) {
            throw new MetadataException(file, "the name of the segment is out of range");
        }
    }

    /// Goes through the segments, beginning with the one that holds the first record behind the checkpoint.
    private final class SegmentsReader {
        private final MetadataReplay replay;
        private final ControlRecords control;
        private final long start;
        private LogEnd end;
        private long reached;

        SegmentsReader(MetadataReplay replay, ControlRecords control, LogEnd baseEnd) {
            this.replay = replay;
            this.control = control;
            this.start = baseEnd.offset();
            this.end = baseEnd;
            this.reached = start;
        }

        List<LogExtent.Segment> read() throws IOException, MetadataException {
            int first = indexOfFirst();
            var sequence = BatchSequence.from(segments.get(first).baseOffset(), 0);
            var read = new ArrayList<>(segments.subList(0, first));
            for (var segment : segments.subList(first, segments.size())) {
                if (segment.baseOffset() >= until) {
                    read.add(segment);
                    continue;
                }
                if (segment.baseOffset() != sequence.nextOffset()) {
                    throw new MetadataException(
                            segment.file(), "the segment before it ends at offset %d".formatted(sequence.nextOffset()));
                }
                read.add(read(segment, sequence));
            }
            if (sequence.nextOffset() < Math.min(start, until)) {
                throw new MetadataException(
                        segments.getLast().file(),
                        "the log ends at offset %d, before the checkpoint at %d"
                                .formatted(sequence.nextOffset(), start));
            }
            end = new LogEnd(sequence.nextOffset(), Math.max(end.epoch(), sequence.epoch()), end.timestampMs());
            return read;
        }

        private int indexOfFirst() throws MetadataException {
            int index = segments.size() - 1;
            while (index >= 0 && segments.get(index).baseOffset() > start) {
                index--;
            }
            if (index < 0) {
                var oldest = segments.getFirst();
                throw new MetadataException(
                        oldest.file(),
                        "the records before offset %d are in no checkpoint".formatted(oldest.baseOffset()));
            }
            return index;
        }

        private LogExtent.Segment read(LogExtent.Segment segment, BatchSequence sequence)
                throws IOException, MetadataException {
            long firstTimestampMs = LogExtent.NO_TIME;
            try (var scanner = BatchScanner.open(segment.file(), segment.sizeInBytes())) {
                while (scanner.advance()) {
                    var batch = scanner.batch();
                    if (batch.nextOffset() > until) {
                        return segment;
                    }
                    sequence.accept(batch, scanner);
                    if (firstTimestampMs == LogExtent.NO_TIME) {
                        firstTimestampMs = batch.baseTimestamp();
                    }
                    if (batch.nextOffset() > start) {
                        replay(scanner, segment);
                        end = new LogEnd(end.offset(), end.epoch(), batch.maxTimestamp());
                        reached = batch.nextOffset();
                    }
                }
                requireWhole(scanner, segment);
                return new LogExtent.Segment(
                        segment.baseOffset(), segment.file(), scanner.position(), firstTimestampMs);
            }
        }

        private void replay(BatchScanner scanner, LogExtent.Segment segment) throws IOException, MetadataException {
            var batch = scanner.batch();
            if (batch.attributes().isControl()) {
                MetadataBatchRecords.forEachKeyed(
                        batch,
                        segment.file(),
                        scanner.position(),
                        (_, key, value, place) -> control.accept(key, value, place));
                return;
            }
            MetadataBatchRecords.forEach(batch, segment.file(), scanner.position(), (offset, value, place) -> {
                if (offset >= start) {
                    replay.replay(value, place);
                }
            });
        }

        private void requireWhole(BatchScanner scanner, LogExtent.Segment segment) throws MetadataException {
            long tornBytes = scanner.tornBytes();
            if (tornBytes > 0 && !segment.equals(segments.getLast())) {
                throw scanner.damaged("the last batch is incomplete, but other segments follow");
            }
            if (tornBytes > 0) {
                LOG.warn(
                        "{}, byte {}: the last {} bytes are an incomplete write; they are ignored, and cut off before"
                                + " the next one",
                        segment.file(),
                        scanner.position(),
                        tornBytes);
            }
        }
    }
}
