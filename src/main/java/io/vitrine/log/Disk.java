package io.vitrine.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// What logs ask of a file system, and no more. [LocalDisk] is the real one; tests have one that fails on purpose and
/// forgets what was not forced when its power is cut.
///
/// What is written is kept through a loss of power only when the file has been forced, and a file that was made,
/// renamed or deleted only when its directory has been.
public interface Disk {

    /// Opens a file for reading and writing; it is made where there is none.
    DiskFile open(Path file) throws IOException;

    /// Opens a file that is there. Nothing is made.
    ///
    /// @throws java.nio.file.NoSuchFileException if it is not
    DiskFile openExisting(Path file) throws IOException;

    /// Is there a file or a directory of this name?
    boolean exists(Path path) throws IOException;

    /// Is there a directory of this name?
    boolean isDirectory(Path path) throws IOException;

    /// The names of what lies in a directory, in no order.
    List<String> list(Path directory) throws IOException;

    /// Makes a directory and those above it, where they do not exist.
    void createDirectories(Path directory) throws IOException;

    /// Gives a file or a directory another name in one step; a file that has that name already is replaced.
    void rename(Path from, Path to) throws IOException;

    /// Deletes a file, or an empty directory. One that does not exist is no error.
    void delete(Path path) throws IOException;

    /// Forces a directory's entries.
    void forceDirectory(Path directory) throws IOException;

    /// Bytes that are free for us on the disk that holds `path`.
    long usableBytes(Path path) throws IOException;
}
