package io.vitrine.metadata;

import org.apache.kafka.common.Uuid;

/// The quorum that keeps the metadata log: this node alone, which leads it and has everything.
///
/// @param directoryId of the directory the log lies in
public record QuorumState(int nodeId, int leaderEpoch, long endOffset, Uuid directoryId) {}
