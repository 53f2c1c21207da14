package io.vitrine.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SimulatedDiskTests {
    private static final Path DIRECTORY = Path.of("/disk/topic-0");
    private static final Path FILE = DIRECTORY.resolve("a");
    private static final Path OTHER = DIRECTORY.resolve("b");
    private static final int MANY = 200;

    @Test
    void whatWasForcedSurvivesAndWhatWasNotMayNot() throws IOException {
        var lengths = new TreeSet<Integer>();
        for (long seed = 0; seed < MANY; seed++) {
            var disk = diskWithFile(seed, 1000);
            write(disk, FILE, 1000, 20_000, 'b');

            disk.cutPower();

            var bytes = read(disk, FILE);
            assertThat(Arrays.copyOf(bytes, 1000)).containsOnly('a');
            lengths.add(bytes.length);
        }
        assertThat(lengths).contains(1000, 21_000).hasSizeGreaterThan(20);
    }

    @Test
    void sectorsComeToDiskInAnyOrderAndHolesAreZeros() throws IOException {
        boolean hole = false;
        boolean whole = false;
        for (long seed = 0; seed < MANY; seed++) {
            var disk = diskWithFile(seed, 1000);
            write(disk, FILE, 1000, 20_000, 'b');

            disk.cutPower();

            var text = text(read(disk, FILE));
            assertThat(text).matches("a{1000}[b\0]*");
            hole |= text.contains("\0b");
            whole |= text.matches("a+b{20000}");
        }
        assertThat(hole).isTrue();
        assertThat(whole).isTrue();
    }

    @Test
    void aSectorIsInOneOfTheStatesItHasBeenIn() throws IOException {
        var found = new TreeSet<String>();
        for (long seed = 0; seed < MANY; seed++) {
            var disk = diskWithFile(seed, 10);
            write(disk, FILE, 0, 5, 'b');
            write(disk, FILE, 3, 5, 'c');

            disk.cutPower();

            found.add(text(read(disk, FILE)));
        }
        assertThat(found).containsExactly("aaaaaaaaaa", "bbbbbaaaaa", "bbbcccccaa");
    }

    @Test
    void aTruncationThatWasNotForcedMayBeLost() throws IOException {
        var lengths = new TreeSet<Integer>();
        for (long seed = 0; seed < MANY; seed++) {
            var disk = diskWithFile(seed, 1000);
            truncate(disk, FILE, 10);
            assertThat(read(disk, FILE)).hasSize(10);

            disk.cutPower();

            lengths.add(read(disk, FILE).length);
        }
        assertThat(lengths).containsExactly(10, 1000);
    }

    @Test
    void namesThatWereNotForcedMayBeLost() throws IOException {
        var found = new HashSet<Set<String>>();
        for (long seed = 0; seed < MANY; seed++) {
            var disk = diskWithFile(seed, 10);
            disk.open(OTHER).close();
            disk.delete(FILE);

            disk.cutPower();

            found.add(Set.copyOf(disk.list(DIRECTORY)));
        }
        assertThat(found).containsExactlyInAnyOrder(Set.of("a"), Set.of("b"), Set.of("a", "b"), Set.of());
    }

    @Test
    void aRenamedFileHasTheOldNameOrTheNewOneButItsContentMustBeForced() throws IOException {
        var found = new TreeSet<String>();
        for (long seed = 0; seed < MANY; seed++) {
            var disk = diskWithFile(seed, 3);
            write(disk, OTHER, 0, 4, 'n');
            disk.forceDirectory(DIRECTORY);
            disk.rename(OTHER, FILE);

            disk.cutPower();

            found.add(String.join(",", new TreeSet<>(disk.list(DIRECTORY))) + " " + text(read(disk, FILE)));
        }
        assertThat(found).contains("a ", "a nnnn", "a,b aaa").doesNotContain("a aaa");
    }

    @Test
    void aDirectoryWhoseParentWasNotForcedMayVanish() throws IOException {
        var found = new HashSet<Boolean>();
        for (long seed = 0; seed < MANY; seed++) {
            var disk = new SimulatedDisk(seed);
            disk.createDirectories(DIRECTORY);
            disk.forceDirectory(DIRECTORY);

            disk.cutPower();

            found.add(disk.exists(DIRECTORY));
        }
        assertThat(found).containsExactlyInAnyOrder(true, false);
    }

    @Test
    void aKilledProcessLosesItsFilesAndNothingElse() throws IOException {
        var disk = diskWithFile(1, 10);
        var file = disk.open(FILE);
        file.write(ByteBuffer.wrap(new byte[10]), 10);

        disk.kill();

        assertThatIOException().isThrownBy(() -> file.write(ByteBuffer.wrap(new byte[10]), 20));
        assertThatIOException().isThrownBy(file::force);
        assertThat(disk.openFileCount()).isZero();
        assertThat(read(disk, FILE)).hasSize(20);
    }

    @Test
    void aForceThatFailedIsNotMendedByOneThatSucceeds() throws IOException {
        int lost = 0;
        for (long seed = 0; seed < MANY; seed++) {
            var disk = diskWithFile(seed, 10);
            write(disk, FILE, 10, 10, 'b');
            disk.faults().failAfter(0, DiskOperation.FORCE, DiskFailure.IO_ERROR);
            assertThatIOException().isThrownBy(() -> force(disk, FILE)).withMessage("Input/output error");
            force(disk, FILE);
            assertThat(text(read(disk, FILE))).isEqualTo("a".repeat(10) + "b".repeat(10));

            if (seed % 2 == 0) {
                disk.dropCaches();
            } else {
                disk.cutPower();
            }

            lost += text(read(disk, FILE)).endsWith("b".repeat(10)) ? 0 : 1;
        }
        assertThat(lost).isBetween(MANY / 4, MANY - 1);
    }

    @Test
    void aForceOfADirectoryThatFailedIsNotMendedEither() throws IOException {
        var found = new HashSet<Boolean>();
        for (long seed = 0; seed < MANY; seed++) {
            var disk = diskWithFile(seed, 10);
            disk.rename(FILE, OTHER);
            disk.faults().failAfter(0, DiskOperation.FORCE_DIRECTORY, DiskFailure.IO_ERROR);
            assertThatIOException().isThrownBy(() -> disk.forceDirectory(DIRECTORY));
            disk.forceDirectory(DIRECTORY);
            assertThat(disk.list(DIRECTORY)).containsExactly("b");

            disk.cutPower();

            found.add(disk.exists(OTHER));
        }
        assertThat(found).containsExactlyInAnyOrder(true, false);
    }

    @Test
    void aFullDiskTakesWhatItHasRoomFor() throws IOException {
        var disk = diskWithFile(1, 1000);
        disk.limitCapacity(1500);
        try (var file = disk.open(OTHER)) {
            assertThat(file.write(ByteBuffer.wrap(new byte[600]), 0)).isEqualTo(500);
            assertThatIOException()
                    .isThrownBy(() -> file.write(ByteBuffer.wrap(new byte[100]), 500))
                    .withMessage("No space left on device");
            assertThat(disk.usableBytes(DIRECTORY)).isZero();
            assertThat(file.write(ByteBuffer.wrap(new byte[100]), 300)).isEqualTo(100);

            file.truncate(200);
            assertThat(disk.usableBytes(DIRECTORY)).isEqualTo(300);
            disk.delete(FILE);
            assertThat(disk.usableBytes(DIRECTORY)).isEqualTo(1300);
            disk.limitCapacity(2000);

            assertThat(file.write(ByteBuffer.wrap(new byte[1500]), 200)).isEqualTo(1500);
        }
    }

    @Test
    void aDeletedFileTakesSpaceUntilItIsClosed() throws IOException {
        var disk = diskWithFile(1, 1000);
        disk.limitCapacity(1000);
        var file = disk.open(FILE);
        disk.delete(FILE);
        assertThat(disk.usableBytes(DIRECTORY)).isZero();

        file.close();

        assertThat(disk.usableBytes(DIRECTORY)).isEqualTo(1000);
    }

    @Test
    void aFullDiskMaySaySoWhenItIsForcedAndOnlyOnce() throws IOException {
        var disk = diskWithFile(1, 1000);
        disk.limitCapacity(1200);
        disk.tellThatItIsFullOnlyWhenForced(true);
        write(disk, FILE, 1000, 500, 'b');
        assertThatIOException().isThrownBy(() -> force(disk, FILE)).withMessage("No space left on device");
        force(disk, FILE);
        assertThat(read(disk, FILE)).hasSize(1500);

        disk.cutPower();

        assertThat(read(disk, FILE)).hasSize(1000);
    }

    @Test
    void failsWhenItIsToldTo() throws IOException {
        var disk = diskWithFile(1, 10);
        for (var operation : DiskOperation.values()) {
            disk.faults().failEvery(1, operation, DiskFailure.IO_ERROR);
        }

        assertThatIOException().isThrownBy(() -> disk.open(FILE));
        assertThatIOException().isThrownBy(() -> disk.rename(FILE, OTHER));
        assertThatIOException().isThrownBy(() -> disk.delete(FILE));
        assertThatIOException().isThrownBy(() -> disk.list(DIRECTORY));
        assertThatIOException().isThrownBy(() -> disk.createDirectories(DIRECTORY));
        assertThatIOException().isThrownBy(() -> disk.forceDirectory(DIRECTORY));
        disk.faults().clear();
        assertThat(read(disk, FILE)).hasSize(10);
        assertThat(disk.faults().count(DiskOperation.RENAME)).isOne();
    }

    @Test
    void failsAfterAsManySuccessesAsAskedFor() throws IOException {
        var disk = diskWithFile(1, 10);
        disk.faults().failAfter(2, DiskOperation.FORCE, DiskFailure.IO_ERROR);
        disk.faults().failEvery(3, DiskOperation.TRUNCATE, DiskFailure.NO_SPACE);

        var forces = new ArrayList<Boolean>();
        var truncations = new ArrayList<Boolean>();
        for (int i = 0; i < 6; i++) {
            forces.add(goesWell(() -> force(disk, FILE)));
            truncations.add(goesWell(() -> truncate(disk, FILE, 5)));
        }

        assertThat(forces).isEqualTo(List.of(true, true, false, true, true, true));
        assertThat(truncations).isEqualTo(List.of(true, true, false, true, true, false));
    }

    @Test
    void aWriteThatFailsMayTakeAPartFirst() throws IOException {
        var taken = new TreeSet<Integer>();
        for (long seed = 0; seed < MANY; seed++) {
            var disk = diskWithFile(seed, 10);
            disk.faults().failAfter(0, DiskOperation.WRITE, DiskFailure.NO_SPACE);
            try (var file = SegmentFile.open(disk, FILE)) {
                assertThatIOException()
                        .isThrownBy(() -> file.write(ByteBuffer.wrap(new byte[5]), 10))
                        .withMessage("No space left on device");
                taken.add((int) file.sizeInBytes() - 10);

                file.write(ByteBuffer.wrap(new byte[5]), 10);
            }
        }
        assertThat(taken).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void worksPiecemealWhereToldTo() throws IOException {
        var disk = diskWithFile(1, 0);
        long written = disk.faults().count(DiskOperation.WRITE);
        disk.faults().workPiecemeal(true);

        try (var file = SegmentFile.open(disk, FILE)) {
            for (int i = 0; i < 50; i++) {
                var bytes = "x".repeat(100).getBytes(StandardCharsets.US_ASCII);
                file.write(ByteBuffer.wrap(bytes), i);
                var target = ByteBuffer.allocate(100);
                file.read(target, i);
                assertThat(target.array()).isEqualTo(bytes);
            }
        }

        assertThat(disk.faults().count(DiskOperation.WRITE) - written).isGreaterThan(60);
        assertThat(disk.faults().count(DiskOperation.READ)).isGreaterThan(60);
    }

    @Test
    void aReleasedFileIsFoundByItsNameAgain() throws IOException {
        var disk = diskWithFile(1, 10);
        var file = disk.open(FILE);
        file.release();
        assertThat(disk.openFileCount()).isZero();
        assertThat(file.sizeInBytes()).isEqualTo(10);
        assertThat(disk.openFileCount()).isEqualTo(1);

        disk.rename(FILE, OTHER);
        assertThat(file.read(ByteBuffer.allocate(10), 0)).isEqualTo(10);
        file.release();

        assertThatExceptionOfType(FileSystemException.class).isThrownBy(() -> file.read(ByteBuffer.allocate(10), 0));
    }

    @Test
    void keepsTheRulesOfNames() throws IOException {
        var disk = diskWithFile(1, 10);

        assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> disk.open(OTHER.resolve("c")));
        assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> disk.rename(OTHER, FILE));
        assertThatExceptionOfType(DirectoryNotEmptyException.class).isThrownBy(() -> disk.delete(DIRECTORY));
        assertThatExceptionOfType(FileSystemException.class).isThrownBy(() -> disk.open(DIRECTORY));
        assertThatExceptionOfType(FileSystemException.class).isThrownBy(() -> disk.createDirectories(FILE));
        disk.delete(OTHER);
        disk.delete(FILE);
        disk.delete(DIRECTORY);
        assertThat(disk.exists(DIRECTORY)).isFalse();
    }

    @Test
    void theSameSeedDoesTheSame() throws IOException {
        for (long seed = 0; seed < 20; seed++) {
            assertThat(afterPowerCut(seed)).isEqualTo(afterPowerCut(seed));
        }
    }

    private static String afterPowerCut(long seed) throws IOException {
        var disk = diskWithFile(seed, 1000);
        write(disk, FILE, 500, 5000, 'b');
        write(disk, OTHER, 0, 5000, 'c');
        disk.cutPower();
        return text(read(disk, FILE)) + text(read(disk, OTHER)) + disk.list(DIRECTORY);
    }

    private interface Step {
        void run() throws IOException;
    }

    private static boolean goesWell(Step step) {
        try {
            step.run();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /// A disk with one file of so many 'a', all of it forced.
    private static SimulatedDisk diskWithFile(long seed, int size) throws IOException {
        var disk = new SimulatedDisk(seed);
        disk.createDirectories(DIRECTORY);
        write(disk, FILE, 0, size, 'a');
        force(disk, FILE);
        disk.forceDirectory(DIRECTORY);
        disk.forceDirectory(Path.of("/disk"));
        disk.forceDirectory(Path.of("/"));
        return disk;
    }

    private static void write(Disk disk, Path path, int position, int count, char value) throws IOException {
        var bytes = new byte[count];
        Arrays.fill(bytes, (byte) value);
        try (var file = disk.open(path)) {
            assertThat(file.write(ByteBuffer.wrap(bytes), position)).isEqualTo(count);
        }
    }

    private static void truncate(Disk disk, Path path, int size) throws IOException {
        try (var file = disk.open(path)) {
            file.truncate(size);
        }
    }

    private static void force(Disk disk, Path path) throws IOException {
        try (var file = disk.open(path)) {
            file.force();
        }
    }

    private static byte[] read(Disk disk, Path path) throws IOException {
        try (var file = disk.open(path)) {
            var bytes = ByteBuffer.allocate((int) file.sizeInBytes());
            file.read(bytes, 0);
            return bytes.array();
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
