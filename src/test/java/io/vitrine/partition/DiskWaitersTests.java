package io.vitrine.partition;

import static org.assertj.core.api.Assertions.assertThat;

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
            CompletableFuture.runAsync(() -> waiters.fail("the disk is gone")).join();
            told.add("first");
        });
        var second = add(2);
        second.thenRun(() -> told.add("second"));

        waiters.answer(1);

        assertThat(told).containsExactly("first", "second");
        assertThat(first).isCompletedWithValue(new AppendOutcome.Appended(0, -1, 0));
        assertThat(second).isCompletedWithValue(new AppendOutcome.StorageFailed("the disk is gone"));
    }

    private CompletableFuture<AppendOutcome> add(long nextOffset) {
        return waiters.add(nextOffset, new AppendOutcome.Appended(nextOffset - 1, -1, 0))
                .answer();
    }
}
