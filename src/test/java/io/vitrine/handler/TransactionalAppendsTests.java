package io.vitrine.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.handler.TransactionalAppends.Result;
import io.vitrine.inspect.SampleBroker;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.AppendOutcome;
import io.vitrine.partition.Durability;
import io.vitrine.partition.Partition;
import io.vitrine.partition.TransactionGate.Admission;
import io.vitrine.partition.TransactionGate.Reason;
import io.vitrine.record.Batches;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransactionalAppendsTests {
    private static final long PRODUCER_ID = 7;

    @TempDir
    Path directory;

    private final List<CompletableFuture<Admission>> asked = new ArrayList<>();
    private final TransactionalAppends appends = new TransactionalAppends(_ -> {
        var answer = new CompletableFuture<Admission>();
        asked.add(answer);
        return answer;
    });
    private SampleBroker broker;
    private Partition partition;

    @BeforeEach
    void start() throws Exception {
        broker = new SampleBroker(directory);
        broker.createTopic("orders", 1);
        partition = broker.partitions().find(new TopicPartition("orders", 0)).orElseThrow();
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    @Test
    void whatWaitsIsAppendedAsItCameThoughItsMemoryIsUsedAgain() {
        var bytes = Batches.transactional(PRODUCER_ID, 0, 0, "first");
        var first = append(bytes);
        bytes.put(0, new byte[bytes.limit()]);

        asked.getFirst().complete(new Admission.Admitted());

        assertThat(outcome(first)).isEqualTo(new AppendOutcome.Appended(0, -1, 0));
    }

    @Test
    void thoseThatComeMeanwhileAreAppendedBehindIt() {
        var first = append(Batches.transactional(PRODUCER_ID, 0, 0, "first"));
        var second = append(Batches.transactional(PRODUCER_ID, 0, 1, "second"));
        var third = append(Batches.transactional(PRODUCER_ID, 0, 2, "third"));
        assertThat(first).isNotDone();

        asked.getFirst().complete(new Admission.Admitted());

        assertThat(asked).hasSize(1);
        assertThat(outcome(first)).isEqualTo(new AppendOutcome.Appended(0, -1, 0));
        assertThat(outcome(second)).isEqualTo(new AppendOutcome.Appended(1, -1, 0));
        assertThat(outcome(third)).isEqualTo(new AppendOutcome.Appended(2, -1, 0));
    }

    @Test
    void whatTheGateRefusesIsNotAppendedAndTheNextIsAskedForAnew() {
        var first = append(Batches.transactional(PRODUCER_ID, 0, 0, "first"));
        var again = append(Batches.transactional(PRODUCER_ID, 0, 0, "first"));

        var refusal = new Admission.Refused(Reason.CONCURRENT_TRANSACTIONS, "soon");
        asked.getFirst().complete(refusal);
        asked.getLast().complete(new Admission.Admitted());

        assertThat(first.join()).isEqualTo(new Result.Refused(refusal));
        assertThat(asked).hasSize(2);
        assertThat(outcome(again)).isEqualTo(new AppendOutcome.Appended(0, -1, 0));
    }

    @Test
    void aGateThatFailsRefuses() {
        var first = append(Batches.transactional(PRODUCER_ID, 0, 0, "first"));

        asked.getFirst().completeExceptionally(new IllegalStateException("broken"));

        assertThat(first.join())
                .isInstanceOfSatisfying(
                        Result.Refused.class,
                        refused -> assertThat(refused.why().reason()).isEqualTo(Reason.UNKNOWN_SERVER_ERROR));
    }

    private CompletableFuture<Result> append(ByteBuffer records) {
        return appends.append(
                partition, new TransactionalAppends.Wish("mover", records, Durability.PAGE_CACHE, true, true));
    }

    private static AppendOutcome outcome(CompletableFuture<Result> begun) {
        return ((Result.Begun) begun.join()).outcome().join();
    }
}
