package io.vitrine;

import io.vitrine.control.TestControls;
import io.vitrine.fault.Faults;
import io.vitrine.group.GroupService;
import io.vitrine.inspect.BrokerEndpoints;
import io.vitrine.metadata.ConfigChanges;
import io.vitrine.metadata.MetadataService;
import io.vitrine.partition.PartitionLogService;
import io.vitrine.protocol.ApiTable;
import io.vitrine.protocol.Arrivals;
import io.vitrine.protocol.FetchCounters;
import io.vitrine.protocol.FetchSessionOverview;
import io.vitrine.protocol.ProduceCounters;
import io.vitrine.protocol.Purgatory;
import io.vitrine.protocol.RefusalJournal;
import io.vitrine.protocol.RequestCounters;
import io.vitrine.server.KafkaListener;
import io.vitrine.share.SharePartitions;
import io.vitrine.tap.RecentExchanges;
import io.vitrine.timeline.GroupTimelines;
import io.vitrine.transaction.TransactionService;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/// The Spring side: it adopts the running broker's parts as beans, serves REST and Actuator, and stops the broker
/// when it stops itself.
@SpringBootApplication
public class WebSide {
    private static final Logger log = LoggerFactory.getLogger(WebSide.class);

    /// Starts Spring around `broker`.
    public static ConfigurableApplicationContext start(Broker broker) {
        var http = broker.settings().http();
        var context = new SpringApplicationBuilder(WebSide.class)
                .properties(Map.of("server.address", http.host(), "server.port", http.port()))
                .initializers(starting -> adopt((GenericApplicationContext) starting, broker))
                .run();
        log.info(
                "REST and Actuator: http://{}:{}/api/v1",
                http.host(),
                context.getEnvironment().getProperty("local.server.port"));
        return context;
    }

    private static void adopt(GenericApplicationContext context, Broker broker) {
        adopt(context, MetadataService.class, broker.metadata());
        adopt(context, PartitionLogService.class, broker.partitions());
        adopt(context, KafkaListener.class, broker.listener());
        adopt(context, ApiTable.class, broker.apis());
        adopt(context, RequestCounters.class, broker.requests());
        adopt(context, GroupService.class, broker.groups());
        adopt(context, TransactionService.class, broker.transactions());
        adopt(context, GroupTimelines.class, broker.timelines());
        adopt(context, SharePartitions.class, broker.shares());
        adopt(context, RefusalJournal.class, broker.refusals());
        adopt(context, Arrivals.class, broker.listener().arrivals());
        adopt(context, Faults.class, broker.faults());
        adopt(context, Purgatory.class, broker.purgatory());
        adopt(context, RecentExchanges.class, broker.listener().exchanges());
        adopt(context, FetchCounters.class, broker.fetches());
        adopt(context, ProduceCounters.class, broker.produced());
        adopt(context, FetchSessionOverview.class, broker.fetchSessions());
        adopt(context, BrokerEndpoints.class, broker.endpoint());
        adopt(context, ConfigChanges.class, broker.configs());
        if (broker.settings().http().testControls()) {
            adopt(context, TestControls.class, TestWiring.controls(broker));
        }
        adopt(context, BrokerLifecycle.class, new BrokerLifecycle(broker));
    }

    /// The broker closes its own parts, in its own order.
    private static <T> void adopt(GenericApplicationContext context, Class<T> type, T part) {
        context.registerBean(type, () -> part, definition -> definition.setDestroyMethodName(""));
    }
}
