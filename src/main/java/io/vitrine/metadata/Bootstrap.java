package io.vitrine.metadata;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.bootstrap.BootstrapMetadata;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.raft.DynamicVoter;
import org.apache.kafka.raft.DynamicVoters;
import org.apache.kafka.server.common.ApiMessageAndVersion;
import org.apache.kafka.server.common.EligibleLeaderReplicasVersion;
import org.apache.kafka.server.common.KRaftVersion;
import org.jspecify.annotations.Nullable;

/// What a metadata log begins with. Kafka's `kafka-storage format` leaves it in a checkpoint for offset 0, and the
/// first controller copies the features into the log; a new directory of ours gets both, so either of us can go on.
///
/// It is formatted as `kafka-storage format --standalone` does it: with this node as the only voter, kept in the log.
/// Only then does a broker of Kafka's start on it with an ordinary `controller.quorum.bootstrap.servers`. A leader
/// writes down where it listens when that is not what the voters say, so any address will do here: it is that of the
/// `server.properties` that Kafka comes with.
final class Bootstrap {
    private static final String CHECKPOINT = "00000000000000000000-0000000000.checkpoint";
    private static final String CONTROLLER_LISTENER = "CONTROLLER";
    private static final String CONTROLLER_HOST = "localhost";
    private static final int CONTROLLER_PORT = 9093;
    /// The quorum is the one in the settings (`controller.quorum.voters`), not one kept in the log.
    private static final short STATIC_QUORUM = 0;

    private Bootstrap() {}

    /// Writes the checkpoint, unless there is one already.
    ///
    /// @return what it says of the quorum
    static ControlRecords format(MetadataSettings settings, LogDirectories directories) throws IOException {
        var logDirectory = settings.metadataLogDir().resolve(MetadataLog.DIRECTORY_NAME);
        var checkpoint = new Checkpoint(logDirectory.resolve(CHECKPOINT), 0, 0);
        if (!Files.exists(checkpoint.file())) {
            write(settings, directories);
        }
        return checkpoint.control();
    }

    private static void write(MetadataSettings settings, LogDirectories directories) throws IOException {
        var directory = settings.metadataLogDir();
        var logDirectory = Files.createDirectories(directory.resolve(MetadataLog.DIRECTORY_NAME));
        @Nullable Uuid directoryId = directories.directoryIds().get(directory);
        Optional<DynamicVoters> voters = Optional.ofNullable(directoryId)
                .map(id -> new DynamicVoters(
                        List.of(new DynamicVoter(id, settings.nodeId(), CONTROLLER_HOST, CONTROLLER_PORT))));
        try {
            Formatter.writeBoostrapSnapshot(
                    directory.toString(),
                    MetadataRecords.newClusterFeatures(),
                    voters,
                    voters.isPresent() ? KRaftVersion.LATEST_PRODUCTION.featureLevel() : STATIC_QUORUM,
                    CONTROLLER_LISTENER);
        } catch (Exception e) {
            throw failed(logDirectory.resolve(CHECKPOINT), e);
        }
    }

    /// What the log must begin with: what the directory was formatted with, or else the features of a new one.
    static List<ApiMessageAndVersion> records(Path logDirectory) throws IOException {
        var metadata = read(logDirectory.resolve(CHECKPOINT));
        var records = new ArrayList<>(metadata.records());
        if (metadata.featureLevel(EligibleLeaderReplicasVersion.FEATURE_NAME) > 0) {
            records.add(MetadataRecords.leastInSyncReplicas());
        }
        return records;
    }

    private static BootstrapMetadata read(Path checkpoint) throws IOException {
        if (!Files.exists(checkpoint)) {
            return MetadataRecords.newClusterFeatures();
        }
        try {
            return BootstrapMetadata.fromCheckpointFile(checkpoint);
        } catch (Exception e) {
            throw failed(checkpoint, e);
        }
    }

    private static IOException failed(Path checkpoint, Exception cause) {
        return cause instanceof IOException known
                ? known
                : new IOException("%s could not be written or read".formatted(checkpoint), cause);
    }
}
