package io.vitrine.metadata;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.metadata.bootstrap.BootstrapMetadata;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.ApiMessageAndVersion;
import org.apache.kafka.server.common.EligibleLeaderReplicasVersion;

/// The records a metadata log begins with. Kafka's tools leave them in a checkpoint for offset 0, and the first
/// controller copies them into the log; a new directory of ours gets both, so either of us can go on.
final class Bootstrap {
    private static final String CHECKPOINT = "00000000000000000000-0000000000.checkpoint";
    /// The quorum is the one in the settings (`controller.quorum.voters`), not one kept in the log.
    private static final short STATIC_QUORUM = 0;

    private Bootstrap() {}

    /// What the log must begin with; for a directory that has nothing yet, the checkpoint is written first.
    static List<ApiMessageAndVersion> records(Path logDir, MetadataLog log) throws IOException {
        var metadata = read(logDir, log);
        var records = new ArrayList<>(metadata.records());
        if (metadata.featureLevel(EligibleLeaderReplicasVersion.FEATURE_NAME) > 0) {
            records.add(MetadataRecords.leastInSyncReplicas());
        }
        return records;
    }

    private static BootstrapMetadata read(Path logDir, MetadataLog log) throws IOException {
        var checkpoint = log.directory().resolve(CHECKPOINT);
        try {
            if (Files.exists(checkpoint)) {
                return BootstrapMetadata.fromCheckpointFile(checkpoint);
            }
            var features = MetadataRecords.newClusterFeatures();
            if (log.extent().endOffset() == 0) {
                Files.createDirectories(log.directory());
                Formatter.writeBoostrapSnapshot(logDir.toString(), features, Optional.empty(), STATIC_QUORUM, "");
            }
            return features;
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("%s could not be written or read".formatted(checkpoint), e);
        }
    }
}
