package io.vitrine.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameAssemblerTests {
    private static final int MAX_FRAME_BYTES = 1_000_000;
    static final List<Long> SEEDS = List.of(1L, 2L, 3L, 4L, 5L, 6L);

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    private final MemoryBudget budget = new MemoryBudget(10_000_000);

    @ParameterizedTest(name = "seed {0}")
    @FieldSource("SEEDS")
    void findsTheSameFramesHoweverTheBytesAreCut(long seed) throws BadFrameException {
        var random = new Random(seed);
        var sent = new ArrayList<byte[]>();
        var stream = Unpooled.buffer();
        for (int i = 0; i < 50; i++) {
            var frame = new byte[8 + random.nextInt(i % 10 == 0 ? 300_000 : 500)];
            random.nextBytes(frame);
            sent.add(frame);
            stream.writeInt(frame.length).writeBytes(frame);
        }

        var assembler = assembler(budget, () -> {});
        var received = new ArrayList<byte[]>();
        while (stream.isReadable()) {
            int part = Math.min(stream.readableBytes(), 1 + random.nextInt(random.nextBoolean() ? 5 : 100_000));
            feed(assembler, stream.readBytes(part), received);
        }

        assertThat(received).hasSameSizeAs(sent);
        for (int i = 0; i < sent.size(); i++) {
            assertThat(received.get(i)).isEqualTo(sent.get(i));
        }
        assertThat(budget.available()).isEqualTo(10_000_000);
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 7, Integer.MIN_VALUE, MAX_FRAME_BYTES + 1, Integer.MAX_VALUE})
    void anImpossibleLengthIsRefused(int length) {
        var assembler = assembler(budget, () -> {});

        assertThatExceptionOfType(BadFrameException.class)
                .isThrownBy(() -> assembler.next(Unpooled.buffer().writeInt(length)))
                .withMessageContaining(String.valueOf(length));
    }

    @Test
    void httpIsRecognised() {
        var assembler = assembler(budget, () -> {});

        assertThatExceptionOfType(BadFrameException.class)
                .isThrownBy(() ->
                        assembler.next(Unpooled.copiedBuffer("GET / HTTP/1.1".getBytes(StandardCharsets.US_ASCII))))
                .withMessageContaining("not HTTP");
    }

    @Test
    void memoryGrowsWithWhatArrivesAndNotWithWhatIsDeclared() throws BadFrameException {
        var assembler = assembler(budget, () -> {});

        assembler.next(Unpooled.buffer().writeInt(MAX_FRAME_BYTES).writeZero(100));

        assertThat(allocator.metric().usedDirectMemory()).isLessThanOrEqualTo(64 * 1024);
        assembler.close();
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    @Test
    void whoeverFindsNoMemoryWaitsUntilSomeIsGivenBack() throws BadFrameException {
        var small = new MemoryBudget(100_000);
        var called = new AtomicInteger();
        var first = assembler(small, () -> {});
        var second = assembler(small, called::incrementAndGet);
        var third = assembler(small, called::incrementAndGet);
        var bytes = Unpooled.buffer().writeInt(200_000).writeZero(50_000);

        // The first fits, the second may go over the limit, the third has to wait.
        first.next(bytes.copy());
        second.next(bytes.copy());
        var unread = bytes.copy();
        third.next(unread);

        assertThat(third.waitsForMemory()).isTrue();
        assertThat(unread.readableBytes()).isEqualTo(50_000);
        second.close();
        assertThat(called).hasValue(1);
        assertThat(third.next(unread)).isNull();
        assertThat(third.waitsForMemory()).isFalse();
        assertThat(unread.isReadable()).isFalse();
    }

    private FrameAssembler assembler(MemoryBudget memory, Runnable whenFree) {
        return new FrameAssembler(allocator, memory, MAX_FRAME_BYTES, whenFree);
    }

    private static void feed(FrameAssembler assembler, ByteBuf in, List<byte[]> received) throws BadFrameException {
        for (var frame = assembler.next(in); frame != null; frame = assembler.next(in)) {
            var bytes = new byte[frame.bytes().readableBytes()];
            frame.bytes().getBytes(frame.bytes().readerIndex(), bytes);
            received.add(bytes);
            assembler.release(frame);
        }
        in.release();
    }
}
