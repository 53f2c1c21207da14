package io.vitrine.log;

import java.io.IOException;
import java.nio.file.Path;

/// A log holds bytes that are no sound batch although sound batches follow, so cutting it would lose them.
public final class DamagedLogException extends IOException {
    private static final long serialVersionUID = 1;

    DamagedLogException(Path file, long position, String reason) {
        super("%s is damaged at byte %d: %s".formatted(file.getFileName(), position, reason));
    }
}
