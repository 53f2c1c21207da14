package io.vitrine.handler;

import static io.vitrine.handler.Fetches.patient;
import static io.vitrine.handler.Fetches.topic;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vitrine.inspect.SampleBroker;
import io.vitrine.log.LogSettings;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.Durability;
import io.vitrine.protocol.Answer;
import io.vitrine.record.Batches;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Fetches of a segment whose disk does not answer: a pipe lies in its place, which nobody can open for reading until
/// somebody opens it for writing.
class HangingDiskTests {
    private static final int COLD_READ_THREADS = 4;
    private static final int BATCHES = 3;
    private static final LogSettings SETTINGS =
            LogSettings.DEFAULTS.withSegments(new LogSettings.Segments(1000, Long.MAX_VALUE, 0, 1000, 10_000));

    @TempDir
    Path directory;

    private SampleBroker broker;
    private Fetches fetches;
    private Path segment;
    private Path pipe;

    @BeforeEach
    void start() throws Exception {
        broker = new SampleBroker(directory, SETTINGS);
        for (var name : new String[] {"slow", "old"}) {
            broker.createTopic(name, 1);
            for (int i = 0; i < BATCHES; i++) {
                broker.partitions()
                        .find(new TopicPartition(name, 0))
                        .orElseThrow()
                        .append(Batches.of("x".repeat(600)), Durability.PAGE_CACHE, true)
                        .join();
            }
        }
        broker.close();
        broker = new SampleBroker(directory, SETTINGS);
        fetches = new Fetches(broker);
        segment = broker.logFile("slow");
        pipe = directory.resolve("pipe");
        Files.move(segment, segment.resolveSibling("kept"));
        assertThat(new ProcessBuilder("mkfifo", segment.toString()).start().waitFor())
                .isZero();
    }

    @AfterEach
    void stop() throws Exception {
        Files.move(segment, pipe);
        Files.move(segment.resolveSibling("kept"), segment);
        // Those who wait can go on, with an error.
        try (var writer = FileChannel.open(pipe, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            assertThat(writer.isOpen()).isTrue();
            await().until(() -> broker.partitions().coldReads().waitingCount() == 0);
        }
        fetches.close();
        broker.close();
    }

    @Test
    void whatAnotherDiskHasIsAnsweredMeanwhile() throws Exception {
        var request = patient(1, topic("old", 1, 0), topic("slow", 1, 0)).setMaxBytes(1_000_000);

        var answer = fetches.start(request).get(1, TimeUnit.MINUTES);

        assertThat(answer.responses().getFirst().topic()).isEqualTo("old");
        assertThat(bytesOf(answer)).isPositive();
    }

    @Test
    void whoUsesTheSameSessionDoesNotWaitForTheDisk() throws Exception {
        int session = session();
        var hangs = fetches.start(
                patient(1, topic("slow", 1, 0)).setSessionId(session).setSessionEpoch(1));
        await().until(() -> broker.partitions().coldReads().fetchCount() == 1);

        var next = fetches.start(
                patient(0, topic("slow", 1, BATCHES)).setSessionId(session).setSessionEpoch(2));

        assertThat(next.get(1, TimeUnit.MINUTES).errorCode()).isZero();
        assertThat(hangs.get(1, TimeUnit.MINUTES).errorCode()).isEqualTo(Errors.INVALID_FETCH_SESSION_EPOCH.code());
    }

    @Test
    void aFetchWhoseSessionIsTakenAwayIsAnswered() throws Exception {
        int session = session();
        var hangs = fetches.start(
                patient(1, topic("slow", 1, 0)).setSessionId(session).setSessionEpoch(1));

        fetches.sessions.drop(session);

        assertThat(bytesOf(hangs.get(1, TimeUnit.MINUTES))).isZero();
    }

    @Test
    void whoIsGoneIsNotQueuedForTheDisk() throws Exception {
        var coldReads = broker.partitions().coldReads();
        var answers = new ArrayList<CompletableFuture<Answer>>();
        IntStream.range(0, COLD_READ_THREADS)
                .forEach(_ -> answers.add(fetches.answer(patient(1, topic("slow", 1, 0)))));
        await().until(() -> coldReads.fetchCount() == COLD_READ_THREADS);
        IntStream.range(0, 100).forEach(_ -> answers.add(fetches.answer(patient(1, topic("slow", 1, 0)))));
        assertThat(coldReads.waitingCount()).isEqualTo(100);

        answers.forEach(answer -> answer.cancel(false));

        assertThat(coldReads.waitingCount()).isZero();
    }

    /// A session whose client has read all of the partition.
    private int session() throws Exception {
        return fetches.start(patient(0, topic("slow", 1, BATCHES)).setSessionEpoch(0))
                .get(1, TimeUnit.MINUTES)
                .sessionId();
    }

    private static int bytesOf(FetchResponseData answer) {
        return answer.responses().stream()
                .flatMap(topic -> topic.partitions().stream())
                .mapToInt(data -> data.records().sizeInBytes())
                .sum();
    }
}
