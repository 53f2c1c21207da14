package io.vitrine;

import io.vitrine.metadata.MetadataService;
import io.vitrine.partition.PartitionLogService;
import io.vitrine.protocol.RefusalJournal;
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
        context.registerBean(Broker.class, () -> broker, definition -> definition.setDestroyMethodName(""));
        context.registerBean(
                MetadataService.class, broker::metadata, definition -> definition.setDestroyMethodName(""));
        context.registerBean(
                PartitionLogService.class, broker::partitions, definition -> definition.setDestroyMethodName(""));
        context.registerBean(RefusalJournal.class, broker::refusals);
        context.registerBean(BrokerLifecycle.class, () -> new BrokerLifecycle(broker));
    }
}
