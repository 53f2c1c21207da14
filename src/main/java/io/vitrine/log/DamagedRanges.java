package io.vitrine.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// The damaged ranges known of one partition, in the order of their offsets. They are found when a log is opened
/// after a crash, or when somebody reads into one; the file keeps them, so that a later start, which checks nothing,
/// knows them too. Kafka ignores the file. One line a range:
/// ```
///   0                                            version
///   1                                            count
///   <segment> <position> <size> <first> <next> <reason …>
/// ```
/// Thread-safe.
final class DamagedRanges {
    static final String FILE = "damaged-ranges";
    private static final String VERSION = "0";
    private static final int FIELDS = 6;

    private volatile List<DamagedRange> ranges;
    private volatile boolean gapsAllowed;

    DamagedRanges(List<DamagedRange> ranges) {
        this.ranges = sorted(ranges);
    }

    /// May offsets be missing although nothing is damaged, as compaction leaves it?
    boolean areGapsAllowed() {
        return gapsAllowed;
    }

    void allowGaps(boolean allowed) {
        gapsAllowed = allowed;
    }

    List<DamagedRange> all() {
        return ranges;
    }

    /// Those of one segment, in order.
    List<DamagedRange> of(long segmentBaseOffset) {
        var known = ranges;
        return known.isEmpty()
                ? known
                : known.stream()
                        .filter(range -> range.segmentBaseOffset() == segmentBaseOffset)
                        .toList();
    }

    Optional<DamagedRange> find(long offset) {
        var known = ranges;
        return known.isEmpty()
                ? Optional.empty()
                : known.stream().filter(range -> range.holds(offset)).findFirst();
    }

    /// Adds what is not known yet. Where damage has grown, the larger range takes the place of those within it.
    ///
    /// @return whether there was something new
    synchronized boolean add(List<DamagedRange> found) {
        var fresh = found.stream()
                .filter(range -> ranges.stream().noneMatch(known -> overlaps(known, range) && !exceeds(range, known)))
                .toList();
        if (fresh.isEmpty()) {
            return false;
        }
        var all = new ArrayList<>(ranges);
        all.removeIf(known -> fresh.stream().anyMatch(range -> overlaps(known, range)));
        all.addAll(fresh);
        ranges = sorted(all);
        return true;
    }

    /// Forgets those that `gone` names.
    ///
    /// @return whether there were any
    synchronized boolean removeIf(Predicate<DamagedRange> gone) {
        var left = ranges.stream().filter(gone.negate()).toList();
        boolean changed = left.size() != ranges.size();
        ranges = left;
        return changed;
    }

    ByteBuffer encode() {
        var text = new StringBuilder(VERSION).append('\n').append(ranges.size()).append('\n');
        for (var range : ranges) {
            text.append("%d %d %d %d %d %s\n"
                    .formatted(
                            range.segmentBaseOffset(),
                            range.position(),
                            range.sizeInBytes(),
                            range.firstOffset(),
                            range.nextOffset(),
                            range.reason().replace('\n', ' ')));
        }
        return ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /// @throws IOException if the text is no such file
    static DamagedRanges decode(ByteBuffer bytes) throws IOException {
        var lines = StandardCharsets.UTF_8.decode(bytes).toString().lines().toList();
        try {
            if (lines.size() < 2
                    || !lines.getFirst().equals(VERSION)
                    || Integer.parseInt(lines.get(1)) != lines.size() - 2) {
                throw new IOException("%s has no version %s with a count of its lines".formatted(FILE, VERSION));
            }
            return new DamagedRanges(
                    lines.stream().skip(2).map(DamagedRanges::parse).toList());
        } catch (IllegalArgumentException e) {
            throw new IOException("%s can't be read: %s".formatted(FILE, e.getMessage()), e);
        }
    }

    private static DamagedRange parse(String line) {
        var fields = line.split(" ", FIELDS);
        if (fields.length < FIELDS) {
            throw new IllegalArgumentException("'%s' has fewer than %d fields".formatted(line, FIELDS));
        }
        return new DamagedRange(
                Long.parseLong(fields[0]),
                Integer.parseInt(fields[1]),
                Integer.parseInt(fields[2]),
                Long.parseLong(fields[3]),
                Long.parseLong(fields[4]),
                fields[5]);
    }

    /// Does `range` hold `known`, and more?
    private static boolean exceeds(DamagedRange range, DamagedRange known) {
        return range.firstOffset() <= known.firstOffset()
                && range.nextOffset() >= known.nextOffset()
                && !(range.firstOffset() == known.firstOffset() && range.nextOffset() == known.nextOffset());
    }

    private static boolean overlaps(DamagedRange one, DamagedRange other) {
        return one.segmentBaseOffset() == other.segmentBaseOffset()
                && one.firstOffset() < Math.max(other.nextOffset(), other.firstOffset() + 1)
                && other.firstOffset() < Math.max(one.nextOffset(), one.firstOffset() + 1);
    }

    private static List<DamagedRange> sorted(List<DamagedRange> ranges) {
        return ranges.stream()
                .sorted(Comparator.comparingLong(DamagedRange::firstOffset))
                .toList();
    }
}
