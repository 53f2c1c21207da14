package io.vitrine.partition;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// Who fetches from a partition, and where they are: a connection each, the first so many at a time. Noting a fetch
/// takes no lock and makes no object, but for the first of a connection.
public final class PartitionReaders {
    static final int MAX_READERS = 32;
    private static final long FORGET_AFTER_MS = 30_000;
    private static final int MAX_CLIENT_ID = 255;

    private volatile Reader[] readers = {};

    /// Somebody who fetches.
    ///
    /// @param clientId cut after 255 characters
    /// @param address of the client, as `host:port`
    /// @param offset the last one asked for
    /// @param lastAskedMs when that was
    public record Reading(long connection, String clientId, String address, long offset, long lastAskedMs) {
        /// Is it a client with this id, from this host?
        public boolean isFrom(String otherClientId, String host) {
            return clientId.equals(cut(otherClientId)) && address.startsWith(host + ":");
        }
    }

    private static final class Reader {
        private final long connection;
        private final String clientId;
        private final String address;
        private volatile long offset;
        private volatile long lastAskedMs;

        Reader(long connection, String clientId, String address) {
            this.connection = connection;
            this.clientId = clientId;
            this.address = address;
        }

        void note(long newOffset, long nowMs) {
            offset = newOffset;
            lastAskedMs = nowMs;
        }
    }

    /// Notes that a fetch asks for the records from `offset` on.
    public void asked(long connection, String clientId, String address, long offset) {
        long nowMs = System.currentTimeMillis();
        for (var reader : readers) {
            if (reader.connection == connection) {
                reader.note(offset, nowMs);
                return;
            }
        }
        var reader = new Reader(connection, cut(clientId), address);
        reader.note(offset, nowMs);
        add(reader, nowMs);
    }

    /// Those who fetch or have fetched, the last one first.
    public List<Reading> list() {
        var list = new ArrayList<Reading>();
        for (var reader : readers) {
            list.add(
                    new Reading(reader.connection, reader.clientId, reader.address, reader.offset, reader.lastAskedMs));
        }
        list.sort(Comparator.comparingLong(Reading::lastAskedMs).reversed());
        return list;
    }

    /// Where there are too many, the one that has been quiet for longest makes room, if for long enough; else the new
    /// one is not noted.
    private synchronized void add(Reader reader, long nowMs) {
        var before = readers;
        if (before.length < MAX_READERS) {
            var after = Arrays.copyOf(before, before.length + 1);
            after[before.length] = reader;
            readers = after;
            return;
        }
        int oldest = 0;
        for (int i = 1; i < before.length; i++) {
            oldest = before[i].lastAskedMs < before[oldest].lastAskedMs ? i : oldest;
        }
        if (nowMs - before[oldest].lastAskedMs > FORGET_AFTER_MS) {
            var after = before.clone();
            after[oldest] = reader;
            readers = after;
        }
    }

    private static String cut(String clientId) {
        return clientId.length() <= MAX_CLIENT_ID ? clientId : clientId.substring(0, MAX_CLIENT_ID);
    }
}
