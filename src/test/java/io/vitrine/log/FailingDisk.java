package io.vitrine.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// A real disk that fails after so many changes of names. A rename that was not forced can be forgotten.
final class FailingDisk implements Disk {
    private final LocalDisk disk = new LocalDisk();
    private final int maxSteps;
    private final List<Path[]> unforced = new ArrayList<>();
    private int steps;

    FailingDisk(int maxSteps) {
        this.maxSteps = maxSteps;
    }

    int steps() {
        return steps;
    }

    /// Takes back a random part of what was renamed and not forced, as a loss of power may.
    void forgetSome(Random random) throws IOException {
        for (var rename : unforced.reversed()) {
            // What has been renamed further, or over, can't be told apart by names alone.
            if (random.nextBoolean() && disk.exists(rename[1]) && !disk.exists(rename[0])) {
                disk.rename(rename[1], rename[0]);
            }
        }
    }

    @Override
    public DiskFile open(Path file) throws IOException {
        return disk.open(file);
    }

    @Override
    public DiskFile openExisting(Path file) throws IOException {
        return disk.openExisting(file);
    }

    @Override
    public boolean exists(Path path) {
        return disk.exists(path);
    }

    @Override
    public boolean isDirectory(Path path) {
        return disk.isDirectory(path);
    }

    @Override
    public List<String> list(Path directory) throws IOException {
        return disk.list(directory);
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        disk.createDirectories(directory);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        step();
        disk.rename(from, to);
        unforced.add(new Path[] {from, to});
    }

    @Override
    public void delete(Path path) throws IOException {
        step();
        disk.delete(path);
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        step();
        unforced.clear();
    }

    @Override
    public long usableBytes(Path path) throws IOException {
        return disk.usableBytes(path);
    }

    private void step() throws IOException {
        if (steps++ >= maxSteps) {
            throw new IOException("crash");
        }
    }
}
