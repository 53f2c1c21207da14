package io.vitrine.metadata;

import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;

/// Hears of changes in Kafka's own terms. For the parts of Kafka's that are embedded and ask for nothing else; all
/// others look at the [ClusterImage].
@FunctionalInterface
public interface KafkaImageListener {

    /// Called in order of the changes, under their lock: it must be quick, and must not change the metadata itself.
    ///
    /// @param delta what is different in `image`; empty when the listener is added
    void changed(MetadataDelta delta, MetadataImage image);
}
