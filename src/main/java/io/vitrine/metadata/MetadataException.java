package io.vitrine.metadata;

import java.nio.file.Path;

/// The metadata on disk cannot be used; the message names the file, the position in it and why.
public final class MetadataException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Path file;

    MetadataException(Path file, long position, String reason) {
        super("%s, byte %d: %s".formatted(file, position, reason));
        this.file = file;
    }

    MetadataException(Path file, String reason) {
        super("%s: %s".formatted(file, reason));
        this.file = file;
    }

    /// The file that is at fault.
    Path file() {
        return file;
    }
}
