package io.vitrine.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/// The producers of a partition as they were at an offset, which names the file: Apache Kafka's `.snapshot`.
/// Integers are big-endian:
/// ```
///    0  version                2  1
///    2  crc                    4  CRC-32C of everything that follows
///    6  count                  4
///   10  entries                …  46 bytes each:
///
///    0  producerId             8
///    8  epoch                  2
///   10  lastSequence           4
///   14  lastOffset             8
///   22  offsetDelta            4
///   26  timestamp              8
///   34  coordinatorEpoch       4
///   38  currentTxnFirstOffset  8
/// ```
final class ProducerSnapshot {
    private static final short VERSION = 1;
    private static final int CRC = 2;
    private static final int COUNT = 6;
    private static final int ENTRIES = 10;
    private static final int ENTRY_SIZE_IN_BYTES = 46;

    private ProducerSnapshot() {}

    /// The bytes of the file.
    static ByteBuffer encode(List<ProducerSnapshotEntry> entries) {
        var bytes = ByteBuffer.allocate(ENTRIES + entries.size() * ENTRY_SIZE_IN_BYTES);
        bytes.putShort(VERSION).putInt(0).putInt(entries.size());
        for (var entry : entries) {
            put(entry, bytes);
        }
        bytes.flip();
        return bytes.putInt(CRC, (int) computeCrc(bytes));
    }

    /// The producers that a file holds.
    ///
    /// @throws IOException if the file is damaged, or of a version we do not know; it says in which way
    static List<ProducerSnapshotEntry> decode(ByteBuffer file) throws IOException {
        var bytes = file.slice();
        if (bytes.limit() < ENTRIES) {
            throw new IOException(
                    "A producer snapshot has at least %d bytes, this one has %d".formatted(ENTRIES, bytes.limit()));
        }
        short version = bytes.getShort();
        if (version != VERSION) {
            throw new IOException("The producer snapshot is of version %d, known is %d".formatted(version, VERSION));
        }
        long stored = Integer.toUnsignedLong(bytes.getInt());
        long computed = computeCrc(bytes);
        if (stored != computed) {
            throw new IOException("The producer snapshot is damaged: CRC-32C 0x%08x stored, 0x%08x computed"
                    .formatted(stored, computed));
        }
        int count = bytes.getInt();
        if (count < 0 || bytes.remaining() != (long) count * ENTRY_SIZE_IN_BYTES) {
            throw new IOException("The producer snapshot names %d producers of %d bytes where %d bytes follow"
                    .formatted(count, ENTRY_SIZE_IN_BYTES, bytes.remaining()));
        }
        return readEntries(bytes);
    }

    private static List<ProducerSnapshotEntry> readEntries(ByteBuffer bytes) throws IOException {
        var entries = new ArrayList<ProducerSnapshotEntry>();
        while (bytes.hasRemaining()) {
            try {
                entries.add(read(bytes));
            } catch (IllegalArgumentException e) {
                throw new IOException(
                        "Entry %d of the producer snapshot can't be: %s".formatted(entries.size(), e.getMessage()), e);
            }
        }
        return entries;
    }

    private static ProducerSnapshotEntry read(ByteBuffer bytes) {
        return new ProducerSnapshotEntry(
                bytes.getLong(),
                bytes.getShort(),
                bytes.getInt(),
                bytes.getLong(),
                bytes.getInt(),
                bytes.getLong(),
                bytes.getInt(),
                bytes.getLong());
    }

    private static void put(ProducerSnapshotEntry entry, ByteBuffer bytes) {
        bytes.putLong(entry.producerId())
                .putShort(entry.epoch())
                .putInt(entry.lastSequence())
                .putLong(entry.lastOffset())
                .putInt(entry.offsetDelta())
                .putLong(entry.timestamp())
                .putInt(entry.coordinatorEpoch())
                .putLong(entry.currentTxnFirstOffset());
    }

    private static long computeCrc(ByteBuffer bytes) {
        var crc = new CRC32C();
        crc.update(bytes.slice(COUNT, bytes.limit() - COUNT));
        return crc.getValue();
    }
}
