package io.vitrine.handler;

import static io.vitrine.handler.Fetches.patient;
import static io.vitrine.handler.Fetches.topic;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.ThreadMXBean;
import io.vitrine.inspect.SampleBroker;
import io.vitrine.log.LogSettings;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.AppendOutcome;
import io.vitrine.partition.Durability;
import io.vitrine.partition.Partition;
import io.vitrine.record.Batches;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Fetches that wait, for hours if nobody wakes them: what wakes them, and what it costs.
class FetchWaitTests {
    private static final int MANY = 10_000;

    @TempDir
    Path directory;

    private SampleBroker broker;
    private Fetches fetches;
    private int size;

    @BeforeEach
    void start() throws Exception {
        broker = new SampleBroker(directory);
        broker.createTopic("hot", 1);
        broker.createTopic("other", 1);
        fetches = new Fetches(broker);
        size = Batches.of("v").remaining();
    }

    @AfterEach
    void stop() throws Exception {
        fetches.close();
        broker.close();
    }

    @Test
    void tenThousandAreWokenByTheirOwnPartitionOnly() throws Exception {
        var hot = waiting(MANY / 2, "hot", 1);
        var other = waiting(MANY / 2, "other", 1);
        assertThat(fetches.counters.passes()).isEqualTo(MANY);
        assertThat(fetches.purgatory.size()).isEqualTo(MANY);

        append("hot");

        for (var answer : hot) {
            assertThat(bytesOf(answer.get(1, TimeUnit.MINUTES))).isEqualTo(size);
        }
        assertThat(other).noneMatch(CompletableFuture::isDone);
        assertThat(fetches.counters.passes()).isEqualTo(MANY + MANY / 2);
        assertThat(partition("hot").watchers().count()).isZero();
        assertThat(fetches.eventLoop.getQueue()).as("deadlines").hasSize(MANY / 2);
    }

    /// Whoever takes an answer may serve a request for another session, so that two could wait for each other for
    /// ever.
    @Test
    void anAnswerIsHandedOverWithoutTheLockOfItsSession() throws Exception {
        var holdsLock = fetches.start(patient(1, topic("hot", 1, 0)).setSessionEpoch(0))
                .thenApply(response -> Thread.holdsLock(
                        fetches.sessions.find(response.sessionId()).orElseThrow()));

        append("hot");

        assertThat(holdsLock.get(1, TimeUnit.MINUTES)).isFalse();
    }

    @Test
    void whoLacksBytesIsNotReadAgainBeforeThereMayBeEnough() throws Exception {
        var all = waiting(MANY, "hot", 10 * size);

        for (int i = 1; i < 10; i++) {
            append("hot");
            fetches.settle();
            assertThat(fetches.counters.passes()).isEqualTo(MANY);
        }
        assertThat(fetches.purgatory.list(1, 1, 1).getFirst().minBytes()).isEqualTo(10L * size);
        assertThat(fetches.purgatory.list(1, 1, 1).getFirst().bytes()).isEqualTo(9L * size);
        append("hot");

        for (var answer : all) {
            assertThat(bytesOf(answer.get(1, TimeUnit.MINUTES))).isEqualTo(10 * size);
        }
        assertThat(fetches.counters.passes()).isEqualTo(2 * MANY);
    }

    /// Whoever appends hands over one task, however many wait.
    @Test
    void anAppendCostsTheSameHoweverManyWait() throws Exception {
        waiting(100, "other", Integer.MAX_VALUE);
        waiting(MANY, "hot", Integer.MAX_VALUE);
        for (int i = 0; i < 200; i++) {
            append("hot");
            append("other");
        }

        long few = allocatedByAppending("other");
        long many = allocatedByAppending("hot");

        assertThat(many - few).isLessThan(100 * 100);
        fetches.settle();
        assertThat(fetches.counters.passes()).isEqualTo(MANY + 100);
    }

    @Test
    void whatHappensBetweenTheLookAndTheWaitIsNotMissed() throws Exception {
        for (int i = 0; i < 500; i++) {
            var appended = CompletableFuture.runAsync(() -> append("hot"));
            var answer = fetches.start(patient(1, topic("hot", 1, i)));

            assertThat(bytesOf(answer.get(1, TimeUnit.MINUTES))).isEqualTo(size);
            appended.join();
        }
    }

    @Test
    void aLogStartThatMovesIsToldAtOnce() throws Exception {
        append("hot");
        append("hot");
        var atEnd = fetches.start(patient(1, topic("hot", 1, 2)));

        broker.partitions().deleteRecords(partition("hot"), 1);

        var data = atEnd.get(1, TimeUnit.MINUTES)
                .responses()
                .getFirst()
                .partitions()
                .getFirst();
        assertThat(data.logStartOffset()).isEqualTo(1);
        assertThat(data.errorCode()).isZero();
    }

    /// Nothing will come any more, so there is nothing to wait for.
    @Test
    void whoWaitsAtTheEndIsToldWhenTheDiskFails() throws Exception {
        var dying = dyingPartition();
        var waits = fetches.start(patient(1, topic("dying", 1, 1)));
        fetches.settle();
        assertThat(waits).isNotDone();

        assertThat(dying.whenOnDisk(new AppendOutcome.StorageFailed("not yet")).get(1, TimeUnit.MINUTES))
                .isInstanceOf(AppendOutcome.StorageFailed.class);

        assertThat(errorOf(waits.get(1, TimeUnit.MINUTES))).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
        var comesLater = fetches.start(patient(1, topic("dying", 1, 1)));
        assertThat(errorOf(comesLater.get(1, TimeUnit.MINUTES))).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
    }

    /// Clients ask again at once, and a disk that failed does not recover in a moment.
    @Test
    void whoKnowsThatTheDiskHasFailedIsToldAgainWhenTheTimeIsUp() throws Exception {
        dyingPartition().whenOnDisk(new AppendOutcome.StorageFailed("not yet")).get(1, TimeUnit.MINUTES);
        var first = fetches.start(
                        patient(1, topic("dying", 1, 1), topic("hot", 1, 0)).setSessionEpoch(0))
                .get(1, TimeUnit.MINUTES);
        assertThat(errorOf(first)).isEqualTo(Errors.KAFKA_STORAGE_ERROR);

        var again = fetches.start(
                patient(1).setMaxWaitMs(20).setSessionId(first.sessionId()).setSessionEpoch(1));
        assertThat(errorOf(again.get(1, TimeUnit.MINUTES))).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
        assertThat(fetches.counters.expired()).isEqualTo(1);

        var patient = fetches.start(patient(1).setSessionId(first.sessionId()).setSessionEpoch(2));
        fetches.settle();
        assertThat(patient).isNotDone();
        append("hot");
        assertThat(bytesOf(patient.get(1, TimeUnit.MINUTES))).isEqualTo(size);
    }

    @Test
    void whoWaitsWhereNothingIsLeftIsRefused() throws Exception {
        append("hot");
        var lacking = fetches.start(patient(10 * size, topic("hot", 1, 0)));
        fetches.settle();
        assertThat(lacking).isNotDone();

        broker.partitions().deleteRecords(partition("hot"), 1);

        var data = lacking.get(1, TimeUnit.MINUTES)
                .responses()
                .getFirst()
                .partitions()
                .getFirst();
        assertThat(data.errorCode()).isEqualTo(Errors.OFFSET_OUT_OF_RANGE.code());
    }

    @Test
    void aCancelledWaitLeavesNothingBehind() throws Exception {
        var answers = new ArrayList<CompletableFuture<?>>();
        for (int i = 0; i < 100; i++) {
            answers.add(fetches.answer(patient(1, topic("hot", 1, 0)).setSessionEpoch(i % 2 - 1)));
        }
        assertThat(partition("hot").watchers().count()).isEqualTo(100);

        answers.forEach(answer -> answer.cancel(false));

        assertThat(partition("hot").watchers().count()).isZero();
        assertThat(fetches.purgatory.size()).isZero();
        assertThat(fetches.eventLoop.getQueue()).isEmpty();
        assertThat(fetches.sessions.sessionCount()).isZero();
    }

    @Test
    void timeEndsTheWaitWithWhatThereIs() throws Exception {
        append("hot");

        var answer = fetches.start(patient(10 * size, topic("hot", 1, 0)).setMaxWaitMs(20));

        assertThat(bytesOf(answer.get(1, TimeUnit.MINUTES))).isEqualTo(size);
        assertThat(fetches.counters.expired()).isEqualTo(1);
        assertThat(partition("hot").watchers().count()).isZero();
    }

    /// Batches come whole, so less than the limit is read although there is more: waiting would not make it more.
    @Test
    void whatDoesNotFitCountsAsThere() throws Exception {
        append("hot");
        append("hot");
        var request = patient(size + 1, topic("hot", 1, 0));
        request.topics().getFirst().partitions().getFirst().setPartitionMaxBytes(size + 1);

        assertThat(bytesOf(fetches.start(request).get(1, TimeUnit.MINUTES))).isEqualTo(size);
    }

    /// What lies in an older segment will not become more.
    @Test
    void whoIsASegmentBehindNeedNotWait(@TempDir Path place) throws Exception {
        var segments = new LogSettings.Segments(1000, Long.MAX_VALUE, 0, 1000, 10_000);
        try (var rolling = new SampleBroker(place, LogSettings.DEFAULTS.withSegments(segments));
                var behind = new Fetches(rolling)) {
            rolling.createTopic("hot", 1);
            var partition =
                    rolling.partitions().find(new TopicPartition("hot", 0)).orElseThrow();
            for (int i = 0; i < 2; i++) {
                partition
                        .append(Batches.of("x".repeat(600)), Durability.PAGE_CACHE, true)
                        .join();
            }

            var fromTheFirst = behind.start(patient(1_000_000, topic("hot", 1, 0)));
            var fromTheLast = behind.start(patient(1_000_000, topic("hot", 1, 1)));

            assertThat(bytesOf(fromTheFirst.get(1, TimeUnit.MINUTES))).isGreaterThan(600);
            assertThat(fromTheLast).isNotDone();
        }
    }

    @Test
    void anIdleSessionOfAThousandPartitionsLooksAtNone() throws Exception {
        broker.createTopic("wide", 1000);
        var first = fetches.start(patient(0, topic("wide", 1000, 0)).setSessionEpoch(0))
                .get(1, TimeUnit.MINUTES);
        long looked = fetches.counters.partitions();
        assertThat(looked).isEqualTo(1000);

        for (int epoch = 1; epoch <= 100; epoch++) {
            var idle = fetches.start(patient(0).setSessionId(first.sessionId()).setSessionEpoch(epoch));
            assertThat(idle.get(1, TimeUnit.MINUTES).responses()).isEmpty();
        }
        assertThat(fetches.counters.partitions()).isEqualTo(looked);

        var waits = fetches.start(patient(1).setSessionId(first.sessionId()).setSessionEpoch(101));
        fetches.settle();
        assertThat(waits).isNotDone();
        append("wide");
        assertThat(bytesOf(waits.get(1, TimeUnit.MINUTES))).isEqualTo(size);
        assertThat(fetches.counters.partitions()).isEqualTo(looked + 1);
    }

    @Test
    void aSessionThatIsUsedByTwoAnswersTheFirstOneWithAnError() throws Exception {
        var first =
                fetches.start(patient(0, topic("hot", 1, 0)).setSessionEpoch(0)).get(1, TimeUnit.MINUTES);
        var waits = fetches.start(patient(1).setSessionId(first.sessionId()).setSessionEpoch(1));

        var next = fetches.start(patient(1).setSessionId(first.sessionId()).setSessionEpoch(2));

        assertThat(waits.get(1, TimeUnit.MINUTES).errorCode()).isEqualTo(Errors.INVALID_FETCH_SESSION_EPOCH.code());
        assertThat(next).isNotDone();
        append("hot");
        assertThat(bytesOf(next.get(1, TimeUnit.MINUTES))).isEqualTo(size);
    }

    @Test
    void aSessionThatIsTakenAwayAnswersTheFetchThatWaits() throws Exception {
        var first =
                fetches.start(patient(0, topic("hot", 1, 0)).setSessionEpoch(0)).get(1, TimeUnit.MINUTES);
        var waits = fetches.start(patient(1).setSessionId(first.sessionId()).setSessionEpoch(1));

        fetches.sessions.drop(first.sessionId());

        assertThat(waits.get(1, TimeUnit.MINUTES).responses()).isEmpty();
        assertThat(partition("hot").watchers().count()).isZero();
        await().untilAsserted(() -> assertThat(fetches.purgatory.size()).isZero());
    }

    /// One with a batch; the kernel refuses to force its file, as a dying disk does.
    private Partition dyingPartition() throws Exception {
        var log = broker.logFile("dying");
        Files.createDirectories(log.getParent());
        Files.createSymbolicLink(log, Path.of("/dev/null"));
        broker.createTopic("dying", 1);
        append("dying");
        return partition("dying");
    }

    private List<CompletableFuture<FetchResponseData>> waiting(int count, String topic, int minBytes) {
        var answers = new ArrayList<CompletableFuture<FetchResponseData>>();
        for (int i = 0; i < count; i++) {
            answers.add(fetches.start(patient(minBytes, topic(topic, 1, 0)).setMaxBytes(Integer.MAX_VALUE)));
        }
        assertThat(answers).noneMatch(CompletableFuture::isDone);
        return answers;
    }

    private long allocatedByAppending(String topic) {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 100; i++) {
            append(topic);
        }
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private void append(String topic) {
        append(topic, "v");
    }

    private void append(String topic, String value) {
        partition(topic).append(Batches.of(value), Durability.PAGE_CACHE, true).join();
    }

    private Partition partition(String topic) {
        return broker.partitions().find(new TopicPartition(topic, 0)).orElseThrow();
    }

    private static Errors errorOf(FetchResponseData answer) {
        return Errors.forCode(
                answer.responses().getFirst().partitions().getFirst().errorCode());
    }

    private static int bytesOf(FetchResponseData answer) {
        return answer.responses().stream()
                .flatMap(topic -> topic.partitions().stream())
                .mapToInt(data -> data.records().sizeInBytes())
                .sum();
    }
}
