package io.vitrine.observe;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.vitrine.tap.ConnectionOverview;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// Open connections, and with which software they are used. Clients may say what they like of that, so only the most
/// frequent kinds get a tag of their own; all others share `other`.
@Component
class ConnectionMeters implements MeterBinder {
    static final int MAX_KINDS = 20;
    static final String OTHER = "other";
    static final String UNKNOWN = "unknown";
    private static final long BETWEEN_LOOKS_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ConnectionOverview connections;
    private final AtomicLong lastLookNanos = new AtomicLong(System.nanoTime() - BETWEEN_LOOKS_NANOS);
    private @Nullable MultiGauge kinds;

    ConnectionMeters(ConnectionOverview connections) {
        this.connections = connections;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        kinds = MultiGauge.builder("kafka.server.connections.software")
                .description("Open connections by the software of their clients, as of the last scrape")
                .register(registry);
        Gauge.builder("kafka.server.connections", this, ConnectionMeters::count)
                .description("Open connections")
                .register(registry);
    }

    private double count() {
        long now = System.nanoTime();
        long last = lastLookNanos.get();
        if (now - last >= BETWEEN_LOOKS_NANOS && lastLookNanos.compareAndSet(last, now)) {
            look();
        }
        return connections.connectionCount();
    }

    private void look() {
        var gauge = kinds;
        if (gauge == null) {
            return;
        }
        var counts = connections.list(0, Integer.MAX_VALUE).stream()
                .map(entry -> entry.software().name())
                .collect(Collectors.groupingBy(name -> name.isEmpty() ? UNKNOWN : name, Collectors.counting()));
        gauge.register(
                bounded(counts).entrySet().stream()
                        .map(kind -> MultiGauge.Row.of(Tags.of("software", kind.getKey()), kind.getValue()))
                        .collect(Collectors.toList()),
                true);
    }

    private static Map<String, Long> bounded(Map<String, Long> counts) {
        var own = counts.entrySet().stream()
                .sorted(Comparator.comparing((Map.Entry<String, Long> kind) -> kind.getValue())
                        .reversed()
                        .thenComparing(Map.Entry::getKey))
                .limit(MAX_KINDS)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        var bounded = new TreeMap<String, Long>();
        counts.forEach((name, count) -> bounded.merge(own.contains(name) ? name : OTHER, count, Long::sum));
        return bounded;
    }
}
