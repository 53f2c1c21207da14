package io.vitrine.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/// Cuts the bytes of one connection into requests: a length of 4 bytes, then that many bytes. A request that arrives
/// in one piece is a slice of what was read. Memory for others grows with the bytes that have come, never with the
/// length that was declared, and comes out of a budget. For one event loop.
final class FrameAssembler {
    // Less than this is no request header.
    static final int MIN_FRAME_BYTES = 8;
    private static final int LENGTH_BYTES = 4;
    private static final int INITIAL_BYTES = 64 * 1024;

    private final ByteBufAllocator allocator;
    private final MemoryBudget budget;
    private final int maxFrameBytes;
    private final Runnable whenMemoryIsFree;
    private int lengthBytes;
    private int frameLength;
    private int earnedTrust = INITIAL_BYTES;
    private @Nullable ByteBuf partial;
    private boolean waitsForMemory;

    /// @param whenMemoryIsFree run on any thread when it is worth trying again after [#waitsForMemory()]
    FrameAssembler(ByteBufAllocator allocator, MemoryBudget budget, int maxFrameBytes, Runnable whenMemoryIsFree) {
        this.allocator = allocator;
        this.budget = budget;
        this.maxFrameBytes = maxFrameBytes;
        this.whenMemoryIsFree = whenMemoryIsFree;
    }

    /// Takes bytes from `in` up to the end of the next request.
    ///
    /// @return the request, for the caller to give back through [#release], or null if more bytes or memory are
    /// needed
    /// @throws BadFrameException if the length is impossible
    @Nullable
    Frame next(ByteBuf in) throws BadFrameException {
        if (lengthBytes < LENGTH_BYTES && !readLength(in)) {
            return null;
        }
        if (partial == null && in.readableBytes() >= frameLength) {
            lengthBytes = 0;
            return new Frame(in.readRetainedSlice(frameLength), 0);
        }
        var gathered = gather(in);
        if (gathered == null || gathered.readableBytes() < frameLength) {
            return null;
        }
        partial = null;
        lengthBytes = 0;
        earnedTrust = Math.max(earnedTrust, frameLength);
        return new Frame(gathered, gathered.capacity());
    }

    /// Takes a request back whose bytes nobody needs any more.
    void release(Frame frame) {
        frame.bytes().release();
        if (frame.budgetBytes() > 0) {
            budget.release(frame.budgetBytes(), this);
        }
    }

    /// Has a request begun that is not complete?
    boolean isInsideFrame() {
        return lengthBytes > 0;
    }

    /// Is there no memory for bytes that are there?
    boolean waitsForMemory() {
        return waitsForMemory;
    }

    /// Drops what has been gathered.
    void close() {
        if (partial != null) {
            release(new Frame(partial, partial.capacity()));
            partial = null;
        }
    }

    private boolean readLength(ByteBuf in) throws BadFrameException {
        while (lengthBytes < LENGTH_BYTES && in.isReadable()) {
            frameLength = (lengthBytes == 0 ? 0 : frameLength << Byte.SIZE) | in.readUnsignedByte();
            lengthBytes++;
        }
        if (lengthBytes < LENGTH_BYTES) {
            return false;
        }
        if (frameLength < MIN_FRAME_BYTES || frameLength > maxFrameBytes) {
            throw ForeignBytes.explain(frameLength, in, maxFrameBytes);
        }
        return true;
    }

    /// Copies what `in` has of the request; null if there is no memory even to begin.
    private @Nullable ByteBuf gather(ByteBuf in) {
        waitsForMemory = false;
        var target = partial;
        while (in.isReadable() && (target == null || target.readableBytes() < frameLength)) {
            if (target == null || !target.isWritable()) {
                target = grow(target);
                if (target == null) {
                    waitsForMemory = true;
                    return partial;
                }
                partial = target;
            }
            target.writeBytes(in, Math.min(target.writableBytes(), in.readableBytes()));
        }
        return target;
    }

    /// Doubles the room; a client that has sent a large request before gets the room for one at once.
    private @Nullable ByteBuf grow(@Nullable ByteBuf target) {
        int before = target == null ? 0 : target.capacity();
        int after = (int) Math.min(frameLength, target == null ? earnedTrust : 2L * before);
        if (!budget.acquire(after - before, this, whenMemoryIsFree)) {
            return null;
        }
        try {
            return target == null ? allocator.directBuffer(after, frameLength) : target.capacity(after);
        } catch (RuntimeException | Error e) {
            budget.release(after - before, this);
            throw e;
        }
    }
}
