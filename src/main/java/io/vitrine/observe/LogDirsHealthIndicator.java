package io.vitrine.observe;

import io.vitrine.log.LogDirectory;
import io.vitrine.partition.PartitionLogService;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.stereotype.Component;

/// Can everything that clients send be written? Down as soon as one log directory or one partition can't be written
/// to, because somebody has to look. For readiness and alerts, not for liveness: a restart heals no disk.
@Component("logDirs")
class LogDirsHealthIndicator extends AbstractHealthIndicator {
    private static final int MAX_REASONS = 10;

    private final PartitionLogService partitions;

    LogDirsHealthIndicator(PartitionLogService partitions) {
        super("The log directories could not be looked at");
        this.partitions = partitions;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        boolean writable = true;
        for (var directory : partitions.directories()) {
            writable &= Files.isWritable(directory.path());
            builder.withDetail(directory.path().toString(), describe(directory));
        }
        long offline = OfflinePartitions.count(partitions);
        builder.withDetail("partitions", partitions.partitions().size());
        builder.withDetail("offlinePartitions", offline);
        builder.withDetail("damagedRanges", damagedRanges());
        if (offline > 0) {
            builder.withDetail("offlineReasons", OfflinePartitions.reasons(partitions, MAX_REASONS));
        }
        if (writable && offline == 0) {
            builder.up();
        } else {
            builder.down();
        }
    }

    /// Records that can't be read do not keep others from being written, so they are told and no more.
    private int damagedRanges() {
        return partitions.partitions().stream()
                .mapToInt(partition -> partition.reads().damagedRanges().size())
                .sum();
    }

    private static Map<String, Object> describe(LogDirectory directory) {
        var details = new LinkedHashMap<String, Object>();
        details.put("writable", Files.isWritable(directory.path()));
        try {
            details.put("usableBytes", directory.usableBytes());
            details.put("totalBytes", directory.totalBytes());
        } catch (IOException e) {
            details.put("error", String.valueOf(e.getMessage()));
        }
        return details;
    }
}
