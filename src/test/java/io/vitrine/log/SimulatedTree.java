package io.vitrine.log;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The directories of a [SimulatedDisk] and the way from a path to what it names.
final class SimulatedTree {
    private final SimulatedDirectory root = new SimulatedDirectory();

    SimulatedDirectory root() {
        return root;
    }

    @Nullable
    SimulatedNode find(Path path) {
        SimulatedNode at = root;
        for (var name : path.toAbsolutePath().normalize()) {
            if (!(at instanceof SimulatedDirectory directory)) {
                return null;
            }
            at = directory.find(name.toString());
        }
        return at;
    }

    SimulatedDirectory directory(Path path) throws IOException {
        return switch (find(path)) {
            case null -> throw new NoSuchFileException(path.toString());
            case SimulatedDirectory directory -> directory;
            case SimulatedContent _ -> throw new NotDirectoryException(path.toString());
        };
    }

    SimulatedDirectory parent(Path path) throws IOException {
        var parent = path.toAbsolutePath().normalize().getParent();
        if (parent == null) {
            throw new FileSystemException(path.toString(), null, "the root");
        }
        return directory(parent);
    }

    static String name(Path path) {
        return String.valueOf(path.getFileName());
    }

    /// What lies in all files that have a name.
    Set<SimulatedContent> contents() {
        Set<SimulatedContent> contents = Collections.newSetFromMap(new IdentityHashMap<>());
        collect(root, contents);
        return contents;
    }

    private static void collect(SimulatedDirectory directory, Set<SimulatedContent> contents) {
        for (var node : directory.nodes()) {
            switch (node) {
                case SimulatedContent content -> contents.add(content);
                case SimulatedDirectory below -> collect(below, contents);
            }
        }
    }
}
