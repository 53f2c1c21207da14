package io.vitrine.metadata;

/// What became of the wish for other feature levels; either all of them hold now, or none was changed.
public sealed interface FeatureOutcome {
    /// All of them hold, or would, if they were only to be checked.
    record Accepted() implements FeatureOutcome {}

    /// Nothing was changed.
    ///
    /// @param feature the first that can't be changed so
    record Refused(String feature, String reason) implements FeatureOutcome {}
}
