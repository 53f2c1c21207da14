package io.vitrine;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// A small file system of its own, for tests that fill it. Where this user may not mount, the test is skipped.
final class MountedDisk implements AutoCloseable {
    private final Path mountPoint;
    private String loopDevice = "";

    private MountedDisk(Path mountPoint) {
        this.mountPoint = mountPoint;
    }

    /// Memory that is full after so many MiB: what finds no room is told when it is written.
    static MountedDisk inMemory(Path mountPoint, int mebibytes) throws IOException {
        Files.createDirectories(mountPoint);
        assume("mount -t tmpfs", run("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "none", "" + mountPoint));
        return new MountedDisk(mountPoint);
    }

    /// An ext4 file system in a sparse file. Where the disk that holds the file has no room, it is told only when
    /// something is forced: this one believes to have plenty.
    static MountedDisk inSparseFile(Path mountPoint, Path image) throws IOException {
        Files.createDirectories(mountPoint);
        assume("truncate", run("truncate", "-s", "64m", image.toString()));
        // A journal that can't be written takes the whole file system with it.
        assume("mkfs.ext4", run("mkfs.ext4", "-q", "-F", "-O", "^has_journal", image.toString()));
        var disk = new MountedDisk(mountPoint);
        disk.attach(image);
        return disk;
    }

    Path path() {
        return mountPoint;
    }

    /// Unmounts it, so that nothing of it stays in memory, and mounts it again.
    void mountAgain(Path image) {
        close();
        attach(image);
    }

    @Override
    public void close() {
        require(run("umount", mountPoint.toString()));
        if (!loopDevice.isEmpty()) {
            require(run("losetup", "-d", loopDevice));
        }
    }

    private void attach(Path image) {
        var attached = run("losetup", "-f", "--show", image.toString());
        assume("losetup", attached);
        loopDevice = attached.output().strip();
        var mounted = run("mount", "-t", "ext4", loopDevice, mountPoint.toString());
        if (mounted.status() != 0) {
            run("losetup", "-d", loopDevice);
        }
        assume("mount -t ext4", mounted);
    }

    private record Result(int status, String output) {}

    private static void assume(String what, Result result) {
        if (result.status() != 0) {
            System.out.println(
                    "Skipped, because " + what + " failed: " + result.output().strip());
        }
        assumeTrue(result.status() == 0, () -> what + " failed: " + result.output());
    }

    private static void require(Result result) {
        if (result.status() != 0) {
            throw new IllegalStateException(result.output());
        }
    }

    private static Result run(String... command) {
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor(30, TimeUnit.SECONDS)
                    ? new Result(process.exitValue(), output)
                    : new Result(-1, "no end after 30 seconds");
        } catch (IOException e) {
            return new Result(-1, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Result(-1, "interrupted");
        }
    }
}
