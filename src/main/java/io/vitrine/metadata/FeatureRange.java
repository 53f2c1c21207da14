package io.vitrine.metadata;

/// The levels of a feature that this software can work with; 0 means without it.
public record FeatureRange(short lowest, short highest) {}
