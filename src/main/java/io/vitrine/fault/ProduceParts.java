package io.vitrine.fault;

import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Closing;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.Errors;

/// The partitions of a Produce request that fail on purpose: they are taken out of it, so that their records are not
/// written, and come back in the answer.
final class ProduceParts {
    private static final long UNKNOWN = -1;

    private final boolean wantsAnswer;
    private final List<Part> parts = new ArrayList<>();

    private record Part(String topic, Uuid id, int partition) {}

    private ProduceParts(boolean wantsAnswer) {
        this.wantsAnswer = wantsAnswer;
    }

    static boolean names(ProduceRequestData request, Target target, TopicNames topics) {
        for (var topic : request.topicData()) {
            for (var data : topic.partitionData()) {
                if (target.matches(topic.name(), topic.topicId(), data.index(), topics)) {
                    return true;
                }
            }
        }
        return false;
    }

    static ProduceParts takeOut(ProduceRequestData request, Target target, TopicNames topics) {
        var taken = new ProduceParts(request.acks() != 0);
        for (var topic : request.topicData()) {
            taken.takeOut(topic, target, topics);
        }
        request.topicData().removeIf(topic -> topic.partitionData().isEmpty());
        return taken;
    }

    private void takeOut(TopicProduceData topic, Target target, TopicNames topics) {
        var left = new ArrayList<>(topic.partitionData());
        left.removeIf(data -> {
            boolean hit = target.matches(topic.name(), topic.topicId(), data.index(), topics);
            if (hit) {
                parts.add(new Part(topic.name(), topic.topicId(), data.index()));
            }
            return hit;
        });
        topic.setPartitionData(left);
    }

    Answer putInto(Answer answer, Errors error, int fault) {
        if (!wantsAnswer) {
            // As from a broker that refuses them.
            return new Answer.Close(
                    Closing.FAULT_INJECTED, "fault %d answers %s to a Produce with acks=0".formatted(fault, error));
        }
        if (answer instanceof Answer.Message(var message) && message instanceof ProduceResponseData response) {
            parts.forEach(part -> put(response, part, error));
        }
        return answer;
    }

    private static void put(ProduceResponseData response, Part part, Errors error) {
        var topic = response.responses().find(part.topic(), part.id());
        if (topic == null) {
            topic = new TopicProduceResponse().setName(part.topic()).setTopicId(part.id());
            response.responses().add(topic);
        }
        topic.partitionResponses()
                .add(new PartitionProduceResponse()
                        .setIndex(part.partition())
                        .setErrorCode(error.code())
                        .setErrorMessage(error.message())
                        .setBaseOffset(UNKNOWN)
                        .setLogAppendTimeMs(UNKNOWN)
                        .setLogStartOffset(UNKNOWN));
    }
}
