package io.vitrine.control;

import io.vitrine.control.SnapshotException.Kind;
import io.vitrine.log.DirectoryTree;
import io.vitrine.log.LogDirectory;
import io.vitrine.metadata.Contents;
import io.vitrine.metadata.MetadataException;
import io.vitrine.metadata.MetadataService;
import io.vitrine.partition.LogCopies;
import io.vitrine.partition.LogCopy;
import io.vitrine.partition.PartitionLogService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Snapshots of everything, and going back to one while the broker runs.
/// ```
///   make:     topics stay as they are │ cut │ link what was cut │ rename
///   restore:  stage links │ one change of the metadata: all topics go, those of the snapshot come │ tidy up
/// ```
/// Whatever is interrupted by a crash is not there, or is finished at the next start, before any log is opened: the
/// manifest beside the staged logs says at which offset of the metadata log the change is, if it was made. One at a
/// time; thread-safe.
public final class Snapshots {
    /// Each keeps alive what it links to.
    public static final int MAX_SNAPSHOTS = 20;

    private static final Logger log = LoggerFactory.getLogger(Snapshots.class);

    private final MetadataService metadata;
    private final PartitionLogService partitions;
    private final SnapshotFiles files;

    Snapshots(MetadataService metadata, PartitionLogService partitions) {
        this.metadata = metadata;
        this.partitions = partitions;
        this.files = SnapshotFiles.in(partitions.directories().getFirst().path());
    }

    /// Finishes what a crash has interrupted. To be called before anything is written to the metadata log, and before
    /// any log is opened.
    ///
    /// @param directories all that hold logs
    public static void finish(MetadataService metadata, List<LogDirectory> directories) throws IOException {
        var files = SnapshotFiles.in(directories.getFirst().path());
        files.deleteUnfinished();
        var restoring = files.restoring();
        if (Files.exists(restoring.resolve(SnapshotManifest.FILE))) {
            var manifest = SnapshotManifest.read(restoring);
            if (metadata.image().endOffset() > manifest.offset()) {
                LogCopies.finish(manifest.logs(), directories);
                log.warn("The last start ended while it went back to a snapshot, which is finished now");
            }
        }
        DirectoryTree.delete(restoring);
    }

    /// All there are, by name.
    public synchronized List<Snapshot> list() throws IOException {
        var all = new ArrayList<Snapshot>();
        for (var name : files.names()) {
            all.add(describe(name));
        }
        return all;
    }

    public synchronized Snapshot find(String name) throws SnapshotException {
        requireThere(name);
        try {
            return describe(name);
        } catch (IOException e) {
            throw new SnapshotException(e);
        }
    }

    /// Makes one. What was acknowledged before this is called is in it; of what is written meanwhile, nothing is in it
    /// without what led to it.
    public synchronized Snapshot make(String name) throws SnapshotException, InterruptedException {
        requireLegal(name);
        var making = files.making(name);
        try {
            if (Files.exists(files.of(name))) {
                throw new SnapshotException(Kind.EXISTS, "There is a snapshot '%s' already.".formatted(name));
            }
            if (files.names().size() >= MAX_SNAPSHOTS) {
                throw new SnapshotException(Kind.TOO_MANY, "There are %d snapshots already.".formatted(MAX_SNAPSHOTS));
            }
            DirectoryTree.delete(making);
            Files.createDirectories(making);
            metadata.topicChanges().all().whileUnchanged(contents -> fill(making, contents));
            SnapshotFiles.rename(making, files.of(name));
            return describe(name);
        } catch (IOException e) {
            throw failed(e, making);
        }
    }

    private boolean fill(Path making, Contents contents) throws IOException {
        SnapshotFiles.writeForced(making.resolve(SnapshotFiles.CONTENTS), contents.toBytes());
        long offset = metadata.image().endOffset();
        try {
            var copies =
                    partitions.controls().copies().copy(partitions.partitions(), making.resolve(SnapshotManifest.LOGS));
            new SnapshotManifest(System.currentTimeMillis(), offset, copies).write(making);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a log was compacted", e);
        }
    }

    /// Deletes one; what only it has kept alive goes with it.
    public synchronized void delete(String name) throws SnapshotException {
        requireThere(name);
        try {
            SnapshotFiles.rename(files.of(name), files.deleting(name));
            DirectoryTree.delete(files.deleting(name));
        } catch (IOException e) {
            throw new SnapshotException(e);
        }
    }

    /// Puts back what was there when it was made, and takes away all else. The snapshot stays.
    public synchronized Snapshot restore(String name) throws SnapshotException {
        requireThere(name);
        var restoring = files.restoring();
        try {
            var manifest = SnapshotManifest.read(files.of(name));
            var contents = Contents.read(files.of(name).resolve(SnapshotFiles.CONTENTS));
            var staged = stage(manifest.logs(), restoring);
            replace(contents, staged, restoring);
            partitions.controls().copies().writeCheckpoints();
            Files.delete(restoring.resolve(SnapshotManifest.FILE));
            SnapshotFiles.force(restoring);
            DirectoryTree.delete(restoring);
            return describe(name);
        } catch (MetadataException e) {
            throw failed(e, restoring);
        } catch (IllegalArgumentException e) {
            abandon(restoring);
            throw new SnapshotException(Kind.TOO_LARGE, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw failed(e, restoring);
        }
    }

    private static List<LogCopy> stage(List<LogCopy> copies, Path restoring) throws IOException {
        DirectoryTree.delete(restoring);
        var logs = restoring.resolve(SnapshotManifest.LOGS);
        Files.createDirectories(logs);
        var staged = new ArrayList<LogCopy>();
        for (var copy : copies) {
            staged.add(LogCopies.stage(copy, logs.resolve(copy.partition().toString())));
        }
        SnapshotFiles.force(logs);
        SnapshotFiles.force(restoring);
        return staged;
    }

    private void replace(Contents contents, List<LogCopy> staged, Path restoring) throws IOException {
        var directory = partitions.directories().getFirst().path();
        var id = metadata.description()
                .findDirectoryId(directory)
                .orElseThrow(() -> new IOException("%s has no id".formatted(directory)));
        var copies = partitions.controls().copies();
        try {
            metadata.topicChanges().all().replaceBy(contents, id, offset -> {
                new SnapshotManifest(System.currentTimeMillis(), offset, staged).write(restoring);
                copies.layReady(staged);
            });
        } finally {
            copies.forgetReady();
        }
    }

    private Snapshot describe(String name) throws IOException {
        var directory = files.of(name);
        var manifest = SnapshotManifest.read(directory);
        var logs = manifest.logs();
        return new Snapshot(
                name,
                manifest.createdMs(),
                (int) logs.stream()
                        .map(copy -> copy.partition().topic())
                        .distinct()
                        .count(),
                logs.size(),
                logs.stream().mapToLong(copy -> copy.end() - copy.logStart()).sum(),
                SnapshotFiles.sizeInBytes(directory));
    }

    private void requireThere(String name) throws SnapshotException {
        requireLegal(name);
        if (!Files.isDirectory(files.of(name))) {
            throw new SnapshotException(Kind.UNKNOWN, "There is no snapshot '%s'.".formatted(name));
        }
    }

    private static void requireLegal(String name) throws SnapshotException {
        if (!SnapshotFiles.isLegal(name)) {
            throw new SnapshotException(
                    Kind.BAD_NAME,
                    "A snapshot's name has 1 to 64 of a-z, A-Z, 0-9, '.', '_' and '-', the first of which is a letter or digit.");
        }
    }

    private static SnapshotException failed(Exception cause, Path unfinished) {
        abandon(unfinished);
        return new SnapshotException(cause);
    }

    private static void abandon(Path unfinished) {
        try {
            DirectoryTree.delete(unfinished);
        } catch (IOException e) {
            log.warn("{} stays until the next start: {}", unfinished, e.toString());
        }
    }
}
