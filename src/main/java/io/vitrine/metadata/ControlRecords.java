package io.vitrine.metadata;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.ControlRecordUtils;
import org.apache.kafka.raft.VoterSet;
import org.apache.kafka.server.common.KRaftVersion;

/// What the quorum has written into the log and the checkpoints about itself. It is no part of Kafka's image, and has
/// to be carried on into each new checkpoint.
final class ControlRecords {
    private static final int KEY_SIZE_IN_BYTES = 4;

    private KRaftVersion version = KRaftVersion.KRAFT_VERSION_0;
    private Optional<VoterSet> voters = Optional.empty();
    private long checkpointTimestampMs;

    /// Takes one record of a control batch.
    void accept(ByteBuffer key, ByteBuffer value, MetadataBatchRecords.Place place) throws MetadataException {
        if (key.remaining() < KEY_SIZE_IN_BYTES) {
            throw place.damaged(
                    "the key of a control record has %d bytes, not %d".formatted(key.remaining(), KEY_SIZE_IN_BYTES));
        }
        var type = ControlRecordType.fromTypeId(key.getShort(key.position() + Short.BYTES));
        try {
            take(type, value);
        } catch (RuntimeException e) {
            var thrown = place.damaged("the %s record cannot be decoded: %s".formatted(type, e.getMessage()));
            thrown.initCause(e);
            throw thrown;
        }
    }

    /// The version of the quorum's own protocol; 1 and later keep the voters in the log.
    KRaftVersion version() {
        return version;
    }

    /// The voters, where the log has them.
    Optional<VoterSet> voters() {
        return voters;
    }

    /// When the last record that a checkpoint stands for was written; 0 if none was read.
    long checkpointTimestampMs() {
        return checkpointTimestampMs;
    }

    private void take(ControlRecordType type, ByteBuffer value) {
        switch (type) {
            case KRAFT_VERSION ->
                version = KRaftVersion.fromFeatureLevel(
                        ControlRecordUtils.deserializeKRaftVersionRecord(value).kRaftVersion());
            case KRAFT_VOTERS ->
                voters = Optional.of(VoterSet.fromVotersRecord(ControlRecordUtils.deserializeVotersRecord(value)));
            case SNAPSHOT_HEADER ->
                checkpointTimestampMs = ControlRecordUtils.deserializeSnapshotHeaderRecord(value)
                        .lastContainedLogTimestamp();
            case ABORT, COMMIT, LEADER_CHANGE, SNAPSHOT_FOOTER, UNKNOWN -> {
                // They say nothing that a later checkpoint has to repeat.
            }
        }
    }
}
