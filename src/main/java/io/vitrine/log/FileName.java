package io.vitrine.log;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The name of a file that is there, under which it can be opened again as long as no other file has taken it.
final class FileName {
    private final @Nullable Object identity;
    private volatile Path path;

    FileName(Path path) throws IOException {
        this.path = path;
        this.identity = identity(path);
    }

    Path path() {
        return path;
    }

    /// The file has another name now.
    void changed(Path newPath) {
        path = newPath;
    }

    /// Names are only ever given to newer files, so if it is ours after it was opened, it was ours before.
    FileChannel openAgain(OpenOption option) throws IOException {
        var current = path;
        var channel = FileChannel.open(current, option);
        try {
            if (!Objects.equals(identity, identity(current))) {
                throw new FileSystemException(current.toString(), null, "another file has taken its name");
            }
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static @Nullable Object identity(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }
}
