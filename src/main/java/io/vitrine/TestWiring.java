package io.vitrine;

import io.vitrine.control.TestControls;

/// What the web side needs to offer test controls.
final class TestWiring {
    private TestWiring() {}

    /// To be made once for a broker: it listens to what happens there.
    static TestControls controls(Broker broker) {
        return new TestControls(
                broker.metadata(),
                broker.partitions(),
                broker.groups(),
                broker.transactions(),
                broker.shares(),
                broker.refusals());
    }
}
