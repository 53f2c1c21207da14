package io.vitrine.server;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Logs why connections were closed, but not without end: so many lines a minute, then how many were left out. The
/// journal of refusals has them all. Thread-safe.
final class ClosingLog {
    private static final Logger log = LoggerFactory.getLogger(ClosingLog.class);
    private static final int LINES_PER_MINUTE = 20;
    private static final long MINUTE_NANOS = Duration.ofMinutes(1).toNanos();

    private long minuteStart = System.nanoTime();
    private int lines;
    private int leftOut;

    synchronized void closing(String address, String reason) {
        long now = System.nanoTime();
        if (now - minuteStart > MINUTE_NANOS) {
            if (leftOut > 0) {
                log.warn("{} more connections were closed in that minute; see /api/v1/errors", leftOut);
            }
            minuteStart = now;
            lines = 0;
            leftOut = 0;
        }
        if (lines == LINES_PER_MINUTE) {
            leftOut++;
            return;
        }
        lines++;
        log.warn("Closing the connection of {}: {}", address, reason);
    }
}
