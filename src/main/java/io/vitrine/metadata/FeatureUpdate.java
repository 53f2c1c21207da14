package io.vitrine.metadata;

/// Somebody's wish to finalize another level of a feature.
///
/// @param level 0 takes the feature back
public record FeatureUpdate(String feature, short level, Kind kind) {
    /// What the change may be; the one that loses metadata is only for the caller to name, nobody serves it.
    public enum Kind {
        UPGRADE,
        SAFE_DOWNGRADE,
        UNSAFE_DOWNGRADE,
        UNKNOWN
    }
}
