package io.vitrine.metadata;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/// A disk whose power fails before a chosen step. Then nothing more happens; and what was not forced to disk until
/// then can be taken back, as a file system may do.
final class CrashingDisk extends MetadataDisk {
    private final Path trash;
    private final int lastStep;
    private final Map<Path, Long> forcedSizes = new HashMap<>();
    private final Deque<Undo> unforcedNames = new ArrayDeque<>();
    private int steps;
    private boolean hasFailed;

    private interface Undo {
        void run() throws IOException;
    }

    /// @param trash keeps what is deleted until that is durable
    /// @param lastStep how many steps succeed
    CrashingDisk(Path trash, int lastStep) {
        this.trash = trash;
        this.lastStep = lastStep;
    }

    int steps() {
        return steps;
    }

    boolean hasFailed() {
        return hasFailed;
    }

    /// Takes back all that was not forced.
    void loseUnforced() throws IOException {
        while (!unforcedNames.isEmpty()) {
            unforcedNames.pop().run();
        }
        for (var file : forcedSizes.entrySet()) {
            if (Files.exists(file.getKey()) && Files.size(file.getKey()) > file.getValue()) {
                try (var cut = new LogFile(file.getKey())) {
                    cut.cut(file.getValue());
                }
            }
        }
    }

    @Override
    LogFile open(Path file) throws IOException {
        step();
        boolean isNew = !Files.exists(file);
        var opened = new Watched(file);
        if (isNew) {
            forcedSizes.put(file, 0L);
            unforcedNames.push(() -> Files.deleteIfExists(file));
        } else {
            forcedSizes.putIfAbsent(file, Files.size(file));
        }
        return opened;
    }

    @Override
    void rename(Path from, Path to) throws IOException {
        step();
        super.rename(from, to);
        forcedSizes.put(to, forcedSizes.remove(from));
        unforcedNames.push(() -> {
            Files.move(to, from, StandardCopyOption.REPLACE_EXISTING);
            forcedSizes.put(from, forcedSizes.remove(to));
        });
    }

    @Override
    void delete(Path file) throws IOException {
        step();
        if (Files.exists(file)) {
            var kept = trash.resolve(steps + "-" + file.getFileName());
            Files.move(file, kept);
            unforcedNames.push(() -> Files.move(kept, file));
        }
    }

    @Override
    void syncDirectory(Path directory) throws IOException {
        step();
        unforcedNames.clear();
    }

    private void step() throws IOException {
        if (steps >= lastStep) {
            hasFailed = true;
            throw new IOException("the power has failed");
        }
        steps++;
    }

    private final class Watched extends LogFile {
        private final Path file;

        Watched(Path file) throws IOException {
            super(file);
            this.file = file;
        }

        @Override
        void write(ByteBuffer bytes, long position) throws IOException {
            if (steps >= lastStep) {
                // Power fails in the middle of a write.
                super.write(bytes.slice(0, bytes.remaining() / 2), position);
            }
            step();
            super.write(bytes, position);
        }

        @Override
        void sync() throws IOException {
            step();
            forcedSizes.put(file, Files.size(file));
        }

        @Override
        void cut(long sizeInBytes) throws IOException {
            step();
            super.cut(sizeInBytes);
        }
    }
}
