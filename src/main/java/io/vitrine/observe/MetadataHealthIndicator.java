package io.vitrine.observe;

import io.vitrine.metadata.MetadataService;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/// How far the metadata log is loaded. It is loaded before the broker answers anybody, so it is up from then on.
@Component("metadata")
class MetadataHealthIndicator implements HealthIndicator {
    private final MetadataService metadata;

    MetadataHealthIndicator(MetadataService metadata) {
        this.metadata = metadata;
    }

    @Override
    public Health health() {
        var image = metadata.image();
        return Health.up()
                .withDetail("loadedOffset", image.endOffset())
                .withDetail("topics", image.topics().size())
                .build();
    }
}
