package io.vitrine.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/// The files of a partition's directory as they are at one moment, to be put on a new disk, sound or damaged.
record LogImage(Map<String, byte[]> files) {
    static final Path DIRECTORY = Path.of("/disk/topic-0");

    static LogImage of(Disk disk) throws IOException {
        var files = new TreeMap<String, byte[]>();
        for (var name : disk.list(DIRECTORY)) {
            files.put(
                    name,
                    SmallFile.read(disk, DIRECTORY.resolve(name), Integer.MAX_VALUE)
                            .array());
        }
        return new LogImage(files);
    }

    byte[] bytes(String name) {
        var bytes = files.get(name);
        if (bytes == null) {
            throw new IllegalArgumentException(name);
        }
        return bytes;
    }

    /// The same files, but for one.
    LogImage with(String name, byte[] bytes) {
        var changed = new TreeMap<>(files);
        changed.put(name, bytes);
        return new LogImage(changed);
    }

    /// A disk that has them for sure.
    SimulatedDisk onDisk() throws IOException {
        var disk = new SimulatedDisk(1);
        disk.createDirectories(DIRECTORY);
        for (var file : files.entrySet()) {
            try (var target = SegmentFile.open(disk, DIRECTORY.resolve(file.getKey()))) {
                target.write(ByteBuffer.wrap(file.getValue()), 0);
                target.force();
            }
        }
        disk.forceDirectory(Path.of("/"));
        disk.forceDirectory(Path.of("/disk"));
        disk.forceDirectory(DIRECTORY);
        return disk;
    }
}
