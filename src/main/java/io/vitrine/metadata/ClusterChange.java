package io.vitrine.metadata;

import java.util.List;

/// What is different in an image.
///
/// @param changed topics that are new, or have other partitions, leaders or configs, as they are now
/// @param removed topics that are gone, as they were; one of the same name may be among those that changed
public record ClusterChange(ClusterImage image, List<Topic> changed, List<Topic> removed) {
    public ClusterChange {
        changed = List.copyOf(changed);
        removed = List.copyOf(removed);
    }
}
