package io.vitrine.metadata;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// What the metadata log does to its directory, step by step, so that a test can have the power fail between two of
/// them.
class MetadataDisk {
    /// Opens a file to write to it; makes it if it is not there.
    LogFile open(Path file) throws IOException {
        return new LogFile(file);
    }

    /// Gives a file its final name; there is the old one or the new one under it at any time.
    void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    void delete(Path file) throws IOException {
        Files.deleteIfExists(file);
    }

    /// Makes the names in `directory` durable.
    void syncDirectory(Path directory) throws IOException {
        AtomicFile.syncDirectory(directory);
    }
}
