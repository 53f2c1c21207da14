package io.vitrine.metadata;

import java.util.List;
import org.apache.kafka.common.config.ConfigResource;

/// A wish to change what is set for something.
///
/// @param replacesAll does what is not named lose its value?
public record ConfigWish(ConfigResource resource, List<ConfigEdit> edits, boolean replacesAll) {
    public ConfigWish {
        edits = List.copyOf(edits);
    }
}
