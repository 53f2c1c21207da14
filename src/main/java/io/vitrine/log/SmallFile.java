package io.vitrine.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// Files that are read and written as a whole. They are written beside their place and then renamed, so whoever opens
/// one finds the old content or the new, not half of either.
public final class SmallFile {
    private static final String TEMPORARY_SUFFIX = ".tmp";

    private SmallFile() {}

    /// All bytes of a file.
    ///
    /// @throws NoSuchFileException if there is none
    /// @throws IOException if it has more than `maxBytes`
    public static ByteBuffer read(Disk disk, Path path, int maxBytes) throws IOException {
        try (var file = SegmentFile.openExisting(disk, path)) {
            long size = file.sizeInBytes();
            if (size > maxBytes) {
                throw new IOException(
                        "%s has %d bytes, more than the %d it may have".formatted(path.getFileName(), size, maxBytes));
            }
            var bytes = ByteBuffer.allocate((int) size);
            file.read(bytes, 0);
            return bytes.flip();
        }
    }

    /// Gives a file new content that a loss of power does not take away: what comes after it is the old content or
    /// the new one.
    static void replace(Disk disk, Path path, ByteBuffer content) throws IOException {
        writeForced(disk, path, content);
        disk.forceDirectory(path.resolveSibling(""));
    }

    /// The same, but for the directory, which the caller forces.
    static void writeForced(Disk disk, Path path, ByteBuffer content) throws IOException {
        var temporary = temporary(path);
        try (var file = SegmentFile.open(disk, temporary)) {
            file.truncate(0);
            file.write(content.duplicate(), 0);
            file.force();
        }
        disk.rename(temporary, path);
    }

    /// Gives a file new content without waiting for the disk: for what can be made anew. After a loss of power it
    /// may be missing, of any length, or zeros, and must not be trusted.
    public static void write(Disk disk, Path path, ByteBuffer content) throws IOException {
        var temporary = temporary(path);
        try (var file = SegmentFile.open(disk, temporary)) {
            file.truncate(0);
            file.write(content.duplicate(), 0);
        }
        disk.rename(temporary, path);
    }

    private static Path temporary(Path path) {
        return path.resolveSibling(path.getFileName() + TEMPORARY_SUFFIX);
    }
}
