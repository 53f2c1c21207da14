package io.vitrine;

import org.springframework.context.SmartLifecycle;

/// Lets Spring stop the broker: before the web side, so that REST still answers while clients are let go.
final class BrokerLifecycle implements SmartLifecycle {
    private final Broker broker;

    BrokerLifecycle(Broker broker) {
        this.broker = broker;
    }

    /// It has been running since before Spring.
    @Override
    public void start() {}

    @Override
    public void stop() {
        broker.close();
    }

    @Override
    public boolean isRunning() {
        return broker.listener().isListening();
    }

    /// Higher phases stop first, and the highest is for those who are told of it.
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE - 1;
    }
}
