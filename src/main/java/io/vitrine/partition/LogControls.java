package io.vitrine.partition;

/// What can be done to logs beside what the broker does of itself: upkeep at once, and copies.
///
/// @param upkeep does at once what is done now and then
/// @param copies puts logs aside, and back
public record LogControls(UpkeepNow upkeep, LogCopies copies) {}
