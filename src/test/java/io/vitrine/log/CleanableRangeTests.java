package io.vitrine.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class CleanableRangeTests {
    private static final LogSettings.Compaction SETTINGS =
            new LogSettings.Compaction(true, 0.5, 0, Long.MAX_VALUE, 1000);
    private static final long NOW = 10_000;

    /// Segments 0, 10, 20 and the active 30, of 100 bytes each; the timestamps of segment n are 100 n to 100 n + 99.
    private static final List<Bare> SEGMENTS = List.of(new Bare(0), new Bare(10), new Bare(20), new Bare(30));

    @Test
    void allIsDirtyUpToTheActiveSegmentWhereNothingIsNoted() {
        var range = CleanableRange.of(SEGMENTS, offsets(0, 35), OptionalLong.empty(), SETTINGS, NOW);

        assertThat(range).isEqualTo(new CleanableRange(0, 30, 0, 300, 0, false));
        assertThat(range.dirtyRatio()).isEqualTo(1);
        assertThat(range.isDue(SETTINGS)).isTrue();
    }

    @Test
    void theDirtyRatioHasToBeExceeded() {
        var half = CleanableRange.of(SEGMENTS, offsets(0, 35), OptionalLong.of(10), SETTINGS, NOW);
        assertThat(half).isEqualTo(new CleanableRange(10, 30, 100, 200, 0, false));
        assertThat(half.isDue(SETTINGS)).isTrue();

        var third = CleanableRange.of(SEGMENTS, offsets(0, 35), OptionalLong.of(20), SETTINGS, NOW);
        assertThat(third).isEqualTo(new CleanableRange(20, 30, 200, 100, 0, false));
        assertThat(third.isDue(SETTINGS)).isFalse();
    }

    @Test
    void anOpenTransactionHoldsItsSegmentBack() {
        var range = CleanableRange.of(SEGMENTS, offsets(0, 25), OptionalLong.empty(), SETTINGS, NOW);

        assertThat(range.firstUncleanableOffset()).isEqualTo(20);
        assertThat(range.dirtyBytes()).isEqualTo(200);
    }

    @Test
    void youngSegmentsAreLeftAlone() {
        var settings = new LogSettings.Compaction(true, 0.5, 500, Long.MAX_VALUE, 1000);

        var atLimit = CleanableRange.of(SEGMENTS, offsets(0, 35), OptionalLong.empty(), settings, 1599);
        var before = CleanableRange.of(SEGMENTS, offsets(0, 35), OptionalLong.empty(), settings, 1598);

        assertThat(atLimit).isEqualTo(new CleanableRange(0, 20, 0, 200, 0, false));
        assertThat(before).isEqualTo(new CleanableRange(0, 10, 0, 100, 0, false));
    }

    @Test
    void oldDirtyRecordsAreDueWhateverTheRatio() {
        var settings = new LogSettings.Compaction(true, 1, 0, 500, 1000);

        var due = CleanableRange.of(SEGMENTS, offsets(0, 35), OptionalLong.of(20), settings, 2501);
        var notYet = CleanableRange.of(SEGMENTS, offsets(0, 35), OptionalLong.of(20), settings, 2500);

        assertThat(due.overdueMs()).isEqualTo(1);
        assertThat(due.isDue(settings)).isTrue();
        assertThat(notYet.isDue(settings)).isFalse();
    }

    @Test
    void anOffsetOutsideTheLogIsReplacedByItsStart() {
        for (long noted : List.of(5L, 41L)) {
            var range = CleanableRange.of(SEGMENTS, offsets(10, 35), OptionalLong.of(noted), SETTINGS, NOW);

            assertThat(range.firstDirtyOffset()).isEqualTo(10);
            assertThat(range.checkpointInvalid()).isTrue();
        }
    }

    @Test
    void nothingIsDirtyBehindTheLastClosedSegment() {
        var range = CleanableRange.of(SEGMENTS, offsets(0, 35), OptionalLong.of(30), SETTINGS, NOW);

        assertThat(range).isEqualTo(new CleanableRange(30, 30, 300, 0, 0, false));
        assertThat(range.isDue(SETTINGS)).isFalse();
    }

    @Test
    void aLogOfOneSegmentIsNeverDue() {
        var range = CleanableRange.of(List.of(new Bare(0)), offsets(0, 5), OptionalLong.empty(), SETTINGS, NOW);

        assertThat(range).isEqualTo(new CleanableRange(0, 0, 0, 0, 0, false));
        assertThat(range.isDue(SETTINGS)).isFalse();
    }

    private static Offsets offsets(long start, long lastStable) {
        return new Offsets(start, lastStable, 40, 40, 40);
    }

    private record Bare(long baseOffset) implements CompactionSegment {
        @Override
        public int sizeInBytes() {
            return 100;
        }

        @Override
        public long firstBatchTimestamp() {
            return 100 * baseOffset;
        }

        @Override
        public long largestTimestamp() {
            return 100 * baseOffset + 99;
        }

        @Override
        public int offsetIndexBytes() {
            return 0;
        }

        @Override
        public int timeIndexBytes() {
            return 0;
        }

        @Override
        public void read(ByteBuffer target, long position) {
            throw new UnsupportedOperationException();
        }
    }
}
