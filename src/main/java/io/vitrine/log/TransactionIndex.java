package io.vitrine.log;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The transactions whose abort markers lie in a segment: Apache Kafka's `.txnindex` file, held in memory. A segment
/// without such markers has no file. Integers are big-endian:
/// ```
///    0  version           2  0
///    2  producerId        8
///   10  firstOffset       8
///   18  lastOffset        8  rises from entry to entry
///   26  lastStableOffset  8
/// ```
/// Thread-safe: readers look things up while the owner adds.
final class TransactionIndex {
    static final int ENTRY_SIZE_IN_BYTES = 34;
    private static final short VERSION = 0;

    private final long baseOffset;
    private final List<AbortedTransaction> entries = new ArrayList<>();
    // Of the entries, for those who only want to know that and take no lock.
    private volatile int count;
    private volatile long lastStableOffset = -1;

    TransactionIndex(long baseOffset) {
        this.baseOffset = baseOffset;
    }

    /// The index that a file holds; empty if these bytes can't be one.
    static Optional<TransactionIndex> decode(long baseOffset, ByteBuffer file) {
        if (file.remaining() % ENTRY_SIZE_IN_BYTES != 0) {
            return Optional.empty();
        }
        var bytes = file.slice();
        var index = new TransactionIndex(baseOffset);
        while (bytes.hasRemaining()) {
            short version = bytes.getShort();
            var entry = new AbortedTransaction(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
            if (version != VERSION || !index.goesOnWith(entry)) {
                return Optional.empty();
            }
            index.entries.add(entry);
        }
        index.publish();
        return Optional.of(index);
    }

    /// The bytes of the file.
    synchronized ByteBuffer encode() {
        var bytes = ByteBuffer.allocate(entries.size() * ENTRY_SIZE_IN_BYTES);
        for (var entry : entries) {
            bytes.putShort(VERSION)
                    .putLong(entry.producerId())
                    .putLong(entry.firstOffset())
                    .putLong(entry.lastOffset())
                    .putLong(entry.lastStableOffset());
        }
        return bytes.flip();
    }

    /// Adds a transaction whose marker comes behind those of the others.
    synchronized void add(AbortedTransaction transaction) {
        if (!goesOnWith(transaction)) {
            throw new IllegalStateException("%s may not follow %s in the transaction index of %d"
                    .formatted(transaction, entries.isEmpty() ? "nothing" : entries.getLast(), baseOffset));
        }
        entries.add(transaction);
        publish();
    }

    synchronized List<AbortedTransaction> entries() {
        return List.copyOf(entries);
    }

    /// That of the log when the last of them was ended; no later one begins before it. -1 if there are none.
    long lastStableOffset() {
        return lastStableOffset;
    }

    int count() {
        return count;
    }

    /// Adds to `found` those with records in these offsets.
    ///
    /// @param toOffset exclusive
    /// @return is it certain that none that follows these has any?
    synchronized boolean collect(long fromOffset, long toOffset, List<AbortedTransaction> found) {
        for (int i = firstEndingFrom(fromOffset); i < entries.size(); i++) {
            var entry = entries.get(i);
            if (entry.firstOffset() < toOffset) {
                found.add(entry);
            }
            if (entry.lastStableOffset() >= toOffset) {
                return true;
            }
        }
        return false;
    }

    /// The last offsets rise.
    private int firstEndingFrom(long offset) {
        int low = 0;
        int high = entries.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (entries.get(middle).lastOffset() < offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /// Drops the transactions whose markers lie at `offset` or behind it.
    synchronized void truncateTo(long offset) {
        entries.removeIf(entry -> entry.lastOffset() >= offset);
        publish();
    }

    private void publish() {
        lastStableOffset = entries.isEmpty() ? -1 : entries.getLast().lastStableOffset();
        count = entries.size();
    }

    private boolean goesOnWith(AbortedTransaction next) {
        long previous = entries.isEmpty() ? baseOffset - 1 : entries.getLast().lastOffset();
        return next.producerId() >= 0
                && next.firstOffset() >= 0
                && next.firstOffset() <= next.lastOffset()
                && next.lastOffset() > previous
                && next.lastStableOffset() >= 0;
    }
}
