package io.vitrine.group;

import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.coordinator.group.GroupConfig;
import org.apache.kafka.coordinator.group.GroupConfigManager;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;
import org.apache.kafka.coordinator.group.modern.share.ShareGroupConfig;
import org.apache.kafka.coordinator.group.modern.share.ShareGroupConfigProvider;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What holds for each group: what is set for it in the metadata, else for the broker. Thread-safe.
final class GroupRules {
    private static final Logger log = LoggerFactory.getLogger(GroupRules.class);

    private final GroupConfigManager configs;
    private final ShareGroupConfig shares;
    private final ShareGroupConfigProvider provider;
    private final GroupCoordinatorConfig groups;
    private boolean begun;

    GroupRules(GroupCoordinatorConfig groups, ShareGroupConfig shares) {
        this.groups = groups;
        this.configs = new GroupConfigManager(groups, shares);
        this.shares = shares;
        this.provider = new ShareGroupConfigProvider(configs);
    }

    GroupConfigManager toKafka() {
        return configs;
    }

    /// Takes over what was set for groups; at first all of it. Called by one thread at a time.
    void changed(MetadataDelta delta, MetadataImage image) {
        var configsDelta = delta.configsDelta();
        if (!begun) {
            begun = true;
            image.configs().resourceData().keySet().forEach(resource -> changed(resource, image));
        } else if (configsDelta != null) {
            configsDelta.changes().keySet().forEach(resource -> changed(resource, image));
        }
    }

    /// How delivery goes in a share group at this moment.
    ShareRules forShares(String groupId) {
        var reset = provider.autoOffsetReset(groupId);
        var isolation = configs.groupConfig(groupId)
                .flatMap(GroupConfig::shareIsolationLevel)
                .orElseGet(GroupConfig::defaultShareIsolationLevel);
        return new ShareRules(
                provider.recordLockDurationMsOrDefault(groupId, shares.shareGroupRecordLockDurationMs()),
                provider.deliveryCountLimitOrDefault(groupId, shares.shareGroupDeliveryCountLimit()),
                provider.partitionMaxRecordLocksOrDefault(groupId, shares.shareGroupPartitionMaxRecordLocks()),
                shares.shareGroupMaxShareSessions(),
                isolation == IsolationLevel.READ_COMMITTED,
                provider.isRenewAcknowledgeEnabled(groupId),
                switch (reset.type()) {
                    case EARLIEST -> new ShareRules.Start.Earliest();
                    case LATEST -> new ShareRules.Start.Latest();
                    case BY_DURATION ->
                        new ShareRules.Start.ByTime(
                                Optional.ofNullable(reset.timestamp()).orElse(0L));
                });
    }

    /// Without a heartbeat for so long, a member is none any more; 0 where members say it for themselves.
    int sessionTimeoutMs(GroupType type, String groupId) {
        var ofGroup = configs.groupConfig(groupId);
        return switch (type) {
            case CLASSIC -> 0;
            case CONSUMER ->
                ofGroup.flatMap(GroupConfig::consumerSessionTimeoutMs).orElse(groups.consumerGroupSessionTimeoutMs());
            case SHARE ->
                ofGroup.flatMap(GroupConfig::shareSessionTimeoutMs).orElse(groups.shareGroupSessionTimeoutMs());
            case STREAMS ->
                ofGroup.flatMap(GroupConfig::streamsSessionTimeoutMs).orElse(groups.streamsGroupSessionTimeoutMs());
        };
    }

    private void changed(ConfigResource resource, MetadataImage image) {
        if (resource.type() != ConfigResource.Type.GROUP) {
            return;
        }
        Properties values = image.configs().configProperties(resource);
        try {
            configs.updateGroupConfig(resource.name(), values);
        } catch (RuntimeException e) {
            log.warn("What is set for group {} can't be used: {}", resource.name(), e.getMessage());
        }
    }
}
