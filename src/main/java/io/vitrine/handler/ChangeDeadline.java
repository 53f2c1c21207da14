package io.vitrine.handler;

import io.vitrine.protocol.Answer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Until when a change has to have begun: as in Kafka, `timeout_ms` ends waiting for one's turn, and no change that has
/// begun. Who gives no time gets none.
final class ChangeDeadline {
    private final long endNanos;
    private final boolean none;

    private ChangeDeadline(int timeoutMs) {
        none = timeoutMs <= 0;
        endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
    }

    /// Makes a change where it may wait for the disk.
    ///
    /// @param tooLate the answer if its turn does not come in time; nothing is changed then
    static CompletionStage<Answer> run(
            int timeoutMs, Executor mayBlock, Supplier<Answer> change, Supplier<Answer> tooLate) {
        var deadline = new ChangeDeadline(timeoutMs);
        return CompletableFuture.supplyAsync(() -> deadline.isOver() ? tooLate.get() : change.get(), mayBlock);
    }

    private boolean isOver() {
        return none || System.nanoTime() - endNanos > 0;
    }
}
