package io.vitrine.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.metadata.TopicPartition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// Appends that wait for the disk.
class DiskWaitersTests {
    private final DiskWaiters waiters = new DiskWaiters();
    private final List<String> told = new ArrayList<>();

    @Test
    void aFlushThatEndsWhileAnotherStillAnswersDoesNotOvertakeIt() {
        add(1).thenRun(() -> {
            CompletableFuture.runAsync(() -> waiters.answer(2)).join();
            told.add("first");
        });
        add(2).thenRun(() -> told.add("second"));

        waiters.answer(1);

        assertThat(told).containsExactly("first", "second");
    }

    @Test
    void aFailureDoesNotOvertakeAnAnswer() {
        var first = add(1);
        first.thenRun(() -> {
            CompletableFuture.runAsync(() -> waiters.fail(new AppendOutcome.StorageFailed("the disk is gone")))
                    .join();
            told.add("first");
        });
        var second = add(2);
        second.thenRun(() -> told.add("second"));

        waiters.answer(1);

        assertThat(told).containsExactly("first", "second");
        assertThat(first).isCompletedWithValue(new AppendOutcome.Appended(0, -1, 0));
        assertThat(second).isCompletedWithValue(new AppendOutcome.StorageFailed("the disk is gone"));
    }

    @Test
    void thoseThatWaitAreTold() {
        var orders = new TopicPartition("orders", 3);
        assertThat(waiters.describe(orders)).isEmpty();
        add(1);
        waiters.add(
                5,
                new AppendOutcome.Appended(4, -1, 0),
                System.nanoTime() - Duration.ofSeconds(9).toNanos());
        add(7);

        waiters.answer(1);

        assertThat(waiters.describe(orders)).hasValueSatisfying(wait -> {
            assertThat(wait.partition()).isEqualTo(orders);
            assertThat(wait.appends()).isEqualTo(2);
            assertThat(wait.nextOffset()).isEqualTo(7);
            assertThat(wait.longest()).isBetween(Duration.ofSeconds(9), Duration.ofSeconds(60));
        });
        waiters.fail(new AppendOutcome.StorageFailed("the disk is gone"));
        assertThat(waiters.describe(orders)).isEmpty();
    }

    private CompletableFuture<AppendOutcome> add(long nextOffset) {
        return waiters.add(nextOffset, new AppendOutcome.Appended(nextOffset - 1, -1, 0), System.nanoTime())
                .answer();
    }
}
