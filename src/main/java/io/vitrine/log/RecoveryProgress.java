package io.vitrine.log;

import io.vitrine.log.RecoveryReport.State;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What the opening of one log has done so far: told by the thread that opens it, asked for by any other.
/// ```
///   waiting ──begin──▶ running ──done────▶ done
///                         └──────failed──▶ failed
/// ```
public final class RecoveryProgress {
    private State state = State.WAITING;
    private long bytesToCheck;
    private long bytesChecked;
    private long bytesCut;
    private final List<DamagedRange> damaged = new ArrayList<>();
    private long beginNanos;
    private long elapsedMs;
    private @Nullable String failure;

    public synchronized void begin() {
        state = State.RUNNING;
        beginNanos = System.nanoTime();
    }

    /// So many bytes more are to be checked.
    public synchronized void toCheck(long bytes) {
        bytesToCheck += bytes;
    }

    public synchronized void checked(long bytes) {
        bytesChecked += bytes;
    }

    public synchronized void cut(long bytes) {
        bytesCut += bytes;
    }

    public synchronized void found(DamagedRange range) {
        damaged.add(range);
    }

    public synchronized void done() {
        end(State.DONE);
    }

    public synchronized void failed(String reason) {
        failure = reason;
        end(State.FAILED);
    }

    public synchronized RecoveryReport report() {
        long ms = state == State.RUNNING ? sinceBeginMs() : elapsedMs;
        return new RecoveryReport(state, bytesToCheck, bytesChecked, bytesCut, damaged, ms, failure);
    }

    private void end(State last) {
        elapsedMs = state == State.RUNNING ? sinceBeginMs() : 0;
        state = last;
    }

    private long sinceBeginMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beginNanos);
    }
}
