package io.vitrine;

import io.vitrine.config.BrokerSettings;
import io.vitrine.metadata.MetadataLogSettings;
import io.vitrine.metadata.MetadataSettings;

/// Makes of the broker's settings what the metadata understands.
final class MetadataWiring {
    private MetadataWiring() {}

    static MetadataSettings settings(BrokerSettings settings) {
        return new MetadataSettings(
                settings.nodeId(),
                settings.log().dirs(),
                settings.log().metadataDir(),
                log(settings.log().metadata()),
                ConfigWiring.layers(settings),
                TopicWiring.settings(settings));
    }

    private static MetadataLogSettings log(BrokerSettings.MetadataLog log) {
        return new MetadataLogSettings(
                log.bytesBetweenCheckpoints(),
                log.checkpointIntervalMs(),
                log.segmentBytes(),
                log.segmentMs(),
                log.retentionBytes(),
                log.retentionMs());
    }
}
