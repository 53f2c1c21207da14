package io.vitrine.handler;

import java.util.List;
import org.apache.kafka.common.acl.AclOperation;

/// The bit fields with which Kafka tells a client what it may do. There is no authorizer, so everything is allowed.
final class AuthorizedOperations {
    /// Everything that can be done to a topic.
    static final int ON_TOPIC = bits(List.of(
            AclOperation.READ,
            AclOperation.WRITE,
            AclOperation.CREATE,
            AclOperation.DELETE,
            AclOperation.ALTER,
            AclOperation.DESCRIBE,
            AclOperation.DESCRIBE_CONFIGS,
            AclOperation.ALTER_CONFIGS));

    /// Everything that can be done to a cluster.
    static final int ON_CLUSTER = bits(List.of(
            AclOperation.CREATE,
            AclOperation.ALTER,
            AclOperation.DESCRIBE,
            AclOperation.CLUSTER_ACTION,
            AclOperation.DESCRIBE_CONFIGS,
            AclOperation.ALTER_CONFIGS,
            AclOperation.IDEMPOTENT_WRITE));

    /// Everything that can be done to a group.
    static final int ON_GROUP = bits(List.of(
            AclOperation.READ,
            AclOperation.DELETE,
            AclOperation.DESCRIBE,
            AclOperation.DESCRIBE_CONFIGS,
            AclOperation.ALTER_CONFIGS));

    private AuthorizedOperations() {}

    private static int bits(List<AclOperation> operations) {
        return operations.stream().mapToInt(operation -> 1 << operation.code()).sum();
    }
}
