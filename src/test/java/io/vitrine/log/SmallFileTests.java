package io.vitrine.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SmallFileTests {
    private final Disk disk = new LocalDisk();

    @TempDir
    Path directory;

    @Test
    void readsWhatWasWrittenLast() throws IOException {
        var path = directory.resolve("file");
        var content = ByteBuffer.wrap("shorter".getBytes(StandardCharsets.UTF_8));

        SmallFile.replace(disk, path, ByteBuffer.allocate(100));
        assertThat(SmallFile.read(disk, path, 100)).isEqualTo(ByteBuffer.allocate(100));
        SmallFile.write(disk, path, content);

        assertThat(SmallFile.read(disk, path, 100)).isEqualTo(content);
        assertThat(content.position()).isZero();
        assertThat(disk.list(directory)).containsExactly("file");
    }

    @Test
    void makesNoFileByReadingIt() {
        var path = directory.resolve("file");

        assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> SmallFile.read(disk, path, 100));
        assertThat(path).doesNotExist();
    }

    @Test
    void takesNoMoreMemoryThanAllowed() throws IOException {
        var path = directory.resolve("file");
        Files.write(path, new byte[101]);

        assertThatIOException()
                .isThrownBy(() -> SmallFile.read(disk, path, 100))
                .withMessage("file has 101 bytes, more than the 100 it may have");
    }
}
