package io.vitrine.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vitrine.inspect.BrokerEndpoints;
import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.RegisteredBroker;
import io.vitrine.partition.PartitionLogService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// The brokers: this one, and those of the cluster that the directory comes from, which are away.
@RestController
@RequestMapping(ApiPath.BASE + "/brokers")
class BrokerController {
    private final MetadataService metadata;
    private final PartitionLogService partitions;
    private final BrokerEndpoints endpoints;

    BrokerController(MetadataService metadata, PartitionLogService partitions, BrokerEndpoints endpoints) {
        this.metadata = metadata;
        this.partitions = partitions;
        this.endpoints = endpoints;
    }

    @GetMapping
    BrokersView brokers(@RequestParam Map<String, String> query) {
        new QueryParameters(query).requireSound();
        return new BrokersView(all());
    }

    @GetMapping("/{id}")
    BrokerView broker(@PathVariable int id, @RequestParam Map<String, String> query) {
        new QueryParameters(query).requireSound();
        return all().stream()
                .filter(broker -> broker.id() == id)
                .findFirst()
                .orElseThrow(() -> ClusterProblem.unknownBroker(id));
    }

    private List<BrokerView> all() {
        var views = new ArrayList<BrokerView>();
        views.add(self());
        metadata.description().otherBrokers().forEach(broker -> views.add(BrokerView.away(broker, metadata)));
        return views;
    }

    private BrokerView self() {
        int id = metadata.image().nodeId();
        long offline = partitions.partitions().stream()
                .filter(partition -> partition.offlineReason().isPresent())
                .count();
        return new BrokerView(
                id,
                true,
                true,
                endpoints.listeners().stream().map(ListenerView::of).toList(),
                null,
                PartitionCounts.of(metadata, id),
                partitions.partitions().size(),
                offline,
                BrokerLinks.of(id, true));
    }

    record BrokersView(List<BrokerView> items) {}

    /// @param here is it this process? The others are away
    /// @param hosted partitions whose logs are open here; missing, as is `offline`, for a broker that is away
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record BrokerView(
            int id,
            boolean here,
            boolean controller,
            List<ListenerView> listeners,
            @Nullable String rack,
            PartitionCounts partitions,
            @Nullable Integer hosted,
            @Nullable Long offline,
            BrokerLinks links) {
        static BrokerView away(RegisteredBroker broker, MetadataService metadata) {
            var listeners = broker.endpoints().entrySet().stream()
                    .map(entry -> new ListenerView(
                            entry.getKey(),
                            null,
                            entry.getValue().host() + ":" + entry.getValue().port()))
                    .toList();
            return new BrokerView(
                    broker.id(),
                    false,
                    false,
                    listeners,
                    broker.rack().orElse(null),
                    PartitionCounts.of(metadata, broker.id()),
                    null,
                    null,
                    BrokerLinks.of(broker.id(), false));
        }
    }

    /// @param bound missing where it is not known
    /// @param advertised missing where clients are told the address that they have come to
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ListenerView(
            String name, @Nullable String bound, @Nullable String advertised) {
        static ListenerView of(BrokerEndpoints.Listener listener) {
            var advertised = listener.advertised();
            return new ListenerView(
                    listener.name(),
                    listener.bound().host() + ":" + listener.bound().port(),
                    advertised == null ? null : advertised.host() + ":" + advertised.port());
        }
    }

    /// Partitions by what the metadata log says.
    record PartitionCounts(long replicas, long leading, long inSync) {
        static PartitionCounts of(MetadataService metadata, int broker) {
            long replicas = 0;
            long leading = 0;
            long inSync = 0;
            for (var topic : metadata.image().topics()) {
                for (var partition : topic.partitions()) {
                    replicas += partition.replicas().contains(broker) ? 1 : 0;
                    leading += partition.leader() == broker ? 1 : 0;
                    inSync += partition.inSyncReplicas().contains(broker) ? 1 : 0;
                }
            }
            return new PartitionCounts(replicas, leading, inSync);
        }
    }

    /// @param configs what is in force; absent for a broker that is away
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record BrokerLinks(String self, @Nullable String configs, String cluster, String logDirs) {
        static BrokerLinks of(int id, boolean here) {
            var self = ApiPath.BASE + "/brokers/" + id;
            return new BrokerLinks(
                    self, here ? self + "/configs" : null, ApiPath.BASE + "/cluster", ApiPath.BASE + "/log-dirs");
        }
    }
}
