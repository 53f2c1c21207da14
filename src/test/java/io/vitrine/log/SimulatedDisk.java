package io.vitrine.log;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;

/// A disk in memory that promises no more than a disk does: it loses what was not forced when its power is cut, can
/// be full, and fails when it is told to. What happens is determined by the seed and by what is asked of it.
///
/// Files have a content and, apart from it, names in directories; both must be forced to stay. It is assumed neither
/// that a name comes to disk with the file, nor that one that replaces another waits for the content to be there.
///
/// After [#cutPower()] or [#kill()], files that are open fail for ever; the disk goes on. Thread-safe.
public final class SimulatedDisk implements Disk {
    private static final int SMALL_SECTOR_BYTES = 512;
    private static final int LARGE_SECTOR_BYTES = 4096;

    private final Random random;
    private final int sectorBytes;
    private final DiskFaults faults;
    private final SimulatedTree tree = new SimulatedTree();
    private final List<SimulatedFile> openFiles = new ArrayList<>();
    private long capacityBytes = Long.MAX_VALUE;
    private boolean fullWhenForced;

    public SimulatedDisk(long seed) {
        this.random = new Random(seed);
        this.sectorBytes = random.nextBoolean() ? SMALL_SECTOR_BYTES : LARGE_SECTOR_BYTES;
        this.faults = new DiskFaults(random);
    }

    /// What fails, and how often each operation was asked for.
    public DiskFaults faults() {
        return faults;
    }

    /// Cuts the power: of what was not forced, any part may be lost.
    public synchronized void cutPower() {
        kill();
        tree.root().cutPower(random);
    }

    /// Ends the process that uses the disk: what was written stays, open files are gone.
    public synchronized void kill() {
        List.copyOf(openFiles).forEach(SimulatedFile::close);
    }

    /// Takes clean pages from memory: where a force has failed, what the disk really has comes to light.
    public synchronized void dropCaches() {
        contents().forEach(SimulatedContent::dropCaches);
    }

    /// Bounds the sum of all files' lengths. A file that was deleted counts as long as it is open.
    public synchronized void limitCapacity(long bytes) {
        capacityBytes = bytes;
    }

    /// Lets a full disk take writes all the same and refuse to force them, as with delayed allocation.
    public synchronized void tellThatItIsFullOnlyWhenForced(boolean whenForced) {
        fullWhenForced = whenForced;
    }

    public synchronized int openFileCount() {
        return (int) openFiles.stream().filter(file -> !file.isReleased()).count();
    }

    @Override
    public synchronized DiskFile openExisting(Path file) throws IOException {
        if (tree.parent(file).find(SimulatedTree.name(file)) == null) {
            throw new NoSuchFileException(file.toString());
        }
        return open(file);
    }

    @Override
    public synchronized DiskFile open(Path file) throws IOException {
        faults.check(DiskOperation.OPEN);
        var parent = tree.parent(file);
        var content =
                switch (parent.find(SimulatedTree.name(file))) {
                    case null -> {
                        var made = new SimulatedContent(sectorBytes);
                        parent.add(SimulatedTree.name(file), made);
                        yield made;
                    }
                    case SimulatedContent found -> found;
                    case SimulatedDirectory _ -> throw new FileSystemException(file.toString(), null, "Is a directory");
                };
        var opened = new SimulatedFile(this, file, content);
        openFiles.add(opened);
        return opened;
    }

    @Override
    public synchronized boolean exists(Path path) {
        return tree.find(path) != null;
    }

    @Override
    public synchronized boolean isDirectory(Path path) {
        return tree.find(path) instanceof SimulatedDirectory;
    }

    @Override
    public synchronized List<String> list(Path directory) throws IOException {
        faults.check(DiskOperation.LIST);
        var names = new ArrayList<>(tree.directory(directory).names());
        Collections.shuffle(names, random);
        return List.copyOf(names);
    }

    @Override
    public synchronized void createDirectories(Path directory) throws IOException {
        faults.check(DiskOperation.CREATE_DIRECTORY);
        var at = tree.root();
        for (var name : directory.toAbsolutePath().normalize()) {
            var next = at.find(name.toString());
            if (next == null) {
                next = new SimulatedDirectory();
                at.add(name.toString(), next);
            }
            if (!(next instanceof SimulatedDirectory below)) {
                throw new NotDirectoryException(directory.toString());
            }
            at = below;
        }
    }

    @Override
    public synchronized void rename(Path from, Path to) throws IOException {
        faults.check(DiskOperation.RENAME);
        var parent = tree.parent(from);
        if (parent != tree.parent(to)) {
            throw new UnsupportedOperationException("from one directory to another: %s, %s".formatted(from, to));
        }
        var node = parent.find(SimulatedTree.name(from));
        if (node == null) {
            throw new NoSuchFileException(from.toString());
        }
        var replaced = parent.find(SimulatedTree.name(to));
        if (replaced == node) {
            return;
        }
        if (replaced instanceof SimulatedDirectory directory && !directory.isEmpty()) {
            throw new DirectoryNotEmptyException(to.toString());
        }
        parent.rename(node, SimulatedTree.name(to));
    }

    @Override
    public synchronized void delete(Path path) throws IOException {
        faults.check(DiskOperation.DELETE);
        var node = tree.find(path);
        if (node == null) {
            return;
        }
        if (node instanceof SimulatedDirectory directory && !directory.isEmpty()) {
            throw new DirectoryNotEmptyException(path.toString());
        }
        tree.parent(path).remove(SimulatedTree.name(path), node);
    }

    @Override
    public synchronized void forceDirectory(Path directory) throws IOException {
        var found = tree.directory(directory);
        var failure = faults.next(DiskOperation.FORCE_DIRECTORY);
        if (failure != null) {
            found.forceInVain(random);
            throw failure.exception();
        }
        found.force();
    }

    @Override
    public synchronized long usableBytes(Path path) {
        return Math.max(0, spareBytes());
    }

    SimulatedTree tree() {
        return tree;
    }

    void forget(SimulatedFile file) {
        openFiles.remove(file);
    }

    long roomToGrow() {
        return fullWhenForced ? Integer.MAX_VALUE : Math.max(0, spareBytes());
    }

    /// Forces a file, in vain if that is to fail.
    void force(SimulatedContent content) throws IOException {
        var failure = faults.next(DiskOperation.FORCE);
        if (failure != null) {
            content.forceInVain(random);
            throw failure.exception();
        }
        if (spareBytes() < 0) {
            content.forceWithoutSpace();
            throw DiskFailure.NO_SPACE.exception();
        }
        content.force();
    }

    private long spareBytes() {
        return capacityBytes == Long.MAX_VALUE ? Integer.MAX_VALUE : capacityBytes - occupiedBytes();
    }

    private long occupiedBytes() {
        return contents().stream().mapToLong(SimulatedContent::occupiedBytes).sum();
    }

    private Set<SimulatedContent> contents() {
        var contents = tree.contents();
        openFiles.stream()
                .filter(file -> !file.isReleased())
                .map(SimulatedFile::content)
                .forEach(contents::add);
        return contents;
    }
}
