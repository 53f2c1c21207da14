package io.vitrine.metadata;

import java.nio.file.Path;

/// The metadata on disk cannot be used; the message names the file, the position in it and why.
public final class MetadataException extends Exception {
    private static final long serialVersionUID = 1;

    MetadataException(Path file, long position, String reason) {
        super("%s, byte %d: %s".formatted(file, position, reason));
    }

    MetadataException(Path file, String reason) {
        super("%s: %s".formatted(file, reason));
    }
}
