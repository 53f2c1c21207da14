package io.vitrine.group;

import java.util.Map;
import org.apache.kafka.common.metrics.Metrics;
import org.jspecify.annotations.Nullable;

/// What Kafka's coordinator measures of itself, under Kafka's names; nothing before it has started.
public final class GroupMeasures {
    private static final String GROUP = "group-coordinator-metrics";

    private volatile @Nullable Metrics metrics;

    void startWith(Metrics started) {
        metrics = started;
    }

    /// One number; 0 while there is none.
    ///
    /// @param name such as `group-count`
    /// @param tags such as `protocol=classic`
    public double value(String name, Map<String, String> tags) {
        var source = metrics;
        var metric = source == null ? null : source.metric(source.metricName(name, GROUP, "", tags));
        return metric != null && metric.metricValue() instanceof Number number && !Double.isNaN(number.doubleValue())
                ? number.doubleValue()
                : 0;
    }

    /// One number that has no tags.
    public double value(String name) {
        return value(name, Map.of());
    }
}
