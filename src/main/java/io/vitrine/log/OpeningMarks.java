package io.vitrine.log;

/// What the log directory's checkpoints say of a partition that is about to be opened.
///
/// @param cleanlyStopped was everything forced when it was last closed? Then nothing is checked
/// @param recoveryPoint everything before it had been forced to disk; only what follows is checked
/// @param logStartOffset nothing before it counts any more
/// @param leaderEpoch the current one: no batch can have been written under a later
public record OpeningMarks(boolean cleanlyStopped, long recoveryPoint, long logStartOffset, int leaderEpoch) {
    /// For a log of which nothing is known: all of it is checked.
    public static final OpeningMarks UNKNOWN = new OpeningMarks(false, 0, 0, Integer.MAX_VALUE);

    public OpeningMarks {
        if (recoveryPoint < 0 || logStartOffset < 0) {
            throw new IllegalArgumentException(
                    "recovery point %d, log start offset %d".formatted(recoveryPoint, logStartOffset));
        }
    }
}
