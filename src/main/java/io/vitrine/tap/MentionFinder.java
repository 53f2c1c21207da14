package io.vitrine.tap;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ShareFetchResponseData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.jspecify.annotations.Nullable;

/// Which topics a message names, and which errors are in it. Those of Produce and Fetch are looked up by hand, as they
/// come by the ten thousand a second; [MessageShape] knows how to find them in all others.
final class MentionFinder {
    private MentionFinder() {}

    static void noteRequest(ApiMessage message, Mentions mentions) {
        switch (message) {
            case ProduceRequestData produce ->
                produce.topicData().forEach(topic -> noteTopic(mentions, topic.name(), topic.topicId()));
            case FetchRequestData fetch ->
                fetch.topics().forEach(topic -> noteTopic(mentions, topic.topic(), topic.topicId()));
            default -> MessageShape.note(message, mentions);
        }
    }

    static void noteResponse(ApiMessage message, Mentions mentions) {
        switch (message) {
            case ProduceResponseData produced -> noteProduced(produced, mentions);
            case FetchResponseData fetched -> noteFetched(fetched, mentions);
            default -> MessageShape.note(message, mentions);
        }
    }

    private static void noteProduced(ProduceResponseData produced, Mentions mentions) {
        for (var topic : produced.responses()) {
            for (var partition : topic.partitionResponses()) {
                mentions.addError(partition.errorCode());
            }
        }
    }

    private static void noteFetched(FetchResponseData fetched, Mentions mentions) {
        mentions.addError(fetched.errorCode());
        for (var topic : fetched.responses()) {
            noteTopic(mentions, topic.topic(), topic.topicId());
            for (var partition : topic.partitions()) {
                mentions.addError(partition.errorCode());
            }
        }
    }

    /// A message has one of both, as its version wants it.
    static void noteTopic(Mentions mentions, @Nullable String name, @Nullable Uuid id) {
        if (name != null && !name.isEmpty()) {
            mentions.addTopic(name);
        } else if (id != null && !id.equals(Uuid.ZERO_UUID)) {
            mentions.addTopic(id);
        }
    }

    /// How many of its bytes are records.
    static long recordBytes(ApiMessage message) {
        long bytes = 0;
        switch (message) {
            case ProduceRequestData produce -> {
                for (var topic : produce.topicData()) {
                    for (var partition : topic.partitionData()) {
                        bytes += sizeInBytes(partition.records());
                    }
                }
            }
            case FetchResponseData fetched -> {
                for (var topic : fetched.responses()) {
                    for (var partition : topic.partitions()) {
                        bytes += sizeInBytes(partition.records());
                    }
                }
            }
            case ShareFetchResponseData fetched -> {
                for (var topic : fetched.responses()) {
                    for (var partition : topic.partitions()) {
                        bytes += sizeInBytes(partition.records());
                    }
                }
            }
            default -> {
                // No others have records.
            }
        }
        return bytes;
    }

    private static long sizeInBytes(@Nullable BaseRecords records) {
        return records == null ? 0 : records.sizeInBytes();
    }
}
