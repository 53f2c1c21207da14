package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vitrine.log.Offsets;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.record.Batches;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How the broker takes leave of clients that are in the middle of something.
class FarewellTests {
    private static final short VERSION = 9;

    @TempDir
    Path directory;

    /// A kernel that has to reset a connection makes the client's next write fail, and whatever the client had not
    /// read by then is lost to it, though it was appended.
    @Test
    void aStopLosesNoAnswersToAClientThatStillSends() throws Exception {
        var broker = RunningBroker.in(directory);
        broker.createTopic("orders", 1);
        var partition = broker.broker()
                .partitions()
                .find(new TopicPartition("orders", 0))
                .orElseThrow();
        try (var client = new WireClient(broker.port());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var saidGoodbye = new AtomicBoolean();
            var sender = CompletableFuture.runAsync(() -> sendUntil(saidGoodbye, client), threads);
            await().until(() ->
                    partition.findOffsets().map(Offsets::logEndOffset).orElseThrow() > 100);

            var stop = CompletableFuture.runAsync(broker::close, threads);
            await().until(() -> !broker.broker().listener().isListening());
            long answers = countAnswers(client);
            saidGoodbye.set(true);
            sender.get();
            client.endSending();
            stop.get();

            assertThat(answers).isEqualTo(partition.findOffsets().orElseThrow().logEndOffset());
        }
    }

    private static void sendUntil(AtomicBoolean end, WireClient client) {
        try {
            for (int id = 0; !end.get(); id++) {
                client.send(ApiKeys.PRODUCE, VERSION, id, produce());
            }
        } catch (IOException e) {
            throw new IllegalStateException("The client could not go on sending", e);
        }
    }

    private static long countAnswers(WireClient client) throws IOException {
        long count = 0;
        try {
            while (true) {
                client.receiveFrame();
                count++;
            }
        } catch (EOFException e) {
            return count;
        }
    }

    private static ProduceRequestData produce() {
        var topics = new ProduceRequestData.TopicProduceDataCollection();
        topics.add(new TopicProduceData()
                .setName("orders")
                .setPartitionData(List.of(new PartitionProduceData()
                        .setIndex(0)
                        .setRecords(MemoryRecords.readableRecords(Batches.of("one"))))));
        return new ProduceRequestData().setAcks((short) 1).setTimeoutMs(1000).setTopicData(topics);
    }
}
