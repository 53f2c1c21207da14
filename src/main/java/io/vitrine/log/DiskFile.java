package io.vitrine.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/// An open file of a [Disk]. One thread writes at a time, any number read, and one may force or release it meanwhile.
///
/// It may have to be opened again by its name, so whoever gives a file another name, or its name to another file,
/// must not go on using this one: what is still open is read as before, but once it isn't, there is an error.
public interface DiskFile extends Closeable {

    /// Reads some bytes from `position` on, as many as there is room for or fewer.
    ///
    /// @return how many, or -1 if the file ends at or before `position`
    int read(ByteBuffer target, long position) throws IOException;

    /// Writes some of the remaining bytes at `position`, all or fewer: a disk that becomes full takes what it has
    /// room for.
    ///
    /// @return how many
    int write(ByteBuffer source, long position) throws IOException;

    /// Cuts the file to `size` bytes; one that is shorter stays as it is.
    void truncate(long size) throws IOException;

    /// Forces content and length to disk.
    ///
    /// @throws IOException if the disk refuses; it says so once, and what it holds then is unknown
    void force() throws IOException;

    /// The length now, by the name it was opened under.
    long sizeInBytes() throws IOException;

    /// Closes what can be opened again when it is needed; for files that are not used for a while. The caller
    /// promises that what was written is forced: of a write that fails later, only who has held the file open
    /// since is told for sure. What isn't forced stays open for writing, therefore.
    void release() throws IOException;

    /// Can it be sent from: is it a file of this machine?
    default boolean canBePinned() {
        return false;
    }

    /// Holds it open until the result is closed, even if it is released, closed or deleted meanwhile.
    default PinnedFile pin() throws IOException {
        throw new UnsupportedOperationException("Nothing can be sent from this file");
    }

    /// Is that part of it in the page cache, so that reading it waits for no disk? A good guess; true where nobody
    /// can tell.
    ///
    /// @param count at least 1
    default boolean isInPageCache(long position, int count) throws IOException {
        return true;
    }

    /// The file has been given another name with its directory, and will not be written any more. What costs something
    /// only while it is used is given back.
    default void movedTo(Path path) throws IOException {
        release();
    }
}
