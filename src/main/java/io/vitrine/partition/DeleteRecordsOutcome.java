package io.vitrine.partition;

import io.vitrine.log.Offsets;

/// What became of the wish that the records before some offset be deleted.
public sealed interface DeleteRecordsOutcome {
    /// The records cannot be read any more, whatever happens from now on; the files of those that had segments of
    /// their own are deleted before long.
    ///
    /// @param logStartOffset the first offset that can be read; the log may have started behind the wish before
    record Deleted(long logStartOffset) implements DeleteRecordsOutcome {}

    /// There is no such offset.
    record OutOfRange(long offset, Offsets offsets) implements DeleteRecordsOutcome {}

    /// The topic's `cleanup.policy` is `compact` alone, which does not let records be deleted.
    record NotAllowed() implements DeleteRecordsOutcome {}

    /// The partition is offline, or the disk did not take it. The records may not be read any more, and may be back
    /// after a restart.
    record StorageFailed(String reason) implements DeleteRecordsOutcome {}

    /// The topic was deleted meanwhile.
    record TopicDeleted() implements DeleteRecordsOutcome {}
}
