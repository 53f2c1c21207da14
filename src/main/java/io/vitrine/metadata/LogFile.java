package io.vitrine.metadata;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/// The file being appended to. Not a `FileChannel`: an interrupt of the calling thread would close that for
/// everybody. Not thread-safe.
class LogFile implements Closeable {
    private final RandomAccessFile file;

    LogFile(Path path) throws IOException {
        this.file = new RandomAccessFile(path.toFile(), "rw");
    }

    void write(ByteBuffer bytes, long position) throws IOException {
        file.seek(position);
        file.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
    }

    /// Returns when everything written is on disk.
    void sync() throws IOException {
        file.getFD().sync();
    }

    void cut(long sizeInBytes) throws IOException {
        file.setLength(sizeInBytes);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
