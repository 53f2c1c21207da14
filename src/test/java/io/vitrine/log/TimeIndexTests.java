package io.vitrine.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class TimeIndexTests {
    private static final long BASE_OFFSET = 5_000_000_000L;
    static final List<Long> SEEDS = List.of(1L, 2L, 3L);

    @ParameterizedTest(name = "seed {0}")
    @FieldSource("SEEDS")
    void findsWhatASortedMapWouldFindAlsoAfterBeingWrittenAndRead(long seed) {
        var random = new Random(seed);
        var index = new TimeIndex(BASE_OFFSET);
        var model = new TreeMap<Long, Long>();
        long timestamp = 1000;
        for (long offset = BASE_OFFSET; offset < BASE_OFFSET + 300; offset += random.nextInt(4)) {
            timestamp += 1 + random.nextInt(10);
            assertThat(index.maybeAdd(timestamp, offset)).isTrue();
            model.put(timestamp, offset);
        }

        var read = TimeIndex.decode(BASE_OFFSET, index.encode()).orElseThrow();

        assertThat(index.sizeInBytes()).isEqualTo(12 * index.count());
        assertThat(read.last())
                .contains(new TimeIndexEntry(timestamp, model.lastEntry().getValue()));
        for (long target = 990; target <= timestamp + 10; target++) {
            var expected = Optional.ofNullable(model.floorEntry(target))
                    .map(e -> new TimeIndexEntry(e.getKey(), e.getValue()));
            assertThat(index.floor(target)).isEqualTo(expected);
            assertThat(read.floor(target)).isEqualTo(expected);
        }
    }

    @Test
    void addsOnlyWhatIsYounger() {
        var index = new TimeIndex(BASE_OFFSET);

        assertThat(index.maybeAdd(-1, BASE_OFFSET)).isFalse();
        assertThat(index.maybeAdd(10, BASE_OFFSET + 3)).isTrue();
        assertThat(index.maybeAdd(10, BASE_OFFSET + 4)).isFalse();
        assertThat(index.maybeAdd(9, BASE_OFFSET + 4)).isFalse();
        assertThat(index.maybeAdd(11, BASE_OFFSET + 2)).isFalse();
        assertThat(index.maybeAdd(11, BASE_OFFSET + 3)).isTrue();
        assertThatIllegalStateException().isThrownBy(() -> index.maybeAdd(12, BASE_OFFSET - 1));
    }

    @Test
    void dropsEntriesFromAnOffsetOnAndShowsTheOthersInPages() {
        var index = threeEntries();

        index.truncateTo(BASE_OFFSET + 30);

        assertThat(index.entries(0, 9))
                .containsExactly(new TimeIndexEntry(100, BASE_OFFSET + 10), new TimeIndexEntry(200, BASE_OFFSET + 20));
        assertThat(index.entries(1, 1)).containsExactly(new TimeIndexEntry(200, BASE_OFFSET + 20));
        index.truncateTo(BASE_OFFSET);
        assertThat(index.last()).isEmpty();
    }

    @Test
    void ignoresTheZerosThatACrashLeavesBehind() {
        var entries = threeEntries().encode();
        var file = ByteBuffer.allocate(120).put(entries.duplicate()).rewind();

        assertThat(TimeIndex.decode(BASE_OFFSET, file).orElseThrow().encode()).isEqualTo(entries);
    }

    @Test
    void refusesWhatIsNotInOrder() {
        assertThat(decode(100, 1, 100, 2)).isFalse();
        assertThat(decode(100, 2, 101, 1)).isFalse();
        assertThat(decode(-2, 1)).isFalse();
        assertThat(decode(100, -1)).isFalse();
        assertThat(decode(100, 1, 101, 1)).isTrue();
    }

    @Test
    void nothingThatLiesInTheFileMakesReadingItFail() {
        Damage.each(threeEntries().encode(), file -> {
            var read = TimeIndex.decode(BASE_OFFSET, file);
            assertThat(read.isEmpty() || read.get().sizeInBytes() <= file.limit())
                    .isTrue();
            if (file.limit() % 12 != 0) {
                assertThat(read).isEmpty();
            }
        });
    }

    private static TimeIndex threeEntries() {
        var index = new TimeIndex(BASE_OFFSET);
        index.maybeAdd(100, BASE_OFFSET + 10);
        index.maybeAdd(200, BASE_OFFSET + 20);
        index.maybeAdd(300, BASE_OFFSET + 30);
        return index;
    }

    /// @param values a timestamp, a relative offset, and so on
    private static boolean decode(int... values) {
        var file = ByteBuffer.allocate(6 * values.length);
        for (int i = 0; i < values.length; i += 2) {
            file.putLong(values[i]).putInt(values[i + 1]);
        }
        return TimeIndex.decode(BASE_OFFSET, file.flip()).isPresent();
    }
}
