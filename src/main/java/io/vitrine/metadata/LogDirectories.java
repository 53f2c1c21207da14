package io.vitrine.metadata;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.common.DirectoryId;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/// The log directories, checked to belong to this node and to one cluster; new ones are given their
/// `meta.properties`.
///
/// @param directoryIds by directory
/// @param metadataDirectoryIsNew had the metadata log directory no `meta.properties` before?
record LogDirectories(String clusterId, Map<Path, Uuid> directoryIds, boolean metadataDirectoryIsNew) {
    /// A partition's directory, also one on its way out: `orders-0`, `orders-0.<id>-delete`.
    private static final Pattern PARTITION_DIRECTORY = Pattern.compile(".+-\\d+(\\..+-(delete|future|stray))?");

    /// Looks at every directory before it writes to the first one, so a refusal leaves all of them as they were.
    static LogDirectories open(MetadataSettings settings) throws IOException, MetadataException {
        var found = new LinkedHashMap<Path, MetaProperties>();
        var missing = new HashSet<Path>();
        for (var directory : settings.directories()) {
            var file = directory.resolve(MetaProperties.FILE_NAME);
            if (Files.exists(file)) {
                found.put(directory, readOurs(file, settings.nodeId()));
            } else {
                requireUnused(directory, file);
                missing.add(directory);
            }
        }
        var clusterId = agreeOnClusterId(found);
        requireDistinctIds(found);
        boolean metadataDirectoryIsNew = missing.contains(settings.metadataLogDir());
        if (metadataDirectoryIsNew && !found.isEmpty()) {
            // Formatting it would make every topic in the other directories unknown.
            throw new MetadataException(
                    settings.metadataLogDir().resolve(MetaProperties.FILE_NAME),
                    "missing, although this is the metadata log directory and others belong to cluster " + clusterId);
        }
        return new LogDirectories(clusterId, writeMissing(settings, found, missing, clusterId), metadataDirectoryIsNew);
    }

    /// The directory a new partition is recorded in. Like Kafka's controller, only says so where there is no choice.
    Uuid placement(MetadataSettings settings) {
        if (settings.logDirs().size() > 1) {
            return DirectoryId.UNASSIGNED;
        }
        @Nullable Uuid only = directoryIds.get(settings.logDirs().getFirst());
        return only == null ? DirectoryId.UNASSIGNED : only;
    }

    private static MetaProperties readOurs(Path file, int nodeId) throws IOException, MetadataException {
        var properties = MetaProperties.read(file);
        if (properties.nodeId() != nodeId) {
            throw new MetadataException(
                    file, "the directory belongs to node %d, this is node %d".formatted(properties.nodeId(), nodeId));
        }
        return properties;
    }

    private static void requireUnused(Path directory, Path file) throws IOException, MetadataException {
        if (!Files.exists(directory)) {
            return;
        }
        try (var entries = Files.newDirectoryStream(directory, Files::isDirectory)) {
            for (var entry : entries) {
                if (PARTITION_DIRECTORY.matcher(entry.getFileName().toString()).matches()) {
                    throw new MetadataException(
                            file, "missing, although the directory already holds " + entry.getFileName());
                }
            }
        }
    }

    private static String agreeOnClusterId(Map<Path, MetaProperties> found) throws MetadataException {
        @Nullable String agreed = null;
        for (var entry : found.entrySet()) {
            var clusterId = entry.getValue().clusterId();
            if (agreed != null && !agreed.equals(clusterId)) {
                throw new MetadataException(
                        entry.getKey().resolve(MetaProperties.FILE_NAME),
                        "cluster.id is %s, but %s in another log directory".formatted(clusterId, agreed));
            }
            agreed = clusterId;
        }
        return agreed == null ? Uuid.randomUuid().toString() : agreed;
    }

    private static void requireDistinctIds(Map<Path, MetaProperties> found) throws MetadataException {
        var owners = new HashMap<Uuid, Path>();
        for (var entry : found.entrySet()) {
            @Nullable Uuid id = entry.getValue().directoryId();
            @Nullable Path other = id == null ? null : owners.put(id, entry.getKey());
            if (other != null) {
                throw new MetadataException(
                        entry.getKey().resolve(MetaProperties.FILE_NAME),
                        "directory.id %s is also that of %s".formatted(id, other));
            }
        }
    }

    private static Map<Path, Uuid> writeMissing(
            MetadataSettings settings, Map<Path, MetaProperties> found, Set<Path> missing, String clusterId)
            throws IOException {
        var ids = new LinkedHashMap<Path, Uuid>();
        for (var directory : settings.directories()) {
            @Nullable MetaProperties known = found.get(directory);
            @Nullable Uuid id = known == null ? null : known.directoryId();
            if (id == null) {
                id = DirectoryId.random();
                if (missing.contains(directory)) {
                    Files.createDirectories(directory);
                }
                new MetaProperties(clusterId, settings.nodeId(), id)
                        .write(directory.resolve(MetaProperties.FILE_NAME), Instant.now());
            }
            ids.put(directory, id);
        }
        return ids;
    }
}
