package io.vitrine.log;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Random;

/// What a file of a [SimulatedDisk] holds, whatever its name: the bytes that everybody reads, those that the disk is
/// sure to have, and the changes between the two.
/// ```
///   visible   what was written, as the page cache shows it
///   durable   what was there at the last successful force
///   changes   writes and truncations since, in order, of which a power cut keeps some
/// ```
/// Each sector is written for itself and at any time, so what survives of it is one of the states it has been in
/// since; the length is written for itself, too.
final class SimulatedContent implements SimulatedNode {
    private final int sectorBytes;
    private final List<Change> changes = new ArrayList<>();
    private Image visible = new Image();
    private Image durable = new Image();

    SimulatedContent(int sectorBytes) {
        this.sectorBytes = sectorBytes;
    }

    int size() {
        return visible.size;
    }

    /// What the file takes of the disk: bytes that were lost take nothing, although they can still be read.
    int occupiedBytes() {
        return changes.isEmpty() ? Math.min(visible.size, durable.size) : visible.size;
    }

    boolean hasUnforcedChanges() {
        return !changes.isEmpty();
    }

    /// Reads as many bytes as there are and returns how many; -1 at the end.
    int read(ByteBuffer target, int position) {
        if (position >= visible.size) {
            return -1;
        }
        int count = Math.min(target.remaining(), visible.size - position);
        target.put(visible.bytes, position, count);
        return count;
    }

    void write(byte[] bytes, int position) {
        change(new Change(position, bytes, Math.max(visible.size, position + bytes.length)));
    }

    void truncate(int size) {
        if (size < visible.size) {
            change(new Change(size, new byte[visible.size - size], size));
        }
    }

    void force() {
        changes.forEach(durable::apply);
        changes.clear();
    }

    /// What Linux makes of a force that fails: any part of it may have been written, and nothing of the rest will
    /// ever be, because it counts as written. It can be read as long as it stays in memory.
    void forceInVain(Random random) {
        durable = afterPowerCut(random);
        changes.clear();
    }

    /// A force that fails for want of space: nothing has been written or will be.
    void forceWithoutSpace() {
        changes.clear();
    }

    /// The memory forgets what it believes to be on disk.
    void dropCaches() {
        visible = durable.copy();
        changes.forEach(visible::apply);
    }

    @Override
    public void cutPower(Random random) {
        durable = afterPowerCut(random);
        visible = durable.copy();
        changes.clear();
    }

    private void change(Change change) {
        changes.add(change);
        visible.apply(change);
    }

    private Image afterPowerCut(Random random) {
        var image = durable.copy();
        int count = changes.size();
        if (count == 0) {
            return image;
        }
        // Now and then the disk does it in order, as it mostly would.
        boolean inOrder = random.nextInt(3) == 0;
        int allUntil = random.nextInt(count + 1);
        int size = sizeAfterPowerCut(random, inOrder ? allUntil : moment(random, count));
        var keptUntil = new HashMap<Integer, Integer>();
        for (int i = 0; i < count; i++) {
            var change = changes.get(i);
            for (int from = 0; from < change.bytes.length; ) {
                int sector = (change.position + from) / sectorBytes;
                int to = Math.min(change.bytes.length, (sector + 1) * sectorBytes - change.position);
                if (i < keptUntil.computeIfAbsent(sector, _ -> inOrder ? allUntil : moment(random, count))) {
                    image.put(change, from, to);
                }
                from = to;
            }
        }
        image.resize(size);
        return image;
    }

    /// A moment between the last force and now, as a number of changes; the ends are more likely.
    private static int moment(Random random, int count) {
        return switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> count;
            default -> random.nextInt(count + 1);
        };
    }

    /// The length at that moment, or any between it and the next.
    private int sizeAfterPowerCut(Random random, int moment) {
        int size = moment == 0 ? durable.size : changes.get(moment - 1).sizeAfter;
        int next = moment == changes.size() ? size : changes.get(moment).sizeAfter;
        return next > size && random.nextBoolean() ? random.nextInt(size, next + 1) : size;
    }

    /// Bytes that were written at a position; or, where they are zeros behind a new end, cut off.
    private static final class Change {
        private final int position;
        private final byte[] bytes;
        private final int sizeAfter;

        Change(int position, byte[] bytes, int sizeAfter) {
            this.position = position;
            this.bytes = bytes;
            this.sizeAfter = sizeAfter;
        }
    }

    /// A file's bytes. Behind its size there are zeros.
    private static final class Image {
        private byte[] bytes = new byte[0];
        private int size;

        Image copy() {
            var copy = new Image();
            copy.bytes = Arrays.copyOf(bytes, size);
            copy.size = size;
            return copy;
        }

        void apply(Change change) {
            put(change, 0, change.bytes.length);
            if (change.sizeAfter < size) {
                resize(change.sizeAfter);
            }
            size = change.sizeAfter;
        }

        /// Takes over the bytes `from` to `to` of a change, not the length.
        void put(Change change, int from, int to) {
            reserve(change.position + to);
            System.arraycopy(change.bytes, from, bytes, change.position + from, to - from);
        }

        void resize(int newSize) {
            reserve(newSize);
            Arrays.fill(bytes, newSize, bytes.length, (byte) 0);
            size = newSize;
        }

        private void reserve(int count) {
            if (count > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(count, bytes.length * 2));
            }
        }
    }
}
