package io.vitrine.log;

import java.nio.ByteBuffer;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;

/// The last offset of each key, in memory whose size is given once. A key is known by 16 bytes of its SHA-256:
/// two keys with the same would be taken for one and a record lost, so nobody may be able to choose such keys. The
/// salt, which nobody knows, keeps them from looking for them elsewhere.
/// ```
///   slot  | hash 8 | hash 8 | offset + 1, 0 in a free slot | …
/// ```
/// A key goes to the slot that its hash names, or the next free one. Not thread-safe.
final class KeyOffsets {
    static final long NOT_FOUND = -1;
    private static final int LONGS_PER_SLOT = 3;
    private static final int BYTES_PER_SLOT = LONGS_PER_SLOT * Long.BYTES;
    private static final int SALT_BYTES = 16;
    private static final int OFFSET = 2;
    // Kafka's default of log.cleaner.io.buffer.load.factor: fuller, a search meets too many other keys.
    private static final double DEFAULT_LOAD_FACTOR = 0.9;

    private final MessageDigest sha256 = sha256();
    private final byte[] salt = new byte[SALT_BYTES];
    private final byte[] hash = new byte[sha256.getDigestLength()];
    private final ByteBuffer hashWords = ByteBuffer.wrap(hash);
    private final long[] table;
    private final int slots;
    private final int maxSize;
    private int size;

    /// @param memoryBytes how much memory the map takes, now and always
    KeyOffsets(long memoryBytes) {
        this(memoryBytes, DEFAULT_LOAD_FACTOR);
    }

    /// @param loadFactor how full it may get; one slot is free in any case
    KeyOffsets(long memoryBytes, double loadFactor) {
        this.slots = (int) Math.min(memoryBytes / BYTES_PER_SLOT, Integer.MAX_VALUE / LONGS_PER_SLOT - 1);
        this.maxSize = (int) Math.min(slots * loadFactor, slots - 1);
        if (maxSize < 1) {
            throw new IllegalArgumentException("%d bytes hold no key".formatted(memoryBytes));
        }
        this.table = new long[slots * LONGS_PER_SLOT];
        new SecureRandom().nextBytes(salt);
    }

    /// The memory that a map needs to have room for so many keys.
    static long memoryFor(long keys, double loadFactor) {
        double slotsNeeded = Math.ceil(keys / Math.min(loadFactor, 1)) + 2;
        return (long) Math.min(slotsNeeded * BYTES_PER_SLOT, Long.MAX_VALUE);
    }

    int size() {
        return size;
    }

    /// How many keys there is room for.
    int maxSize() {
        return maxSize;
    }

    /// Notes that the last record of `key` so far has this offset.
    ///
    /// @return false if the key is new and there is no room for it
    boolean put(byte[] key, long offset) {
        int at = slotOf(key);
        if (table[at + OFFSET] == 0) {
            if (size == maxSize) {
                return false;
            }
            table[at] = hashWords.getLong(0);
            table[at + 1] = hashWords.getLong(Long.BYTES);
            size++;
        }
        table[at + OFFSET] = offset + 1;
        return true;
    }

    /// The offset last put for `key`, or [#NOT_FOUND].
    long find(byte[] key) {
        return table[slotOf(key) + OFFSET] - 1;
    }

    void clear() {
        Arrays.fill(table, 0);
        size = 0;
    }

    /// Index in the table of the slot that has this key, or of the free one where it belongs. There is always one.
    private int slotOf(byte[] key) {
        computeHash(key);
        long first = hashWords.getLong(0);
        long second = hashWords.getLong(Long.BYTES);
        int slot = (int) Math.unsignedMultiplyHigh(first, slots);
        while (true) {
            int at = slot * LONGS_PER_SLOT;
            if (table[at + OFFSET] == 0 || (table[at] == first && table[at + 1] == second)) {
                return at;
            }
            slot = slot + 1 == slots ? 0 : slot + 1;
        }
    }

    private void computeHash(byte[] key) {
        try {
            sha256.update(salt);
            sha256.update(key);
            sha256.digest(hash, 0, hash.length);
        } catch (DigestException e) {
            throw new IllegalStateException("A SHA-256 is longer than %d bytes".formatted(hash.length), e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
