package io.vitrine.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// Segments 0, 10 and 20 become one; 30 is the active one. Every file says which segment it belongs to: an index that
/// is beside another log than its own would be found out.
class SegmentSwapTests {
    private static final List<Long> REPLACED = List.of(0L, 10L, 20L);
    static final List<Long> SEEDS = List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);

    @TempDir
    Path root;

    @Test
    void putsTheNewSegmentInPlaceAndKeepsTheOldOnesUnderAnotherName() throws IOException {
        var directory = prepare("all");

        new SegmentSwap(new LocalDisk(), directory).replace(REPLACED);

        assertThat(contentOf(directory)).isEqualTo("new new new new; 30 30 30 -");
        assertThat(new LocalDisk().list(directory))
                .filteredOn(name -> name.endsWith(".deleted"))
                .hasSize(11);
    }

    @Test
    void replacedFilesCanBeDeletedLater() throws IOException {
        var directory = prepare("later");
        var swap = new SegmentSwap(new LocalDisk(), directory);
        swap.replace(REPLACED);

        for (long old : REPLACED) {
            swap.deleteReplaced(old);
        }

        assertThat(new LocalDisk().list(directory)).hasSize(7);
    }

    @Test
    void aCrashBetweenAnyTwoStepsIsGoneOnFrom() throws IOException {
        var seen = new HashSet<String>();
        int steps = stepsOfReplace();
        for (int survived = 0; survived <= steps; survived++) {
            var directory = prepare("crash" + survived);
            crashAfter(survived, disk -> new SegmentSwap(disk, directory).replace(REPLACED));

            new SegmentSwap(new FailingDisk(Integer.MAX_VALUE), directory).recover();

            seen.add(requireOldOrNew(directory));
        }
        assertThat(seen).hasSize(2);
    }

    @Test
    void aCrashWhileGoingOnIsGoneOnFrom() throws IOException {
        int steps = stepsOfReplace();
        for (int survived = 0; survived <= steps; survived++) {
            boolean again = true;
            for (int more = 0; again; more++) {
                var directory = prepare("crash" + survived + "-" + more);
                crashAfter(survived, disk -> new SegmentSwap(disk, directory).replace(REPLACED));
                again = crashAfter(more, disk -> new SegmentSwap(disk, directory).recover());

                new SegmentSwap(new FailingDisk(Integer.MAX_VALUE), directory).recover();

                requireOldOrNew(directory);
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @FieldSource("SEEDS")
    void aLossOfPowerMayForgetWhatWasNotForced(long seed) throws IOException {
        var random = new Random(seed);
        int steps = stepsOfReplace();
        for (int survived = 0; survived <= steps; survived++) {
            var directory = prepare("power" + survived);
            var disk = new FailingDisk(survived);
            try {
                new SegmentSwap(disk, directory).replace(REPLACED);
            } catch (IOException e) {
                assertThat(e).hasMessage("crash");
            }
            disk.forgetSome(random);

            new SegmentSwap(new FailingDisk(Integer.MAX_VALUE), directory).recover();

            requireOldOrNew(directory);
        }
    }

    @Test
    void whatWasNotFinishedIsDeletedOnOpening() throws IOException {
        var directory = prepare("unfinished");

        new SegmentSwap(new FailingDisk(Integer.MAX_VALUE), directory).recover();

        assertThat(contentOf(directory)).isEqualTo("0 0 0 0; 10 10 10 10; 20 20 20 -; 30 30 30 -");
    }

    @Test
    void whatIsDiscardedIsGone() throws IOException {
        var directory = prepare("discarded");

        new SegmentSwap(new LocalDisk(), directory).discardCleaned(0);

        assertThat(new LocalDisk().list(directory)).noneMatch(name -> name.endsWith(".cleaned"));
    }

    private String requireOldOrNew(Path directory) throws IOException {
        var content = contentOf(directory);
        assertThat(content).isIn("new new new new; 30 30 30 -", "0 0 0 0; 10 10 10 10; 20 20 20 -; 30 30 30 -");
        assertThat(new LocalDisk().list(directory))
                .noneMatch(name -> name.endsWith(".cleaned") || name.endsWith(".swap") || name.endsWith(".deleted"));
        return content;
    }

    /// What the segments of a directory have: log, index, timeindex, txnindex.
    private static String contentOf(Path directory) throws IOException {
        var segments = new ArrayList<String>();
        for (long base : List.of(0L, 10L, 20L, 30L)) {
            var log = directory.resolve(SegmentSwap.logName(base));
            if (Files.exists(log)) {
                var file = new StringBuilder(mark(Files.readAllBytes(log)));
                for (var suffix : SegmentSwap.INDEX_SUFFIXES) {
                    var index = directory.resolve("%020d%s".formatted(base, suffix));
                    file.append(' ').append(Files.exists(index) ? Files.readString(index) : "-");
                }
                segments.add(file.toString());
            } else {
                assertThat(directory.resolve("%020d.txnindex".formatted(base))).doesNotExist();
            }
        }
        return String.join("; ", segments);
    }

    /// The mark is the key of the last record.
    private static String mark(byte[] log) {
        var bytes = ByteBuffer.wrap(log);
        int at = 0;
        while (at + RecordBatch.at(bytes, at).sizeInBytes() < log.length) {
            at += RecordBatch.at(bytes, at).sizeInBytes();
        }
        at += RecordBatch.RECORDS;
        var text = new String(log, at, log.length - at, StandardCharsets.US_ASCII);
        return text.substring(text.indexOf('<') + 1, text.indexOf('>'));
    }

    private Path prepare(String name) throws IOException {
        var directory = Files.createDirectories(root.resolve(name));
        try (var paths = Files.list(directory)) {
            for (var path : paths.toList()) {
                Files.delete(path);
            }
        }
        for (long base : List.of(0L, 10L, 20L, 30L)) {
            write(directory, base, "", String.valueOf(base), base, base < 20);
        }
        write(directory, 0, ".cleaned", "new", 25, true);
        return directory;
    }

    private static void write(
            Path directory, long base, String suffix, String mark, long lastBaseOffset, boolean transactions)
            throws IOException {
        var bytes = KeyedBatches.of("<" + mark + ">=x");
        RecordBatch.at(bytes, 0).assign(lastBaseOffset, 0);
        try (var file = SegmentFile.open(new LocalDisk(), directory.resolve(SegmentSwap.logName(base) + suffix))) {
            file.write(bytes, 0);
        }
        for (var index : transactions ? SegmentSwap.INDEX_SUFFIXES : SegmentSwap.INDEX_SUFFIXES.subList(0, 2)) {
            Files.writeString(directory.resolve("%020d%s%s".formatted(base, index, suffix)), mark);
        }
    }

    private int stepsOfReplace() throws IOException {
        var directory = prepare("count");
        var disk = new FailingDisk(Integer.MAX_VALUE);
        new SegmentSwap(disk, directory).replace(REPLACED);
        return disk.steps();
    }

    @FunctionalInterface
    private interface Work {
        void on(Disk disk) throws IOException;
    }

    /// @return did it crash?
    private static boolean crashAfter(int steps, Work work) throws IOException {
        var disk = new FailingDisk(steps);
        try {
            work.on(disk);
            return false;
        } catch (IOException e) {
            assertThat(e).hasMessage("crash");
            return true;
        }
    }
}
