package io.vitrine.log;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tells a disk that has no room, which passes, from one that fails. Java knows them apart by the system's words
/// only.
public final class FullDisk {
    private static final List<String> WORDS = List.of("No space left on device", "Disk quota exceeded");

    private FullDisk() {}

    /// Was it want of room that caused this failure?
    public static boolean caused(Throwable failure) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            var message = cause.getMessage();
            if (cause instanceof IOException
                    && message != null
                    && WORDS.stream().anyMatch(message::contains)) {
                return true;
            }
        }
        return false;
    }
}
