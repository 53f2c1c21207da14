package io.vitrine.handler;

import static io.vitrine.handler.Fetches.patient;
import static io.vitrine.handler.Fetches.topic;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.inspect.SampleBroker;
import io.vitrine.log.LogSettings;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.AppendOutcome;
import io.vitrine.partition.Durability;
import io.vitrine.partition.Partition;
import io.vitrine.partition.TransactionMarker;
import io.vitrine.record.Batches;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.AbortedTransaction;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Fetches of those who read committed data only: what they get, what they wait for, and what wakes them.
class CommittedFetchTests {
    private static final byte READ_COMMITTED = 1;
    private static final short V1 = 1;
    private static final long PRODUCER_ID = 7;

    @TempDir
    Path directory;

    private SampleBroker broker;
    private Fetches fetches;
    private Partition partition;
    private int size;
    private int markerSize;

    @BeforeEach
    void start() throws Exception {
        // The marker has another time than the records, which would be reason for another segment.
        var segments = new LogSettings.Segments(1_000_000, Long.MAX_VALUE, 0, 4096, 10_000);
        broker = new SampleBroker(directory, LogSettings.DEFAULTS.withSegments(segments));
        broker.createTopic("orders", 1);
        fetches = new Fetches(broker);
        partition = broker.partitions().find(new TopicPartition("orders", 0)).orElseThrow();
        size = Batches.of("v").remaining();
        markerSize = 78;
    }

    @AfterEach
    void stop() throws Exception {
        fetches.close();
        broker.close();
    }

    @Test
    void whatIsOpenAnswersNobodyAndItsMarkerAnswersAtOnce() throws Exception {
        var waiting = fetches.start(committed(1, 0));

        for (int i = 0; i < 10; i++) {
            write(i);
        }
        fetches.settle();
        assertThat(waiting).isNotDone();
        assertThat(fetches.counters.passes()).isLessThanOrEqualTo(2);
        end(true);

        var data = dataOf(waiting);
        assertThat(data.records().sizeInBytes()).isEqualTo(10 * size + markerSize);
        assertThat(data.lastStableOffset()).isEqualTo(11).isEqualTo(data.highWatermark());
        assertThat(data.abortedTransactions()).isEmpty();
    }

    @Test
    void whatWasAbortedIsNamed() throws Exception {
        plain();
        write(0);
        end(false);

        var data = dataOf(fetches.start(committed(1, 0)));

        assertThat(data.records().sizeInBytes()).isEqualTo(2 * size + markerSize);
        assertThat(data.abortedTransactions())
                .containsExactly(
                        new AbortedTransaction().setProducerId(PRODUCER_ID).setFirstOffset(1));
        assertThat(dataOf(fetches.start(patient(1, topic("orders", 1, 0)))).abortedTransactions())
                .isNull();
    }

    @Test
    void onlyWhatIsStableIsGivenAndCounts() throws Exception {
        plain();
        for (int i = 0; i < 5; i++) {
            write(i);
        }

        var one = dataOf(fetches.start(committed(1, 0)));
        var more = fetches.start(committed(2 * size, 0));
        fetches.settle();

        assertThat(one.records().sizeInBytes()).isEqualTo(size);
        assertThat(one.lastStableOffset()).isEqualTo(1);
        assertThat(one.highWatermark()).isEqualTo(6);
        assertThat(more).isNotDone();
        end(true);
        assertThat(dataOf(more).records().sizeInBytes()).isEqualTo(6 * size + markerSize);
    }

    /// As whoever changes to `read_committed` where it has read more before.
    @Test
    void whoIsBehindTheLastStableOffsetWaitsForItAndIsNotReset() throws Exception {
        write(0);
        write(1);
        var waiting = fetches.start(committed(1, 1));
        fetches.settle();
        assertThat(waiting).isNotDone();

        end(false);

        var data = dataOf(waiting);
        assertThat(data.errorCode()).isZero();
        assertThat(data.records().sizeInBytes()).isEqualTo(size + markerSize);
        assertThat(data.abortedTransactions()).hasSize(1);
    }

    @Test
    void anIdleSessionHearsOfTheMarkerBetweenTwoFetches() throws Exception {
        write(0);
        var first = fetches.start(committed(0, 0).setSessionEpoch(0)).get(1, TimeUnit.MINUTES);
        write(1);
        end(true);

        var next = new FetchRequestData()
                .setMaxWaitMs(3_600_000)
                .setMinBytes(1)
                .setIsolationLevel(READ_COMMITTED)
                .setSessionId(first.sessionId())
                .setSessionEpoch(1);

        assertThat(dataOf(fetches.start(next)).records().sizeInBytes()).isEqualTo(2 * size + markerSize);
    }

    private static FetchRequestData committed(int minBytes, long offset) {
        return patient(minBytes, topic("orders", 1, offset)).setIsolationLevel(READ_COMMITTED);
    }

    private static PartitionData dataOf(CompletableFuture<FetchResponseData> answer) throws Exception {
        return answer.get(1, TimeUnit.MINUTES)
                .responses()
                .getFirst()
                .partitions()
                .getFirst();
    }

    private void plain() {
        append(partition.append(Batches.of("v"), Durability.PAGE_CACHE, true));
    }

    private void write(int sequence) {
        var transactions = partition.transactions();
        var ticket = transactions.ask(PRODUCER_ID, (short) 0, sequence, false);
        var batch = Batches.transactional(PRODUCER_ID, 0, sequence, "v");
        append(transactions.append(batch, Durability.PAGE_CACHE, true, ticket.orElse(null)));
    }

    private void end(boolean commit) {
        var marker = new TransactionMarker(PRODUCER_ID, (short) 0, 0, commit, V1);
        append(partition.transactions().end(marker, Durability.PAGE_CACHE));
    }

    private static void append(CompletableFuture<AppendOutcome> outcome) {
        assertThat(outcome.join()).isInstanceOf(AppendOutcome.Appended.class);
    }
}
