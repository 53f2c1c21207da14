package io.vitrine.log;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The snapshot files of one partition: what was known of its producers before the offset that names the file. The
/// log is read again from the newest one that is sound.
final class ProducerSnapshots {
    private static final Logger log = LoggerFactory.getLogger(ProducerSnapshots.class);
    private static final int MAX_FILE_BYTES = 64 * 1024 * 1024;

    private final LogFiles files;

    ProducerSnapshots(LogFiles files) {
        this.files = files;
    }

    record Snapshot(long offset, List<ProducerSnapshotEntry> producers) {}

    /// The newest sound one that is not newer than `offset`, nor so old that batches which follow it are gone.
    Optional<Snapshot> findLatest(long firstOffset, long offset) throws IOException {
        for (var candidate : files.offsets(LogFiles.PRODUCER_SNAPSHOT).reversed()) {
            if (candidate >= firstOffset && candidate <= offset) {
                try {
                    var bytes = SmallFile.read(
                            files.disk(), files.path(candidate, LogFiles.PRODUCER_SNAPSHOT), MAX_FILE_BYTES);
                    return Optional.of(new Snapshot(candidate, ProducerSnapshot.decode(bytes)));
                } catch (IOException e) {
                    log.warn("{}: {} is passed over: {}", files.directory().getFileName(), candidate, e.getMessage());
                }
            }
        }
        return Optional.empty();
    }

    /// Writes one, without forcing it: it has a checksum, and the log can be read again.
    void write(Snapshot snapshot) throws IOException {
        SmallFile.write(
                files.disk(),
                files.path(snapshot.offset(), LogFiles.PRODUCER_SNAPSHOT),
                ProducerSnapshot.encode(snapshot.producers()));
    }

    /// Deletes those that speak of offsets that the log does not have.
    void deleteAfter(long logEndOffset) throws IOException {
        for (var offset : files.offsets(LogFiles.PRODUCER_SNAPSHOT)) {
            if (offset > logEndOffset) {
                delete(offset);
            }
        }
    }

    /// Deletes all but the newest and those at the beginning of a segment, as Kafka keeps them.
    void deleteStray(Collection<Long> segmentBaseOffsets) throws IOException {
        var offsets = files.offsets(LogFiles.PRODUCER_SNAPSHOT);
        for (var offset : offsets) {
            if (!offset.equals(offsets.getLast()) && !segmentBaseOffsets.contains(offset)) {
                delete(offset);
            }
        }
    }

    private void delete(long offset) throws IOException {
        files.disk().delete(files.path(offset, LogFiles.PRODUCER_SNAPSHOT));
    }
}
