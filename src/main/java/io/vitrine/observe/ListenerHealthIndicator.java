package io.vitrine.observe;

import io.vitrine.server.KafkaListener;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/// Whether the Kafka port is open.
@Component("kafkaListener")
class ListenerHealthIndicator implements HealthIndicator {
    private final KafkaListener listener;

    ListenerHealthIndicator(KafkaListener listener) {
        this.listener = listener;
    }

    @Override
    public Health health() {
        var health = listener.isListening() ? Health.up() : Health.down();
        return health.withDetail("listeners", listener.addresses().toString())
                .withDetail("connections", listener.connectionCount())
                .build();
    }
}
