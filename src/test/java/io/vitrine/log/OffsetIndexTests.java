package io.vitrine.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class OffsetIndexTests {
    private static final long BASE_OFFSET = 5_000_000_000L;
    static final List<Long> SEEDS = List.of(1L, 2L, 3L);

    @ParameterizedTest(name = "seed {0}")
    @FieldSource("SEEDS")
    void findsWhatASortedMapWouldFindAlsoAfterBeingWrittenAndRead(long seed) {
        var random = new Random(seed);
        var index = new OffsetIndex(BASE_OFFSET);
        var model = new TreeMap<>(Map.of(BASE_OFFSET, 0));
        long offset = BASE_OFFSET;
        for (int position = 100; position < 10_000; position += 1 + random.nextInt(200)) {
            offset += 1 + random.nextInt(50);
            index.add(offset, position);
            model.put(offset, position);
        }

        var read = OffsetIndex.decode(BASE_OFFSET, index.encode()).orElseThrow();

        assertThat(index.sizeInBytes()).isEqualTo(8 * index.count());
        for (long target = BASE_OFFSET - 2; target <= offset + 10; target++) {
            var expected = model.floorEntry(Math.max(target, BASE_OFFSET));
            var entry = new OffsetIndexEntry(expected.getKey(), expected.getValue());
            assertThat(index.floor(target)).isEqualTo(entry);
            assertThat(read.floor(target)).isEqualTo(entry);
        }
    }

    @Test
    void showsEntriesInPages() {
        var index = threeEntries();

        assertThat(index.entries(1, 5))
                .containsExactly(
                        new OffsetIndexEntry(BASE_OFFSET + 20, 200), new OffsetIndexEntry(BASE_OFFSET + 30, 300));
        assertThat(index.entries(0, 1)).containsExactly(new OffsetIndexEntry(BASE_OFFSET + 10, 100));
        assertThat(index.entries(3, 1)).isEmpty();
    }

    @Test
    void dropsEntriesFromAPositionOn() {
        var index = threeEntries();

        index.truncateTo(300);
        assertThat(index.count()).isEqualTo(2);
        index.truncateTo(150);
        assertThat(index.entries(0, 9)).containsExactly(new OffsetIndexEntry(BASE_OFFSET + 10, 100));
        index.truncateTo(0);
        assertThat(index.count()).isZero();

        index.add(BASE_OFFSET + 11, 110);
        assertThat(index.lastPosition()).isEqualTo(110);
    }

    @Test
    void ignoresTheZerosThatACrashLeavesBehind() {
        var entries = threeEntries().encode();
        var file = ByteBuffer.allocate(1024).put(entries.duplicate()).rewind();

        assertThat(OffsetIndex.decode(BASE_OFFSET, file).orElseThrow().encode()).isEqualTo(entries);
        assertThat(file.position()).isZero();
        assertThat(OffsetIndex.decode(BASE_OFFSET, ByteBuffer.allocate(1024))
                        .orElseThrow()
                        .count())
                .isZero();
    }

    @Test
    void refusesWhatIsNotInOrder() {
        assertThat(decode(10, 100, 10, 200)).isFalse();
        assertThat(decode(10, 100, 20, 100)).isFalse();
        assertThat(decode(10, 100, 0, 0, 20, 200)).isFalse();
        assertThat(decode(-1, 100)).isFalse();
        assertThat(decode(10, -100)).isFalse();
        assertThat(decode(10, 100, 20, 200)).isTrue();
        assertThatIllegalStateException()
                .isThrownBy(() -> threeEntries().add(BASE_OFFSET + 30, 400))
                .withMessageContaining("offset 5000000030 at position 400");
        assertThatIllegalStateException()
                .isThrownBy(() -> threeEntries().add(BASE_OFFSET + Integer.MAX_VALUE + 1L, 400));
        assertThatIllegalStateException().isThrownBy(() -> threeEntries().add(-5_000_000_000L, 400));
    }

    @Test
    void nothingThatLiesInTheFileMakesReadingItFail() {
        Damage.each(threeEntries().encode(), file -> {
            var read = OffsetIndex.decode(BASE_OFFSET, file);
            assertThat(read.isEmpty() || read.get().sizeInBytes() <= file.limit())
                    .isTrue();
            if (file.limit() % 8 != 0) {
                assertThat(read).isEmpty();
            }
        });
    }

    private static OffsetIndex threeEntries() {
        var index = new OffsetIndex(BASE_OFFSET);
        index.add(BASE_OFFSET + 10, 100);
        index.add(BASE_OFFSET + 20, 200);
        index.add(BASE_OFFSET + 30, 300);
        return index;
    }

    private static boolean decode(int... values) {
        var file = ByteBuffer.allocate(4 * values.length);
        file.asIntBuffer().put(values);
        return OffsetIndex.decode(BASE_OFFSET, file).isPresent();
    }
}
