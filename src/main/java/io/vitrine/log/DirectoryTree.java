package io.vitrine.log;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Path;

/// A directory with all that is in it.
public final class DirectoryTree {
    private DirectoryTree() {}

    /// Deletes one of this machine's; nothing is done if it is not there. Links are deleted, not followed.
    ///
    /// @throws IOException if something could not be deleted; what comes before it is gone
    public static void delete(Path directory) throws IOException {
        delete(new LocalDisk(), directory);
    }

    /// Deletes one of `disk` likewise.
    public static void delete(Disk disk, Path path) throws IOException {
        try {
            disk.delete(path);
        } catch (DirectoryNotEmptyException e) {
            for (var name : disk.list(path)) {
                delete(disk, path.resolve(name));
            }
            disk.delete(path);
        }
    }
}
