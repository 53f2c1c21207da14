package io.vitrine;

import io.vitrine.config.BrokerSettings;
import io.vitrine.handler.AdvertisedAddress;
import io.vitrine.handler.CreatePartitionsHandler;
import io.vitrine.handler.CreateTopicsHandler;
import io.vitrine.handler.DeleteRecordsHandler;
import io.vitrine.handler.DeleteTopicsHandler;
import io.vitrine.handler.DescribeTopicPartitionsHandler;
import io.vitrine.handler.MetadataHandler;
import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.TopicSettings;
import io.vitrine.partition.PartitionLogService;
import io.vitrine.protocol.RequestHandler;
import java.util.List;
import java.util.concurrent.Executor;

/// What the broker needs for topics to be made, grown, described and deleted.
final class TopicWiring {
    private TopicWiring() {}

    static TopicSettings settings(BrokerSettings settings) {
        return new TopicSettings(
                settings.topics().partitions(), settings.topics().deletable());
    }

    /// It makes topics too, if the settings say so.
    static MetadataHandler metadataHandler(
            BrokerSettings.Topics settings, MetadataService metadata, AdvertisedAddress advertised, Executor mayBlock) {
        var creation = new MetadataHandler.TopicCreation(settings.autoCreate(), settings.partitions());
        return new MetadataHandler(metadata, advertised, creation, mayBlock);
    }

    static List<RequestHandler<?>> handlers(
            MetadataService metadata, PartitionLogService partitions, Executor mayBlock) {
        return List.of(
                new CreateTopicsHandler(metadata, mayBlock),
                new DeleteTopicsHandler(metadata, mayBlock),
                new CreatePartitionsHandler(metadata.topicChanges(), mayBlock),
                new DeleteRecordsHandler(metadata, partitions, mayBlock),
                new DescribeTopicPartitionsHandler(metadata));
    }
}
