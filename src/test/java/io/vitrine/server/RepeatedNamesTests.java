package io.vitrine.server;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDir;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDirCollection;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDirTopic;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDirTopicCollection;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsAssignment;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopicCollection;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableReplicaAssignment;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicCollection;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsRequestData.DescribableLogDirTopic;
import org.apache.kafka.common.message.DescribeLogDirsRequestData.DescribableLogDirTopicCollection;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersRequestData.TopicPartitions;
import org.apache.kafka.common.message.ElectLeadersRequestData.TopicPartitionsCollection;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocolCollection;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopicCollection;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopicCollection;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.message.UpdateFeaturesRequestData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData.FeatureUpdateKey;
import org.apache.kafka.common.message.UpdateFeaturesRequestData.FeatureUpdateKeyCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.MessageUtil;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Names that a request has too often, in all versions of the messages that suffer from it.
class RepeatedNamesTests {
    private static final int MOST = 100;

    static Stream<Arguments> versions() {
        return Stream.of(
                        ApiKeys.PRODUCE,
                        ApiKeys.JOIN_GROUP,
                        ApiKeys.OFFSET_DELETE,
                        ApiKeys.OFFSET_FOR_LEADER_EPOCH,
                        ApiKeys.ALTER_REPLICA_LOG_DIRS,
                        ApiKeys.DESCRIBE_LOG_DIRS,
                        ApiKeys.ELECT_LEADERS,
                        ApiKeys.UPDATE_FEATURES,
                        ApiKeys.ALTER_CONFIGS,
                        ApiKeys.INCREMENTAL_ALTER_CONFIGS,
                        ApiKeys.CREATE_TOPICS,
                        ApiKeys.CREATE_PARTITIONS)
                .flatMap(api -> IntStream.rangeClosed(lowest(api), api.latestVersion())
                        .mapToObj(version -> Arguments.of(api, (short) version)));
    }

    // Kafka allows for versions of Produce that it has no message for.
    private static int lowest(ApiKeys api) {
        return api == ApiKeys.PRODUCE ? 3 : api.oldestVersion();
    }

    @ParameterizedTest
    @MethodSource("versions")
    void aHundredTimesIsTheMost(ApiKeys api, short version) {
        assertThatCode(() -> check(api, version, MOST)).doesNotThrowAnyException();
        assertThatExceptionOfType(RequestRefusedException.class)
                .isThrownBy(() -> check(api, version, MOST + 1))
                .withMessage("%s has one name in it more than 100 times", api.name);
    }

    @ParameterizedTest
    @ValueSource(shorts = {2, 4, 5, 7})
    void whatATopicIsToBeMadeWithMayNotBeRepeatedEither(short version) {
        for (var what : List.of("partition", "config")) {
            assertThatCode(() -> checkCreation(what, version, MOST)).doesNotThrowAnyException();
            assertThatExceptionOfType(RequestRefusedException.class)
                    .isThrownBy(() -> checkCreation(what, version, MOST + 1));
        }
    }

    private static void checkCreation(String what, short version, int times) throws RequestRefusedException {
        var request = createTopics(1);
        var repeated = request.topics().stream().findFirst().orElseThrow();
        for (int i = 0; i < times; i++) {
            if (what.equals("config")) {
                repeated.configs()
                        .add(new CreatableTopicConfig().setName("same").setValue(i % 2 == 0 ? null : "value"));
            } else {
                repeated.assignments()
                        .add(new CreatableReplicaAssignment()
                                .setPartitionIndex(7)
                                .setBrokerIds(List.of(1, 2)));
            }
        }
        check(ApiKeys.CREATE_TOPICS, version, request);
    }

    private static void check(ApiKeys api, short version, int times) throws RequestRefusedException {
        check(api, version, request(api, times));
    }

    private static void check(ApiKeys api, short version, ApiMessage request) throws RequestRefusedException {
        RepeatedNames.check(MessageUtil.toByteBufferAccessor(request, version).buffer(), api, version);
    }

    private static CreateTopicsRequestData createTopics(int times) {
        var topics = new CreatableTopicCollection();
        for (int i = 0; i < times + 2; i++) {
            var topic = new CreatableTopic().setName(i > 0 && i <= times ? "same" : "other-" + i);
            topic.configs()
                    .add(new CreatableTopicConfig().setName("retention.ms").setValue("1"));
            topic.assignments()
                    .add(new CreatableReplicaAssignment().setPartitionIndex(0).setBrokerIds(List.of(1)));
            topics.add(topic);
        }
        return new CreateTopicsRequestData().setTopics(topics);
    }

    private static CreatePartitionsRequestData createPartitions(int times) {
        var topics = new CreatePartitionsTopicCollection();
        for (int i = 0; i < times + 2; i++) {
            topics.add(new CreatePartitionsTopic()
                    .setName(i > 0 && i <= times ? "same" : "other-" + i)
                    .setAssignments(
                            i % 2 == 0 ? null : List.of(new CreatePartitionsAssignment().setBrokerIds(List.of(1, 2)))));
        }
        return new CreatePartitionsRequestData().setTopics(topics);
    }

    /// One name as often as asked, between two others.
    private static ApiMessage request(ApiKeys api, int times) {
        return switch (api) {
            case PRODUCE -> produce(times);
            case JOIN_GROUP -> join(times);
            case OFFSET_FOR_LEADER_EPOCH -> askForEpochs(times);
            case ALTER_REPLICA_LOG_DIRS -> moveReplicas(times);
            case DESCRIBE_LOG_DIRS -> lookAtDirectories(times);
            case ELECT_LEADERS -> elect(times);
            case UPDATE_FEATURES -> updateFeatures(times);
            case ALTER_CONFIGS -> replaceConfigs(times);
            case INCREMENTAL_ALTER_CONFIGS -> changeConfigs(times);
            case CREATE_TOPICS -> createTopics(times);
            case CREATE_PARTITIONS -> createPartitions(times);
            default -> forget(times);
        };
    }

    /// The name is that of a topic.
    private static ApiMessage replaceConfigs(int times) {
        var resources = new AlterConfigsRequestData.AlterConfigsResourceCollection();
        for (int i = 0; i < times + 2; i++) {
            resources.add(new AlterConfigsRequestData.AlterConfigsResource()
                    .setResourceType((byte) 2)
                    .setResourceName(i > 0 && i <= times ? "same" : "other-" + i));
        }
        return new AlterConfigsRequestData().setResources(resources);
    }

    /// The name is that of a config of the second of three topics.
    private static ApiMessage changeConfigs(int times) {
        var resources = new IncrementalAlterConfigsRequestData.AlterConfigsResourceCollection();
        for (int topic = 0; topic < 3; topic++) {
            var configs = new IncrementalAlterConfigsRequestData.AlterableConfigCollection();
            for (int i = 0; i < times + 2; i++) {
                configs.add(new IncrementalAlterConfigsRequestData.AlterableConfig()
                        .setName(topic == 1 && i > 0 && i <= times ? "same" : "other-" + i)
                        .setValue(i == 0 ? null : "1"));
            }
            resources.add(new IncrementalAlterConfigsRequestData.AlterConfigsResource()
                    .setResourceType((byte) 2)
                    .setResourceName("topic-" + topic)
                    .setConfigs(configs));
        }
        return new IncrementalAlterConfigsRequestData().setResources(resources);
    }

    private static ApiMessage produce(int times) {
        var topics = new TopicProduceDataCollection();
        for (int i = 0; i < times + 2; i++) {
            boolean same = i > 0 && i <= times;
            topics.add(new TopicProduceData()
                    .setName(same ? "same" : "other-" + i)
                    .setTopicId(new Uuid(1, same ? 1 : i + 2))
                    .setPartitionData(List.of(new PartitionProduceData().setIndex(0))));
        }
        return new ProduceRequestData().setTopicData(topics);
    }

    private static ApiMessage join(int times) {
        var protocols = new JoinGroupRequestProtocolCollection();
        for (int i = 0; i < times + 2; i++) {
            protocols.add(new JoinGroupRequestProtocol()
                    .setName(i > 0 && i <= times ? "same" : "other-" + i)
                    .setMetadata(new byte[] {1, 2, 3}));
        }
        return new JoinGroupRequestData()
                .setGroupId("readers")
                .setMemberId("m")
                .setProtocolType("consumer")
                .setProtocols(protocols);
    }

    private static ApiMessage askForEpochs(int times) {
        var topics = new OffsetForLeaderTopicCollection();
        for (int i = 0; i < times + 2; i++) {
            topics.add(new OffsetForLeaderTopic()
                    .setTopic(i > 0 && i <= times ? "same" : "other-" + i)
                    .setPartitions(List.of(new OffsetForLeaderPartition(), new OffsetForLeaderPartition())));
        }
        return new OffsetForLeaderEpochRequestData().setTopics(topics);
    }

    private static ApiMessage forget(int times) {
        var topics = new OffsetDeleteRequestTopicCollection();
        for (int i = 0; i < times + 2; i++) {
            topics.add(new OffsetDeleteRequestTopic()
                    .setName(i > 0 && i <= times ? "same" : "other-" + i)
                    .setPartitions(List.of(new OffsetDeleteRequestPartition())));
        }
        return new OffsetDeleteRequestData().setGroupId("readers").setTopics(topics);
    }

    /// The name is that of a topic in the second of three directories.
    private static ApiMessage moveReplicas(int times) {
        var directories = new AlterReplicaLogDirCollection();
        for (int directory = 0; directory < 3; directory++) {
            var topics = new AlterReplicaLogDirTopicCollection();
            for (int i = 0; i < times + 2; i++) {
                topics.add(new AlterReplicaLogDirTopic()
                        .setName(directory == 1 && i > 0 && i <= times ? "same" : "other-" + i)
                        .setPartitions(List.of(0, 1)));
            }
            directories.add(
                    new AlterReplicaLogDir().setPath("/data-" + directory).setTopics(topics));
        }
        return new AlterReplicaLogDirsRequestData().setDirs(directories);
    }

    private static ApiMessage lookAtDirectories(int times) {
        var topics = new DescribableLogDirTopicCollection();
        for (int i = 0; i < times + 2; i++) {
            topics.add(new DescribableLogDirTopic()
                    .setTopic(i > 0 && i <= times ? "same" : "other-" + i)
                    .setPartitions(List.of(0, 1, 2)));
        }
        return new DescribeLogDirsRequestData().setTopics(topics);
    }

    private static ApiMessage elect(int times) {
        var topics = new TopicPartitionsCollection();
        for (int i = 0; i < times + 2; i++) {
            topics.add(new TopicPartitions()
                    .setTopic(i > 0 && i <= times ? "same" : "other-" + i)
                    .setPartitions(List.of(0)));
        }
        return new ElectLeadersRequestData().setTopicPartitions(topics);
    }

    private static ApiMessage updateFeatures(int times) {
        var updates = new FeatureUpdateKeyCollection();
        for (int i = 0; i < times + 2; i++) {
            updates.add(new FeatureUpdateKey()
                    .setFeature(i > 0 && i <= times ? "same" : "other-" + i)
                    .setMaxVersionLevel((short) 1));
        }
        return new UpdateFeaturesRequestData().setFeatureUpdates(updates);
    }
}
