package io.vitrine.handler;

import io.vitrine.inspect.SampleBroker;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Caller;
import io.vitrine.protocol.FetchCounters;
import io.vitrine.protocol.Purgatory;
import io.vitrine.protocol.RefusalJournal;
import io.vitrine.protocol.Request;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/// Fetches on a handler without a listener, all on one event loop, which is a thread of the test's own.
final class Fetches implements AutoCloseable {
    private static final short VERSION = 12;

    final FetchCounters counters = new FetchCounters();
    final Purgatory purgatory = new Purgatory();
    final FetchSessions sessions =
            new FetchSessions(1000, 100_000, Duration.ofMinutes(2), () -> Instant.EPOCH, new Random(1));
    final ScheduledThreadPoolExecutor eventLoop = new ScheduledThreadPoolExecutor(1);
    private final FetchHandler handler;

    Fetches(SampleBroker broker) {
        eventLoop.setRemoveOnCancelPolicy(true);
        handler = new FetchHandler(
                broker.metadata(),
                broker.partitions(),
                new AdvertisedAddress(Map.of()),
                sessions,
                purgatory,
                counters,
                Integer.MAX_VALUE);
    }

    CompletableFuture<FetchResponseData> start(FetchRequestData message) {
        return answer(message).thenApply(answer -> (FetchResponseData) ((Answer.Message) answer).message());
    }

    /// The very future that a connection would cancel.
    CompletableFuture<Answer> answer(FetchRequestData message) {
        var request = new Request<>(
                ApiKeys.FETCH,
                VERSION,
                1,
                "test",
                new Caller(1, "127.0.0.1:1", "localhost", 9092, "PLAINTEXT"),
                eventLoop,
                () -> Long.MAX_VALUE,
                new RefusalJournal(10),
                message);
        return CompletableFuture.supplyAsync(() -> handler.handle(request).toCompletableFuture(), eventLoop)
                .join();
    }

    /// Has the event loop done all that it was given so far?
    void settle() {
        CompletableFuture.runAsync(() -> {}, eventLoop).join();
        // What was given to it meanwhile.
        CompletableFuture.runAsync(() -> {}, eventLoop).join();
    }

    /// A fetch that waits for hours if it has to.
    static FetchRequestData patient(int minBytes, FetchTopic... topics) {
        return new FetchRequestData()
                .setMaxWaitMs(3_600_000)
                .setMinBytes(minBytes)
                .setSessionEpoch(-1)
                .setTopics(List.of(topics));
    }

    static FetchTopic topic(String name, int partitions, long offset) {
        return new FetchTopic()
                .setTopic(name)
                .setPartitions(IntStream.range(0, partitions)
                        .mapToObj(index -> partition(index, offset))
                        .toList());
    }

    static FetchPartition partition(int index, long offset) {
        return new FetchPartition().setPartition(index).setFetchOffset(offset).setPartitionMaxBytes(1_000_000);
    }

    @Override
    public void close() {
        eventLoop.shutdownNow();
    }
}
