package io.vitrine.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalDiskTests {
    private static final Path OPEN_DESCRIPTORS = Path.of("/proc/self/fd");
    private static final int FILE_SIZE = 10_000;
    private static final int READERS = 4;

    @TempDir
    Path directory;

    private final LocalDisk disk = new LocalDisk();

    @Test
    void aFileThatIsOpenedIsMade() throws IOException {
        var path = directory.resolve("a");

        disk.open(path).close();

        assertThat(path).isEmptyFile();
    }

    @Test
    void aFileThatCannotBeWrittenFailsWhenItIsOpened() {
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> disk.open(directory.resolve("none/a")).close());
        assertThatExceptionOfType(FileSystemException.class)
                .isThrownBy(() -> disk.open(directory).close());
    }

    @Test
    void whatIsReleasedIsOpenedAgainWhenItIsNeeded() throws IOException {
        try (var file = disk.open(directory.resolve("a"))) {
            write(file, "one", 0);
            file.force();
            file.release();
            file.release();
            assertThat(file.sizeInBytes()).isEqualTo(3);
            assertThat(read(file, 0, 10)).isEqualTo("one");
            file.release();
            write(file, "two", 3);
            assertThat(read(file, 0, 10)).isEqualTo("onetwo");
            file.force();
            file.release();
            file.truncate(4);

            assertThat(read(file, 0, 10)).isEqualTo("onet");
        }
    }

    @Test
    void whatIsReleasedAndDeletedIsNotMadeAnew() throws IOException {
        var path = directory.resolve("a");
        try (var file = disk.open(path)) {
            file.release();
            disk.delete(path);

            assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> write(file, "one", 0));
            assertThat(path).doesNotExist();
        }
    }

    @Test
    void aFileThatTookTheNameOfAReleasedOneIsNotMistakenForIt() throws IOException {
        var path = directory.resolve("a");
        try (var file = disk.open(path)) {
            write(file, "one", 0);
            file.force();
            file.release();
            Files.writeString(directory.resolve("b"), "two");
            disk.rename(directory.resolve("b"), path);

            assertThatExceptionOfType(FileSystemException.class)
                    .isThrownBy(() -> read(file, 0, 3))
                    .withMessageContaining("another file");
        }
    }

    @Test
    void releasedFilesHoldNoDescriptors() throws IOException {
        assumeThat(OPEN_DESCRIPTORS).isDirectory();
        var files = new ArrayList<DiskFile>();
        for (int i = 0; i < 100; i++) {
            var file = disk.open(directory.resolve("file-" + i));
            write(file, "bytes", 0);
            file.force();
            read(file, 0, 5);
            files.add(file);
        }
        assertThat(descriptors()).isEqualTo(200);

        for (var file : files) {
            file.release();
        }

        assertThat(descriptors()).isZero();
        read(files.getFirst(), 0, 5);
        assertThat(descriptors()).isEqualTo(1);
        for (var file : files) {
            file.close();
        }
        assertThat(descriptors()).isZero();
    }

    @Test
    void whatIsNotForcedStaysOpenForWriting() throws IOException {
        assumeThat(OPEN_DESCRIPTORS).isDirectory();
        try (var file = disk.open(directory.resolve("a"))) {
            write(file, "one", 0);
            file.release();
            assertThat(descriptors()).isEqualTo(1);

            file.force();
            file.release();

            assertThat(descriptors()).isZero();
        }
    }

    @Test
    void whatIsPinnedStaysOpenUntilNobodyNeedsIt() throws IOException {
        assumeThat(OPEN_DESCRIPTORS).isDirectory();
        var path = directory.resolve("a");
        var file = disk.open(path);
        write(file, "one", 0);
        file.force();
        var first = file.pin();
        var second = file.pin();
        assertThat(first.channel()).isSameAs(second.channel());
        file.release();
        assertThat(descriptors()).isEqualTo(1);
        var afterRelease = file.pin();
        assertThat(descriptors()).isEqualTo(2);

        file.close();
        disk.delete(path);
        first.close();
        first.close();

        assertThat(second.channel().read(ByteBuffer.allocate(3), 0)).isEqualTo(3);
        second.close();
        assertThat(descriptors()).isEqualTo(1);
        assertThat(afterRelease.channel().read(ByteBuffer.allocate(3), 0)).isEqualTo(3);
        afterRelease.close();
        assertThat(descriptors()).isZero();
        assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(file::pin);
    }

    @Test
    void anInterruptedReaderDoesNotCloseWhatIsPinned() throws IOException {
        try (var file = disk.open(directory.resolve("a"))) {
            write(file, "one", 0);
            read(file, 0, 3);
            try (var pinned = file.pin()) {
                Thread.currentThread().interrupt();
                assertThatExceptionOfType(InterruptedIOException.class).isThrownBy(() -> read(file, 0, 3));
                assertThat(Thread.interrupted()).isTrue();

                assertThat(pinned.channel().read(ByteBuffer.allocate(3), 0)).isEqualTo(3);
            }
        }
    }

    @Test
    void aClosedFileIsNotOpenedAgain() throws IOException {
        var file = disk.open(directory.resolve("a"));
        file.close();
        file.close();
        file.release();

        assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> read(file, 0, 1));
        assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> write(file, "one", 0));
        assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(file::force);
    }

    @Test
    void anInterruptedReaderIsToldSoAndDisturbsNobody() throws IOException {
        try (var file = disk.open(directory.resolve("a"))) {
            write(file, "one", 0);
            read(file, 0, 3);

            Thread.currentThread().interrupt();
            assertThatExceptionOfType(InterruptedIOException.class).isThrownBy(() -> read(file, 0, 3));
            assertThatExceptionOfType(InterruptedIOException.class).isThrownBy(() -> read(file, 0, 3));
            assertThat(Thread.interrupted()).isTrue();

            write(file, "two", 3);
            file.force();
            assertThat(read(file, 0, 6)).isEqualTo("onetwo");
        }
    }

    @Test
    void anInterruptedThreadMayAskForTheSize() throws IOException {
        try (var file = disk.open(directory.resolve("a"))) {
            write(file, "one", 0);

            Thread.currentThread().interrupt();
            assertThat(file.sizeInBytes()).isEqualTo(3);
            assertThat(Thread.interrupted()).isTrue();

            file.force();
        }
    }

    @Test
    void aWriteChannelLostWithUnforcedBytesIsNotReplaced() throws IOException {
        try (var file = disk.open(directory.resolve("a"))) {
            write(file, "one", 0);
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> write(file, "two", 3));
            assertThat(Thread.interrupted()).isTrue();

            assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(file::force);
            assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> write(file, "two", 3));
            assertThat(read(file, 0, 3)).isEqualTo("one");
        }
    }

    @Test
    void readersNoticeNeitherReleasesNorTheInterruptsOfOthers() throws Exception {
        var done = new AtomicBoolean();
        try (var file = disk.open(directory.resolve("a"));
                var threads = Executors.newFixedThreadPool(READERS + 1)) {
            file.write(ByteBuffer.wrap(pattern(0, FILE_SIZE)), 0);
            file.force();
            var results = new ArrayList<Future<Integer>>();
            for (int seed = 0; seed < READERS; seed++) {
                results.add(threads.submit(reader(file, new Random(seed), done)));
            }
            var writer = threads.submit(() -> forceAgainAndAgain(file, done));
            for (int i = 0; i < 2_000; i++) {
                file.release();
                if (i % 10 == 0) {
                    interruptedRead(file);
                }
            }
            done.set(true);

            for (var result : results) {
                assertThat(result.get()).isPositive();
            }
            assertThat(writer.get()).isPositive();
        }
    }

    @Test
    void movesNoMoreAtOnceThanTheBufferOfAThreadMayTake() throws IOException {
        var large = ByteBuffer.allocate(LocalFile.MAX_BYTES_AT_ONCE + 10);
        try (var file = disk.open(directory.resolve("a"))) {
            assertThat(file.write(large, 0)).isEqualTo(LocalFile.MAX_BYTES_AT_ONCE);
            assertThat(large.remaining()).isEqualTo(10);
            assertThat(file.write(large, LocalFile.MAX_BYTES_AT_ONCE)).isEqualTo(10);

            assertThat(file.read(large.clear(), 0)).isEqualTo(LocalFile.MAX_BYTES_AT_ONCE);
            assertThat(large.remaining()).isEqualTo(10);
        }
    }

    @Test
    void listsAndRenamesAndDeletes() throws IOException {
        disk.createDirectories(directory.resolve("x/y"));
        disk.open(directory.resolve("x/a")).close();

        disk.rename(directory.resolve("x/a"), directory.resolve("x/b"));
        disk.forceDirectory(directory.resolve("x"));

        assertThat(disk.list(directory.resolve("x"))).containsExactlyInAnyOrder("b", "y");
        assertThat(disk.exists(directory.resolve("x/a"))).isFalse();
        disk.delete(directory.resolve("x/b"));
        disk.delete(directory.resolve("x/b"));
        disk.delete(directory.resolve("x/y"));
        assertThat(disk.list(directory.resolve("x"))).isEmpty();
        assertThat(disk.usableBytes(directory)).isPositive();
    }

    private static Callable<Integer> reader(DiskFile file, Random random, AtomicBoolean done) {
        return () -> {
            int reads = 0;
            do {
                int position = random.nextInt(FILE_SIZE - 100);
                var target = ByteBuffer.allocate(100);
                assertThat(file.read(target, position)).isEqualTo(100);
                assertThat(target.array()).isEqualTo(pattern(position, 100));
                reads++;
            } while (!done.get());
            return reads;
        };
    }

    private static int forceAgainAndAgain(DiskFile file, AtomicBoolean done) throws IOException {
        int forces = 0;
        do {
            file.write(ByteBuffer.wrap(pattern(0, 10)), 0);
            file.force();
            forces++;
        } while (!done.get());
        return forces;
    }

    private static void interruptedRead(DiskFile file) {
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(InterruptedIOException.class).isThrownBy(() -> read(file, 0, 10));
        assertThat(Thread.interrupted()).isTrue();
    }

    private static byte[] pattern(int position, int count) {
        var bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) ((position + i) % 251);
        }
        return bytes;
    }

    private static void write(DiskFile file, String text, long position) throws IOException {
        var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
        assertThat(file.write(bytes, position)).isEqualTo(text.length());
    }

    private static String read(DiskFile file, long position, int count) throws IOException {
        var bytes = ByteBuffer.allocate(count);
        file.read(bytes, position);
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII);
    }

    /// How many descriptors this process holds of files in the test's directory.
    private long descriptors() throws IOException {
        List<Path> links;
        try (var paths = Files.list(OPEN_DESCRIPTORS)) {
            links = paths.toList();
        }
        long count = 0;
        for (var link : links) {
            // The descriptor of the listing itself is gone by now.
            if (Files.isSymbolicLink(link) && Files.readSymbolicLink(link).startsWith(directory.toRealPath())) {
                count++;
            }
        }
        return count;
    }
}
