package io.vitrine.observe;

import io.vitrine.inspect.BrokerEndpoints;
import io.vitrine.metadata.MetadataService;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.info.BuildProperties;
import org.springframework.stereotype.Component;

/// Which broker this is: the entry `broker` of Actuator's `info`.
@Component
class BrokerInfoContributor implements InfoContributor {
    private final MetadataService metadata;
    private final BrokerEndpoints endpoints;
    private final String version;

    BrokerInfoContributor(MetadataService metadata, BrokerEndpoints endpoints, ObjectProvider<BuildProperties> build) {
        this.metadata = metadata;
        this.endpoints = endpoints;
        var properties = build.getIfAvailable();
        this.version = properties == null ? "unknown" : String.valueOf(properties.getVersion());
    }

    @Override
    public void contribute(Info.Builder builder) {
        var image = metadata.image();
        builder.withDetail(
                "broker",
                Map.of(
                        "version", version,
                        "nodeId", image.nodeId(),
                        "clusterId", image.clusterId(),
                        "listener", endpoints.toString()));
    }
}
