package io.vitrine.handler;

import io.vitrine.protocol.Request;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.protocol.Errors;

/// The answer to a fetch as it grows, partition by partition.
final class FetchAnswer {
    private final Request<FetchRequestData> request;
    private final LeaderHint leader;
    private final FetchResponseData message = new FetchResponseData();

    FetchAnswer(Request<FetchRequestData> request, LeaderHint leader) {
        this.request = request;
        this.leader = leader;
    }

    /// Adds what was found of a partition. Those of one topic come one behind the other.
    void add(FetchedPartition partition) {
        leader.addTo(request, partition, message);
        topicOf(partition.name()).partitions().add(partition.answer());
    }

    private FetchableTopicResponse topicOf(FetchedPartition.Name name) {
        var topics = message.responses();
        var last = topics.isEmpty() ? null : topics.getLast();
        if (last == null
                || !last.topicId().equals(name.topicId())
                || !last.topic().equals(name.topic())) {
            last = new FetchableTopicResponse().setTopic(name.topic()).setTopicId(name.topicId());
            topics.add(last);
        }
        return last;
    }

    /// Has all of it be this error.
    void fail(Errors error) {
        message.setErrorCode(error.code());
    }

    /// The message, which names the session if it is kept.
    FetchResponseData of(FetchSession session) {
        return message.setSessionId(session.id());
    }
}
