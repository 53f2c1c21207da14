package io.vitrine.observe;

import io.vitrine.partition.Partition;
import io.vitrine.partition.PartitionLogService;
import java.util.Map;
import java.util.TreeMap;

/// The partitions that nothing can be appended to.
final class OfflinePartitions {
    private OfflinePartitions() {}

    static long count(PartitionLogService partitions) {
        return partitions.partitions().stream()
                .filter(OfflinePartitions::isOffline)
                .count();
    }

    /// Why each is offline, for the first `limit` of them by name.
    static Map<String, String> reasons(PartitionLogService partitions, int limit) {
        var reasons = new TreeMap<String, String>();
        for (var partition : partitions.partitions()) {
            partition
                    .offlineReason()
                    .ifPresent(reason -> reasons.put(partition.name().toString(), reason));
            if (reasons.size() > limit) {
                reasons.pollLastEntry();
            }
        }
        return reasons;
    }

    private static boolean isOffline(Partition partition) {
        return partition.offlineReason().isPresent();
    }
}
