package io.vitrine.tap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MessageShapeTests {
    static List<ApiKeys> served() {
        return ApiKeys.brokerApis().stream().toList();
    }

    @ParameterizedTest
    @MethodSource("served")
    void knowsWhereTheErrorsOfEachAnswerAre(ApiKeys api) {
        assertThat(MessageShape.of(api.messageType.newResponse().getClass()).isEmpty())
                .isFalse();
        assertThat(MessageShape.of(api.messageType.newRequest().getClass())).isNotNull();
    }

    @Test
    void findsTopicsByNameAndNotTheirConfigs() {
        var request = new CreateTopicsRequestData();
        var topic = new CreatableTopic().setName("orders");
        topic.configs().add(new CreatableTopicConfig().setName("retention.ms").setValue("1"));
        request.topics().add(topic);
        var mentions = new Mentions();

        MentionFinder.noteRequest(request, mentions);

        assertThat(mentions.topics()).containsExactly("orders");
    }

    @Test
    void findsTopicsAmongResources() {
        var request = new IncrementalAlterConfigsRequestData();
        request.resources()
                .add(new AlterConfigsResource().setResourceType((byte) 2).setResourceName("orders"));
        request.resources()
                .add(new AlterConfigsResource().setResourceType((byte) 4).setResourceName("1"));
        var mentions = new Mentions();

        MentionFinder.noteRequest(request, mentions);

        assertThat(mentions.topics()).containsExactly("orders");
    }

    @Test
    void aTopicWithNameAndIdIsOne() {
        var id = Uuid.randomUuid();
        var request = new OffsetCommitRequestData()
                .setTopics(List.of(
                        new OffsetCommitRequestTopic().setName("orders").setTopicId(id),
                        new OffsetCommitRequestTopic().setTopicId(id)));
        var mentions = new Mentions();

        MentionFinder.noteRequest(request, mentions);

        assertThat(mentions.topics()).containsExactly("orders", id);
    }

    @Test
    void aHugeAnswerIsLookedAtInPart() {
        var response = new MetadataResponseData();
        for (int i = 0; i < 100_000; i++) {
            var partition = new MetadataResponsePartition().setErrorCode((short) 5);
            response.topics()
                    .add(new MetadataResponseTopic().setName("topic-" + i).setPartitions(List.of(partition)));
        }
        var mentions = new Mentions();

        MentionFinder.noteResponse(response, mentions);

        assertThat(mentions.topics()).hasSize(Mentions.MAX_TOPICS);
        assertThat(mentions.hasMoreTopics()).isTrue();
        assertThat(mentions.errorCount()).isBetween(900, 1100);
        assertThat(mentions.sizeInBytes()).isLessThan(10_000);
    }
}
