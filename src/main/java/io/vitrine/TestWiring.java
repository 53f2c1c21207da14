package io.vitrine;

import io.vitrine.control.TestControls;
import io.vitrine.fault.Faults;
import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.Topic;
import java.time.Clock;

/// What the web side needs to offer test controls.
final class TestWiring {
    private TestWiring() {}

    /// None is set, and nobody can set any where test controls are off.
    static Faults faults(MetadataService metadata) {
        return new Faults(id -> metadata.image().findTopic(id).map(Topic::name).orElse(null), Clock.systemUTC());
    }

    /// To be made once for a broker: it listens to what happens there.
    static TestControls controls(Broker broker) {
        return new TestControls(
                broker.metadata(),
                broker.partitions(),
                broker.groups(),
                broker.transactions(),
                broker.shares(),
                broker.refusals(),
                broker.faults());
    }
}
