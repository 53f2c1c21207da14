package io.vitrine.metadata;

import java.util.List;
import java.util.Optional;

/// What was read of the metadata log's directory.
///
/// @param replay has taken everything up to the end
/// @param control what the quorum says of itself
/// @param base the checkpoint that was read first, if there was one
/// @param checkpoints all there are, oldest first; also such as can't be read
/// @param reachedOffset behind the last batch that was replayed
record LoadedMetadata(
        MetadataReplay replay,
        ControlRecords control,
        Optional<Checkpoint> base,
        List<Checkpoint> checkpoints,
        LogExtent extent,
        long reachedOffset) {
    LoadedMetadata {
        checkpoints = List.copyOf(checkpoints);
    }
}
