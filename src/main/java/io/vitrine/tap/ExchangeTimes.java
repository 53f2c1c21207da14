package io.vitrine.tap;

/// When what happened to a request, by `System.nanoTime()`, and how long each part took.
///
/// @param read its bytes were read
/// @param started they were looked at
/// @param handled its handler had returned
/// @param answered the answer was there, and those before it had been written
/// @param ended the client had taken it
public record ExchangeTimes(long read, long started, long handled, long answered, long ended) {
    /// Behind other requests of its connection, or until there was memory.
    public long queueNanos() {
        return started - read;
    }

    /// In its handler, on the network thread.
    public long localNanos() {
        return handled - started;
    }

    /// For a disk, for records, for other members, for another thread, for the answers before it.
    public long waitingNanos() {
        return answered - handled;
    }

    /// Until the client's system had taken the answer.
    public long sendNanos() {
        return ended - answered;
    }

    public long totalNanos() {
        return ended - read;
    }
}
