package io.vitrine.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Opens the segments of a partition and makes their end sound: an unfinished last write, be it torn, of wrong
/// checksum or zeros, is cut off. Damage that sound batches follow is not cut; it is an error that names the place.
final class LogRecovery {
    private static final Logger log = LoggerFactory.getLogger(LogRecovery.class);

    private final Disk disk;
    private final Path directory;
    private final LogSettings settings;
    private final ProducerStates producers = new ProducerStates();

    LogRecovery(Disk disk, Path directory, LogSettings settings) {
        this.disk = disk;
        this.directory = directory;
        this.settings = settings;
    }

    /// The segments in order of their offsets; at least one.
    List<Segment> run() throws IOException {
        var baseOffsets = findBaseOffsets();
        var segments = new ArrayList<Segment>();
        try {
            for (int i = 0; i < baseOffsets.size(); i++) {
                segments.add(open(baseOffsets.get(i), i == baseOffsets.size() - 1));
            }
            if (segments.isEmpty()) {
                segments.add(Segment.create(disk, directory, 0, settings));
            }
            return segments;
        } catch (IOException e) {
            for (var segment : segments) {
                segment.close();
            }
            throw e;
        }
    }

    /// The producers met in the segments.
    ProducerStates producers() {
        return producers;
    }

    private List<Long> findBaseOffsets() throws IOException {
        return disk.list(directory).stream()
                .filter(name -> name.matches("\\d{20}\\.log"))
                .map(name -> Long.parseLong(name.substring(0, name.length() - Segment.FILE_SUFFIX.length())))
                .sorted()
                .toList();
    }

    private Segment open(long baseOffset, boolean last) throws IOException {
        var file = SegmentFile.open(disk, directory.resolve(Segment.fileName(baseOffset)));
        try {
            if (file.sizeInBytes() > Integer.MAX_VALUE) {
                throw new DamagedLogException(file.path(), Integer.MAX_VALUE, "a segment has at most 2 GiB");
            }
            var index = new SparseIndex(settings.segments().indexIntervalBytes());
            var scan = new SegmentScan(file, baseOffset, index, producers, last);
            int sound = scan.run();
            cutIfUnfinished(file, scan, sound, last);
            return new Segment(baseOffset, file, index, sound, scan.nextOffset());
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    private void cutIfUnfinished(SegmentFile file, SegmentScan scan, int sound, boolean last) throws IOException {
        var damage = scan.damage();
        if (damage == null) {
            return;
        }
        if (!last || scan.hasSoundBatchFrom(sound)) {
            throw new DamagedLogException(file.path(), sound, damage);
        }
        log.warn(
                "{}/{}: cut back from {} to {} bytes, next offset {}: {}",
                directory.getFileName(),
                file.path().getFileName(),
                file.sizeInBytes(),
                sound,
                scan.nextOffset(),
                damage);
        file.truncate(sound);
        file.force();
    }
}
