package io.vitrine.record;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The uncompressed records of a batch, read forwards: straight from the batch where it is not compressed, else
/// through a small window refilled from the decompressor. So memory does not depend on what the bytes claim.
///
/// Variable-length integers are Kafka's (and Protocol Buffers'): seven bits a byte, low ones first, zig-zag signs.
public final class RecordInput implements Closeable {
    private static final int WINDOW_SIZE_IN_BYTES = 16 * 1024;
    private static final int MAX_VARINT_BYTES = 5;
    private static final int MAX_VARLONG_BYTES = 10;

    private final @Nullable InputStream compressed;
    private final long maxBytes;
    private final byte[] unpacked;
    private ByteBuffer window;
    private long windowStart;

    private RecordInput(ByteBuffer plain) {
        this.compressed = null;
        this.maxBytes = Long.MAX_VALUE;
        this.unpacked = new byte[0];
        this.window = plain;
    }

    private RecordInput(InputStream compressed, long maxBytes) {
        this.compressed = compressed;
        this.maxBytes = maxBytes;
        this.unpacked = new byte[WINDOW_SIZE_IN_BYTES];
        this.window = ByteBuffer.wrap(unpacked).limit(0);
    }

    /// Opens the records of `batch`, which must be whole.
    ///
    /// @param maxUncompressedBytes where unpacking stops with a [MalformedRecordException]
    /// @throws IOException if the codec is unknown or does not accept its first bytes
    public static RecordInput of(RecordBatch batch, long maxUncompressedBytes) throws IOException {
        var bytes = batch.recordBytes();
        if (!batch.attributes().isCompressed()) {
            return new RecordInput(bytes);
        }
        var codec = Codec.find(batch.attributes().codecId())
                .orElseThrow(() -> new MalformedRecordException(
                        0, "codec %d is unknown".formatted(batch.attributes().codecId())));
        return new RecordInput(Decompression.open(codec, bytes), maxUncompressedBytes);
    }

    /// Bytes read so far.
    public long position() {
        return windowStart + window.position();
    }

    /// Is there nothing left? Unpacks a little more to find out.
    public boolean isAtEnd() throws IOException {
        return !window.hasRemaining() && !refill();
    }

    public byte readByte() throws IOException {
        requireMore();
        return window.get();
    }

    /// A zig-zag integer of 32 bits.
    public int readVarint() throws IOException {
        long raw = readUnsigned(MAX_VARINT_BYTES) & 0xffff_ffffL;
        return (int) (raw >>> 1) ^ -(int) (raw & 1);
    }

    /// A zig-zag integer of 64 bits.
    public long readVarlong() throws IOException {
        long raw = readUnsigned(MAX_VARLONG_BYTES);
        return (raw >>> 1) ^ -(raw & 1);
    }

    /// Copies exactly `count` bytes out; memory is taken as bytes arrive, not as `count` claims.
    public byte[] readBytes(int count) throws IOException {
        if (compressed == null && count > window.remaining()) {
            throw endsTooEarly();
        }
        var bytes = new byte[Math.min(count, WINDOW_SIZE_IN_BYTES)];
        int filled = 0;
        while (filled < count) {
            requireMore();
            if (filled == bytes.length) {
                bytes = Arrays.copyOf(bytes, (int) Math.min(count, 2L * bytes.length));
            }
            int part = Math.min(bytes.length - filled, window.remaining());
            window.get(bytes, filled, part);
            filled += part;
        }
        return bytes;
    }

    /// Copies out what there is without unpacking more, as far as it fits; nothing is left only at the end.
    ///
    /// @return how many bytes
    int readSome(byte[] target) throws IOException {
        requireMore();
        int count = Math.min(target.length, window.remaining());
        window.get(target, 0, count);
        return count;
    }

    public void skip(long count) throws IOException {
        long left = count;
        while (left > 0) {
            requireMore();
            int part = (int) Math.min(left, window.remaining());
            window.position(window.position() + part);
            left -= part;
        }
    }

    /// Reads over all that is left.
    public void skipToEnd() throws IOException {
        while (!isAtEnd()) {
            window.position(window.limit());
        }
    }

    @Override
    public void close() throws IOException {
        if (compressed != null) {
            compressed.close();
        }
    }

    private long readUnsigned(int maxBytesOfInteger) throws IOException {
        long value = 0;
        for (int i = 0; i < maxBytesOfInteger; i++) {
            byte next = readByte();
            value |= (next & 0x7fL) << (7 * i);
            if (next >= 0) {
                return value;
            }
        }
        throw new MalformedRecordException(
                position(), "a variable-length integer has more than %d bytes".formatted(maxBytesOfInteger));
    }

    private void requireMore() throws IOException {
        if (isAtEnd()) {
            throw endsTooEarly();
        }
    }

    private MalformedRecordException endsTooEarly() {
        return new MalformedRecordException(position(), "the records end in the middle of one");
    }

    private boolean refill() throws IOException {
        if (compressed == null) {
            return false;
        }
        windowStart += window.position();
        if (windowStart >= maxBytes) {
            throw new MalformedRecordException(
                    windowStart, "the records unpack to more than the %d bytes allowed".formatted(maxBytes));
        }
        int count = unpackSome(compressed, unpacked);
        window.position(0).limit(Math.max(count, 0));
        return count > 0;
    }

    // A decompressor reports damage as whatever its library throws; to a caller it is always damage to the records.
    private int unpackSome(InputStream source, byte[] target) throws IOException {
        try {
            int count = source.read(target, 0, target.length);
            return count == 0 ? unpackOne(source, target) : count;
        } catch (IOException | RuntimeException e) {
            var damaged =
                    new MalformedRecordException(windowStart, "the compressed records are damaged: " + e.getMessage());
            damaged.initCause(e);
            throw damaged;
        }
    }

    private static int unpackOne(InputStream source, byte[] target) throws IOException {
        int value = source.read();
        if (value < 0) {
            return -1;
        }
        target[0] = (byte) value;
        return 1;
    }
}
