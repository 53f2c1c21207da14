package io.vitrine.metadata;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Deletes checkpoints that are too old or too large together with the log, and the segments that only they need. By
/// Kafka's rules: the newest checkpoint always stays, and so does every record behind it.
/// ```
///   checkpoint 42 goes, 97 is the next:   segments that end at or before 97 go first, then the checkpoint
/// ```
/// So whatever a crash leaves, the oldest checkpoint and the log behind it have no gap between them that matters.
final class MetadataRetention {
    private static final Logger LOG = LoggerFactory.getLogger(MetadataRetention.class);
    private static final String[] INDEX_SUFFIXES = {".index", ".timeindex", ".txnindex", ".snapshot"};

    private final MetadataWriter writer;
    private final CheckpointStore checkpoints;
    private final MetadataLogSettings settings;
    private final MetadataDisk disk;

    MetadataRetention(MetadataWriter writer, CheckpointStore checkpoints, MetadataDisk disk) {
        this.writer = writer;
        this.checkpoints = checkpoints;
        this.settings = writer.settings();
        this.disk = disk;
    }

    /// Deletes what may go by now.
    void clean(long nowMs) throws IOException {
        while (checkpoints.all().size() > 1) {
            var oldest = checkpoints.all().getFirst();
            var next = checkpoints.all().get(1);
            var reason = reasonToDelete(oldest, nowMs);
            if (reason == null) {
                return;
            }
            for (var segment : writer.forgetLogBefore(next.endOffset())) {
                LOG.info("Deleting segment {}: {}", segment.file().getFileName(), reason);
                delete(segment.file());
            }
            LOG.info("Deleting {}: {}", oldest.name(), reason);
            checkpoints.delete(oldest);
        }
    }

    private @Nullable String reasonToDelete(Checkpoint oldest, long nowMs) throws IOException {
        long size = writer.extent().sizeInBytes() + checkpoints.sizeInBytes();
        if (settings.retentionBytes() >= 0 && size > settings.retentionBytes()) {
            return "log and checkpoints have %d bytes, more than the %d of metadata.max.retention.bytes"
                    .formatted(size, settings.retentionBytes());
        }
        long ageMs = nowMs - timestamp(oldest);
        return settings.retentionMs() >= 0 && ageMs > settings.retentionMs()
                ? "%s is %d ms old, more than the %d of metadata.max.retention.ms"
                        .formatted(oldest.name(), ageMs, settings.retentionMs())
                : null;
    }

    /// One that can't be read is of no use to anybody, however young.
    private static long timestamp(Checkpoint checkpoint) {
        try {
            return checkpoint.control().checkpointTimestampMs();
        } catch (IOException e) {
            LOG.warn("{} can't be read and will be deleted", checkpoint.name(), e);
            return Long.MIN_VALUE / 2;
        }
    }

    private void delete(Path segment) throws IOException {
        disk.delete(segment);
        var name = segment.getFileName().toString();
        for (var suffix : INDEX_SUFFIXES) {
            disk.delete(segment.resolveSibling(name.replace(".log", suffix)));
        }
        // One after the other, so that no crash leaves a gap.
        disk.syncDirectory(writer.directory());
    }
}
