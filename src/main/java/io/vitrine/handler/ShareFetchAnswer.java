package io.vitrine.handler;

import io.vitrine.group.ShareKey;
import io.vitrine.handler.ShareAcknowledgements.Answered;
import io.vitrine.protocol.Request;
import io.vitrine.share.FetchedShare;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.message.ShareFetchResponseData;
import org.apache.kafka.common.message.ShareFetchResponseData.AcquiredRecords;
import org.apache.kafka.common.message.ShareFetchResponseData.PartitionData;
import org.apache.kafka.common.message.ShareFetchResponseData.ShareFetchableTopicResponse;
import org.apache.kafka.common.record.internal.MemoryRecords;

/// The answer to a ShareFetch as it grows: what was given and what was said of a partition are in one place.
final class ShareFetchAnswer {
    private final Request<?> request;
    private final ShareFetchResponseData message = new ShareFetchResponseData();
    private final Map<ShareKey, PartitionData> partitions = new HashMap<>();

    ShareFetchAnswer(Request<?> request) {
        this.request = request;
    }

    ShareFetchResponseData message() {
        return message;
    }

    /// Names a partition, of which there may be nothing to tell.
    PartitionData add(ShareKey key) {
        return partitions.computeIfAbsent(key, _ -> {
            var topic = message.responses().find(key.topicId());
            if (topic == null) {
                topic = new ShareFetchableTopicResponse().setTopicId(key.topicId());
                message.responses().add(topic);
            }
            var partition =
                    new PartitionData().setPartitionIndex(key.partition()).setRecords(MemoryRecords.EMPTY);
            topic.partitions().add(partition);
            return partition;
        });
    }

    void add(ShareKey key, Answered answered) {
        add(key).setAcknowledgeErrorCode(answered.error().code()).setAcknowledgeErrorMessage(answered.message());
    }

    void add(FetchedShare fetched) {
        var partition = add(fetched.key());
        if (fetched.failure() != null) {
            var error = GroupAnswers.errorOf(request, fetched.failure());
            var detail = GroupAnswers.messageOf(fetched.failure());
            request.noteRefusal(ShareRequests.subject(fetched.key()), error, error.name(), detail);
            partition.setErrorCode(error.code()).setErrorMessage(detail);
            return;
        }
        partition.setRecords(FetchedRecords.of(fetched.batches()));
        fetched.acquired()
                .forEach(acquired -> partition
                        .acquiredRecords()
                        .add(new AcquiredRecords()
                                .setFirstOffset(acquired.firstOffset())
                                .setLastOffset(acquired.lastOffset())
                                .setDeliveryCount((short) acquired.deliveryCount())));
    }
}
