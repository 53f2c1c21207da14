package io.vitrine.share;

import java.time.Instant;

/// Records that a share group has left out, because their bytes in the log can't be trusted any more.
///
/// @param at when somebody was to be given them
public record UnreadableRecords(long firstOffset, long lastOffset, String reason, Instant at) {}
