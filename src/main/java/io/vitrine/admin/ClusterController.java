package io.vitrine.admin;

import io.vitrine.control.TestControls;
import io.vitrine.inspect.BrokerEndpoints;
import io.vitrine.metadata.MetadataService;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.info.BuildProperties;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// The cluster, of which this broker is the only node so far.
@RestController
@RequestMapping(ApiPath.BASE + "/cluster")
class ClusterController {
    private final MetadataService metadata;
    private final BrokerEndpoints endpoints;
    private final String version;
    private final boolean testControls;

    ClusterController(
            MetadataService metadata,
            BrokerEndpoints endpoints,
            ObjectProvider<BuildProperties> build,
            ObjectProvider<TestControls> controls) {
        this.metadata = metadata;
        this.endpoints = endpoints;
        this.testControls = controls.getIfAvailable() != null;
        var properties = build.getIfAvailable();
        this.version = properties == null ? "unknown" : String.valueOf(properties.getVersion());
    }

    @GetMapping
    ClusterView cluster(@RequestParam Map<String, String> query) {
        new QueryParameters(query).requireSound();
        var image = metadata.image();
        int node = image.nodeId();
        return new ClusterView(
                image.clusterId(),
                node,
                node,
                List.of(new BrokerView(node, endpoints.host(), endpoints.port())),
                new TreeMap<>(image.features()),
                new MetadataLogView(
                        metadata.logStartOffset(),
                        metadata.logEndOffset(),
                        metadata.sizeInBytes(),
                        metadata.segmentCount()),
                version,
                testControls,
                new ClusterLinks(
                        ApiPath.BASE + "/cluster",
                        ApiPath.BASE + "/brokers",
                        ApiPath.BASE + "/features",
                        ApiPath.BASE + "/quorum",
                        ApiPath.TOPICS,
                        ApiPath.BASE + "/log-dirs",
                        ApiPath.BASE + "/refusals",
                        ApiPath.TOPICS + "/__cluster_metadata/partitions/0/records"));
    }

    record ClusterView(
            String clusterId,
            int nodeId,
            int controllerId,
            List<BrokerView> brokers,
            Map<String, Short> features,
            MetadataLogView metadataLog,
            String version,
            boolean testControls,
            ClusterLinks links) {}

    record BrokerView(int id, String host, int port) {}

    record MetadataLogView(long logStartOffset, long logEndOffset, long sizeBytes, int segments) {}

    record ClusterLinks(
            String self,
            String brokers,
            String features,
            String quorum,
            String topics,
            String logDirs,
            String refusals,
            String metadataRecords) {}
}
