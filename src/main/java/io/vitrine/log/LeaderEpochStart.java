package io.vitrine.log;

/// Where the records of a leader epoch begin.
public record LeaderEpochStart(int epoch, long startOffset) {}
