package io.vitrine.record;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The records of a batch in order, as far as compaction looks at them: offset, key, and whether there is a value.
/// Of one record at a time no more than the key is held. Gaps between offsets are allowed, as compaction leaves them.
public final class RecordKeys implements Closeable {
    private final RecordBatch batch;
    private final RecordInput input;
    private int index = -1;
    private int offsetDelta = -1;
    private byte @Nullable [] key;
    private boolean valued;

    private RecordKeys(RecordBatch batch, RecordInput input) {
        this.batch = batch;
        this.input = input;
    }

    /// Opens `batch`, which must be whole.
    ///
    /// @param maxUncompressedBytes where unpacking stops at the latest; for a small batch it stops earlier, see
    /// [BatchRules]
    /// @throws IOException if the codec is unknown or does not accept its first bytes
    public static RecordKeys of(RecordBatch batch, long maxUncompressedBytes) throws IOException {
        return new RecordKeys(
                batch, RecordInput.of(batch, BatchRules.limit(maxUncompressedBytes, batch.sizeInBytes())));
    }

    /// Says why the records of `batch` can't be relied on: its checksum does not hold, they don't follow the format,
    /// or they unpack to more than is allowed. Null if all is well.
    public static @Nullable String findDamage(RecordBatch batch, long maxUncompressedBytes) {
        if (batch.computedCrc() != batch.crc()) {
            return "CRC-32C 0x%08x stored, 0x%08x computed".formatted(batch.crc(), batch.computedCrc());
        }
        try (var keys = of(batch, maxUncompressedBytes)) {
            while (keys.next()) {
                // Going through them is the check.
            }
            return null;
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /// Goes to the next record.
    ///
    /// @return false if there is none
    /// @throws MalformedRecordException if what follows is no record, or more than the header counts
    public boolean next() throws IOException {
        index++;
        if (index >= batch.recordCount()) {
            requireEnd();
            return false;
        }
        int length = input.readVarint();
        long start = input.position();
        input.readByte();
        input.readVarlong();
        readOffsetDelta();
        int keyLength = RecordWalk.readLength(input);
        key = keyLength == RecordWalk.NULL_LENGTH ? null : input.readBytes(keyLength);
        valued = RecordWalk.skipNullable(input) != RecordWalk.NULL_LENGTH;
        RecordWalk.skipHeaders(input);
        long found = input.position() - start;
        if (found != length) {
            throw new MalformedRecordException(start, "a record of %d bytes claims %d".formatted(found, length));
        }
        return true;
    }

    /// 0-based place of the record in the batch.
    public int index() {
        return index;
    }

    public long offset() {
        return batch.baseOffset() + offsetDelta;
    }

    /// The key; null if the record has none. The array is the caller's.
    public byte @Nullable [] key() {
        return key;
    }

    /// Is there a value? A record that has none is a tombstone for its key.
    public boolean hasValue() {
        return valued;
    }

    @Override
    public void close() throws IOException {
        input.close();
    }

    private void readOffsetDelta() throws IOException {
        int next = input.readVarint();
        if (next <= offsetDelta || next > batch.lastOffsetDelta()) {
            throw new MalformedRecordException(
                    input.position(),
                    "offset delta %d between %d and %d".formatted(next, offsetDelta, batch.lastOffsetDelta()));
        }
        offsetDelta = next;
    }

    private void requireEnd() throws IOException {
        if (!input.isAtEnd()) {
            throw new MalformedRecordException(
                    input.position(), "more bytes behind the %d records".formatted(batch.recordCount()));
        }
    }
}
