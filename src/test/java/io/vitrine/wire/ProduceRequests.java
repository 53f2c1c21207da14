package io.vitrine.wire;

import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;

/// Produce requests with whatever bytes a test wants in them.
final class ProduceRequests {
    private ProduceRequests() {}

    static ProduceRequestData request(int acks, TopicProduceData... topics) {
        var all = new TopicProduceDataCollection();
        for (var topic : topics) {
            all.add(topic);
        }
        return new ProduceRequestData().setAcks((short) acks).setTimeoutMs(5000).setTopicData(all);
    }

    static TopicProduceData topic(String name, PartitionProduceData... partitions) {
        return new TopicProduceData().setName(name).setPartitionData(List.of(partitions));
    }

    static TopicProduceData topic(Uuid id, PartitionProduceData... partitions) {
        return new TopicProduceData().setTopicId(id).setPartitionData(List.of(partitions));
    }

    static PartitionProduceData partition(int index, byte @Nullable [] records) {
        return new PartitionProduceData()
                .setIndex(index)
                .setRecords(records == null ? null : MemoryRecords.readableRecords(ByteBuffer.wrap(records)));
    }
}
