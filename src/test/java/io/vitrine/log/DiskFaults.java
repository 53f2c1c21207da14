package io.vitrine.log;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// Which operations of a [SimulatedDisk] fail on purpose, and how many there have been of each kind.
/// For one kind of operation, the rule that was set last holds.
public final class DiskFaults {
    private static final int FOR_EVER = Integer.MAX_VALUE;

    private final Random random;
    private final Map<DiskOperation, Rule> rules = new EnumMap<>(DiskOperation.class);
    private final Map<DiskOperation, Long> counts = new EnumMap<>(DiskOperation.class);
    private boolean piecemeal;
    private int untilStop = FOR_EVER;

    /// @param untilFailure how many of the next operations succeed
    /// @param period how many operations there are from one failure to the next
    private record Rule(int untilFailure, int period, DiskFailure failure) {}

    DiskFaults(Random random) {
        this.random = random;
    }

    /// Lets one operation fail, when `successes` more have gone well.
    public synchronized void failAfter(int successes, DiskOperation operation, DiskFailure failure) {
        rules.put(operation, new Rule(successes, FOR_EVER, failure));
    }

    /// Lets every n-th operation fail; all of them, if `n` is 1.
    public synchronized void failEvery(int n, DiskOperation operation, DiskFailure failure) {
        rules.put(operation, new Rule(n - 1, n, failure));
    }

    /// Lets everything fail when `operations` more of any kind have been asked for: the machine is about to stop in
    /// the middle of something.
    public synchronized void stopAfter(int operations) {
        untilStop = operations;
    }

    /// Lets nothing fail any more.
    public synchronized void clear() {
        rules.clear();
        untilStop = FOR_EVER;
    }

    /// Lets reads and writes do less than they are asked to, now and then.
    public synchronized void workPiecemeal(boolean inPieces) {
        piecemeal = inPieces;
    }

    /// How many operations of this kind were asked for, those that failed included.
    public synchronized long count(DiskOperation operation) {
        return counts.getOrDefault(operation, 0L);
    }

    /// Counts an operation that is about to run.
    ///
    /// @return how it fails; null if it goes well
    synchronized @Nullable DiskFailure next(DiskOperation operation) {
        counts.merge(operation, 1L, Long::sum);
        if (untilStop == 0) {
            return DiskFailure.IO_ERROR;
        }
        untilStop -= untilStop == FOR_EVER ? 0 : 1;
        var rule = rules.get(operation);
        if (rule == null) {
            return null;
        }
        boolean now = rule.untilFailure() == 0;
        int untilFailure = (now ? rule.period() : rule.untilFailure()) - 1;
        rules.put(operation, new Rule(untilFailure, rule.period(), rule.failure()));
        return now ? rule.failure() : null;
    }

    void check(DiskOperation operation) throws IOException {
        var failure = next(operation);
        if (failure != null) {
            throw failure.exception();
        }
    }

    /// How much is done of an operation on so many bytes that goes well.
    synchronized int pieceOf(int count) {
        return piecemeal && count > 1 && random.nextBoolean() ? random.nextInt(1, count) : count;
    }

    /// How much a write takes before it fails; often nothing.
    synchronized int partBeforeFailure(int count) {
        return random.nextBoolean() ? random.nextInt(count) : 0;
    }
}
