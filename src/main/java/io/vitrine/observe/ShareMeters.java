package io.vitrine.observe;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.vitrine.share.AcknowledgeType;
import io.vitrine.share.SharePartitions;
import io.vitrine.share.ShareTotals;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/// The meters of share groups, in records. None where share groups are not served.
@Component
class ShareMeters implements MeterBinder {
    private final ObjectProvider<SharePartitions> shares;

    ShareMeters(ObjectProvider<SharePartitions> shares) {
        this.shares = shares;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        shares.ifAvailable(found -> bind(registry, found.totals()));
    }

    private static void bind(MeterRegistry registry, ShareTotals totals) {
        count(registry, totals, "acquired", "Given to members, be it again", ShareTotals::acquired);
        count(registry, totals, "redelivered", "Given to members again", ShareTotals::redelivered);
        count(
                registry,
                totals,
                "lock.timeouts",
                "Taken from members that held them too long",
                ShareTotals::lockTimeouts);
        count(
                registry,
                totals,
                "unreadable",
                "Left out because their bytes in the log can't be trusted",
                ShareTotals::unreadable);
        for (var type : AcknowledgeType.values()) {
            FunctionCounter.builder("kafka.share.records.acknowledged", totals, all -> all.acknowledged(type))
                    .tag("type", type.name().toLowerCase(Locale.ROOT))
                    .description("Of which a member has said this, and it holds")
                    .register(registry);
        }
    }

    private static void count(
            MeterRegistry registry,
            ShareTotals totals,
            String name,
            String description,
            ToDoubleFunction<ShareTotals> value) {
        FunctionCounter.builder("kafka.share.records." + name, totals, value)
                .description(description)
                .register(registry);
    }
}
