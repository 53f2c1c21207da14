package io.vitrine.log;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// How far the opening of one log has come, at one moment.
///
/// @param bytesToCheck of the batches whose checksums are to be checked
/// @param bytesCut of unfinished writes taken off the end
/// @param damaged what was found in the middle, and left
/// @param elapsedMs since it was begun, until it ended
/// @param failure why the log could not be opened; null unless `state` is `FAILED`
public record RecoveryReport(
        State state,
        long bytesToCheck,
        long bytesChecked,
        long bytesCut,
        List<DamagedRange> damaged,
        long elapsedMs,
        @Nullable String failure) {

    public enum State {
        WAITING,
        RUNNING,
        DONE,
        FAILED
    }

    public RecoveryReport {
        damaged = List.copyOf(damaged);
    }
}
