package io.vitrine.admin;

import io.vitrine.metadata.TopicPartition;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriUtils;

/// Where things are found. Links are relative to the host, so that they work behind any proxy; topic names and
/// numbers need no escaping, ids of groups do.
final class ApiPath {
    static final String BASE = "/api/v1";
    static final String TOPICS = BASE + "/topics";
    static final String PARTITIONS = TOPICS + "/{topic}/partitions";
    static final String TOPIC_RECORDS = TOPICS + "/{topic}/records";
    static final String PARTITION = PARTITIONS + "/{partition}";
    static final String SEGMENT = PARTITION + "/segments/{base}";

    static final String GROUPS = BASE + "/groups";
    static final String GROUP = GROUPS + "/{group}";
    /// For groups whose ids no path can hold: `?id=`.
    static final String GROUP_BY_ID = BASE + "/group";

    static final String SHARE_GROUPS = BASE + "/share-groups";

    static final String TRANSACTIONS = BASE + "/transactions";
    static final String TRANSACTION = TRANSACTIONS + "/{id}";
    /// For transactional ids that no path can hold: `?id=`.
    static final String TRANSACTION_BY_ID = BASE + "/transaction";

    static final String ERRORS = BASE + "/errors";
    static final String CONNECTIONS = BASE + "/connections";
    static final String REQUESTS = BASE + "/requests";

    static final String FAULTS = BASE + "/faults";

    static final String TEST = BASE + "/test";

    static final String CLUSTER_METADATA = BASE + "/internal/cluster-metadata";

    private ApiPath() {}

    /// A part of a group, or the group itself.
    ///
    /// @param part empty or with its slash, such as `/offsets`
    static String group(String id, String part) {
        var escaped = UriUtils.encode(id, StandardCharsets.UTF_8);
        return fits(id) ? GROUPS + "/" + escaped + part : GROUP_BY_ID + part + "?id=" + escaped;
    }

    /// Null if no path can hold the id.
    static @Nullable String shareGroup(String id) {
        return fits(id) ? SHARE_GROUPS + "/" + UriUtils.encode(id, StandardCharsets.UTF_8) : null;
    }

    /// The same of a transactional id.
    static String transaction(String id, String part) {
        var escaped = UriUtils.encode(id, StandardCharsets.UTF_8);
        return fits(id) ? TRANSACTIONS + "/" + escaped + part : TRANSACTION_BY_ID + part + "?id=" + escaped;
    }

    /// Some segments vanish on their way, if they come at all, whether they are escaped or not.
    private static boolean fits(String id) {
        return !id.isEmpty()
                && !id.equals(".")
                && !id.equals("..")
                && id.chars().noneMatch(Character::isISOControl);
    }

    static String connection(long id) {
        return CONNECTIONS + "/" + id;
    }

    static String topic(String name) {
        return TOPICS + "/" + name;
    }

    /// Records of all partitions.
    static String records(String topic) {
        return topic(topic) + "/records";
    }

    static String partitions(String topic) {
        return topic(topic) + "/partitions";
    }

    static String partition(TopicPartition partition) {
        return partitions(partition.topic()) + "/" + partition.partition();
    }

    static String segments(TopicPartition partition) {
        return partition(partition) + "/segments";
    }

    static String segment(TopicPartition partition, long baseOffset) {
        return segments(partition) + "/" + baseOffset;
    }

    static String batches(TopicPartition partition) {
        return partition(partition) + "/batches";
    }

    static String producers(TopicPartition partition) {
        return partition(partition) + "/producers";
    }

    static String records(TopicPartition partition) {
        return partition(partition) + "/records";
    }
}
