package io.vitrine.inspect;

/// Whose records a log holds, and so whether more can be said of them than their bytes.
public enum RecordKind {
    /// Anybody's.
    PLAIN,
    /// Those of the metadata log.
    METADATA,
    /// Those of the groups, in `__consumer_offsets`.
    GROUPS
}
