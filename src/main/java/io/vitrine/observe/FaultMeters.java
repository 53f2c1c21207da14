package io.vitrine.observe;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.vitrine.fault.Effect;
import io.vitrine.fault.Faults;
import java.util.Locale;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/// Faults on purpose, so that nobody takes what they do for trouble.
@Component
class FaultMeters implements MeterBinder {
    private final ObjectProvider<Faults> faults;

    FaultMeters(ObjectProvider<Faults> faults) {
        this.faults = faults;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        faults.ifAvailable(there -> bind(there, registry));
    }

    private static void bind(Faults faults, MeterRegistry registry) {
        Gauge.builder("kafka.server.faults", faults, Faults::activeCount)
                .description("Faults that are set on purpose and may still hit a request")
                .register(registry);
        for (var kind : Effect.Kind.values()) {
            FunctionCounter.builder("kafka.server.faults.injected", faults, set -> set.injected(kind))
                    .tag("effect", kind.name().toLowerCase(Locale.ROOT))
                    .description("Requests that were hit by a fault on purpose")
                    .register(registry);
        }
    }
}
