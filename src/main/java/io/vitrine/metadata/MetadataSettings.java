package io.vitrine.metadata;

import io.vitrine.definition.BrokerConfigLayers;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Who this node is and where its directories are.
///
/// @param logDirs directories that hold partition logs, as `log.dirs` names them
/// @param metadataLogDir directory that holds `__cluster_metadata-0`; one of `logDirs` or a directory of its own
/// @param log how the metadata log is kept
/// @param brokerConfigs what the broker was started with, which topics inherit
/// @param topics how topics are made and deleted
public record MetadataSettings(
        int nodeId,
        List<Path> logDirs,
        Path metadataLogDir,
        MetadataLogSettings log,
        BrokerConfigLayers brokerConfigs,
        TopicSettings topics) {
    public MetadataSettings {
        logDirs = List.copyOf(logDirs);
        if (nodeId < 0) {
            throw new IllegalArgumentException("Node id %d is negative".formatted(nodeId));
        }
        if (logDirs.isEmpty()) {
            throw new IllegalArgumentException("There must be at least one log directory");
        }
    }

    /// With a log that is kept, and topics that are made, as Kafka does by default.
    public MetadataSettings(int nodeId, List<Path> logDirs, Path metadataLogDir) {
        this(nodeId, logDirs, metadataLogDir, MetadataLogSettings.DEFAULTS);
    }

    /// Settings of a broker that was started with nothing else.
    public MetadataSettings(int nodeId, List<Path> logDirs, Path metadataLogDir, MetadataLogSettings log) {
        this(nodeId, logDirs, metadataLogDir, log, BrokerConfigLayers.NONE, TopicSettings.DEFAULTS);
    }

    /// One directory for everything.
    public static MetadataSettings of(int nodeId, Path logDir) {
        return new MetadataSettings(nodeId, List.of(logDir), logDir);
    }

    /// Every directory that carries a `meta.properties`, each once.
    Set<Path> directories() {
        var all = new LinkedHashSet<Path>();
        all.add(metadataLogDir);
        all.addAll(logDirs);
        return all;
    }
}
