package io.vitrine.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.RunningBroker;
import io.vitrine.WireClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A client that knows a topic by an id only, and that topic is gone: what it is told decides whether it recovers.
class UnknownTopicIdTests {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(ints = {12, 13})
    void metadataSaysThatTheIdIsUnknown(int version) throws IOException {
        var gone = new MetadataRequestTopic().setName(null).setTopicId(new Uuid(1, 2));

        try (var broker = RunningBroker.in(directory);
                var client = new WireClient(broker.port())) {
            broker.createTopic("still-here", 1);
            var here = new MetadataRequestTopic().setName(null).setTopicId(idOf(broker, "still-here"));
            var answer = (MetadataResponseData)
                    client.call(ApiKeys.METADATA, version, new MetadataRequestData().setTopics(List.of(gone, here)));

            assertThat(answer.errorCode()).isZero();
            assertThat(answer.topics())
                    .extracting(topic -> Errors.forCode(topic.errorCode()))
                    .containsExactlyInAnyOrder(Errors.UNKNOWN_TOPIC_ID, Errors.NONE);
            assertThat(broker.broker().refusals().latest(10))
                    .noneMatch(refusal -> refusal.reason().equals("BROKER_FAILED"));
        }
    }

    private static Uuid idOf(RunningBroker broker, String topic) {
        return broker.broker().metadata().image().findTopic(topic).orElseThrow().id();
    }
}
