package io.vitrine.log;

import io.vitrine.record.RecordBatch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Goes through a segment batch by batch, to learn what lies in it and what of it can't be trusted. A batch is sound
/// if its frame is plausible, its checksum holds where checksums are asked for, and its base offset and leader epoch,
/// which lie outside the checksum, fit those around it. What is unsound is a damaged range up to the next sound
/// batch, or, if there is none, the tail, of which the caller decides whether it was an unfinished write.
final class SegmentScan {
    /// Searching for a sound batch computes checksums of what only looks like one; a file made to be searched for
    /// long is given up on.
    private static final long SEARCH_BUDGET_BYTES = 4L * 1024 * 1024 * 1024;

    private final SegmentWindow window;
    private final Terms terms;
    private final List<DamagedRange> known;
    private final Visitor visitor;
    private final List<DamagedRange> damaged = new ArrayList<>();
    private final SegmentFile file;
    private long position;
    private long nextOffset;
    private int leaderEpoch;
    private long searched;
    private boolean hasGaps;

    /// Hears of every sound batch, in order.
    interface Visitor {
        /// Takes a batch.
        ///
        /// @param batch its header only, good until this returns
        void visit(RecordBatch batch, int position) throws IOException;
    }

    /// What the scan goes by.
    ///
    /// @param baseOffset that of the segment
    /// @param endOffset where the next segment begins; `Long.MAX_VALUE` for the last
    /// @param checksumsFrom the first offset whose checksum is compared always; before, of one that
    ///     does not lead to the next
    /// @param gapsAllowed may offsets be missing, as compaction leaves it?
    record Terms(long baseOffset, long endOffset, long checksumsFrom, boolean gapsAllowed) {}

    /// What was found.
    ///
    /// @param soundEnd the byte behind the last sound batch or damaged range
    /// @param nextOffset the offset that follows there
    /// @param hasGaps are offsets or records missing, as compaction leaves it?
    /// @param tailDamage why nothing from `soundEnd` to the end of the file is a batch; null if that is the end
    record Result(
            int soundEnd,
            long nextOffset,
            List<DamagedRange> damaged,
            boolean hasGaps,
            @Nullable String tailDamage) {}

    /// @param sizeInBytes how much of the file is looked at
    /// @param known ranges that are not looked at again
    SegmentScan(SegmentFile file, long sizeInBytes, Terms terms, List<DamagedRange> known, Visitor visitor) {
        this.file = file;
        this.window = new SegmentWindow(file, sizeInBytes);
        this.terms = terms;
        this.known = known;
        this.visitor = visitor;
    }

    /// Goes through the whole file.
    Result run() throws IOException {
        return run(0, terms.baseOffset());
    }

    /// Goes from the batch at `fromPosition` to the end.
    ///
    /// @param expectedOffset the offset behind the batch before
    Result run(long fromPosition, long expectedOffset) throws IOException {
        position = fromPosition;
        nextOffset = expectedOffset;
        leaderEpoch = RecordBatch.NO_LEADER_EPOCH;
        while (position < window.size()) {
            if (skipKnown()) {
                continue;
            }
            var damage = findDamage();
            if (damage != null && !isolate(damage)) {
                return new Result((int) position, nextOffset, damaged, hasGaps, damage);
            }
            if (damage == null) {
                visit();
            }
        }
        return new Result((int) position, nextOffset, damaged, hasGaps, null);
    }

    /// Where checksums are not compared, a damaged batch would look sound.
    private boolean skipKnown() {
        for (var range : known) {
            if (range.position() == position && range.sizeInBytes() > 0) {
                position = range.endPosition();
                nextOffset = Math.max(nextOffset, range.nextOffset());
                return true;
            }
        }
        return false;
    }

    private void visit() throws IOException {
        var batch = window.batchAt(position);
        if (!damaged.isEmpty() && damaged.getLast().endPosition() == position) {
            // How many offsets the damaged bytes took is known for sure only now.
            damaged.add(damaged.removeLast().upTo(batch.baseOffset()));
            nextOffset = batch.baseOffset();
        }
        hasGaps |= batch.baseOffset() != nextOffset || batch.recordCount() <= batch.lastOffsetDelta();
        nextOffset = batch.nextOffset();
        leaderEpoch = Math.max(leaderEpoch, batch.partitionLeaderEpoch());
        long next = position + batch.sizeInBytes();
        visitor.visit(batch, (int) position);
        position = next;
    }

    private @Nullable String findDamage() throws IOException {
        var frame = window.findFrameDamage(position);
        if (frame != null) {
            return frame;
        }
        if (needsChecksum()) {
            var checksum = window.findChecksumDamage(position);
            if (checksum != null) {
                return checksum;
            }
        }
        return findMisplacement();
    }

    /// A header that was damaged without its checksum being asked for does not lead to the batch that follows.
    private boolean needsChecksum() throws IOException {
        var batch = window.batchAt(position);
        long next = batch.nextOffset();
        long end = position + batch.sizeInBytes();
        if (next > terms.checksumsFrom()) {
            return true;
        }
        if (end < window.size()) {
            return window.findFrameDamage(end) != null || window.batchAt(end).baseOffset() != next;
        }
        return next != Math.min(terms.endOffset(), terms.checksumsFrom());
    }

    /// Do base offset and leader epoch fit? One that is too high is seen by the batches that follow it.
    private @Nullable String findMisplacement() throws IOException {
        var place = Place.of(window.batchAt(position), position);
        boolean outside = place.nextOffset() > terms.endOffset()
                || place.nextOffset() - 1 - terms.baseOffset() > Integer.MAX_VALUE;
        if (place.baseOffset() < nextOffset || outside) {
            return "base offset %d where %d is next".formatted(place.baseOffset(), nextOffset);
        }
        if (place.hasEpoch() && place.leaderEpoch() < leaderEpoch) {
            return "leader epoch %d after %d".formatted(place.leaderEpoch(), leaderEpoch);
        }
        if (place.baseOffset() > nextOffset && !isGap(place)) {
            return "base offset %d where %d is next".formatted(place.baseOffset(), nextOffset);
        }
        if (place.hasEpoch() && place.leaderEpoch() > leaderEpoch && !isNewEpoch(place)) {
            return "leader epoch %d, and lower ones after it".formatted(place.leaderEpoch());
        }
        return null;
    }

    /// What a batch says of its place, kept while another is looked at.
    private record Place(long baseOffset, long nextOffset, int leaderEpoch, long endPosition) {
        static Place of(RecordBatch batch, long position) {
            return new Place(
                    batch.baseOffset(),
                    batch.nextOffset(),
                    batch.partitionLeaderEpoch(),
                    position + batch.sizeInBytes());
        }

        boolean hasEpoch() {
            return leaderEpoch != RecordBatch.NO_LEADER_EPOCH;
        }
    }

    /// The batch behind another; null if there is none that can be one.
    private @Nullable Place following(Place place) throws IOException {
        long end = place.endPosition();
        return end < window.size() && window.findFrameDamage(end) == null ? Place.of(window.batchAt(end), end) : null;
    }

    /// Are the offsets before `place` missing, as compaction leaves them, and is its base offset right? If the batch
    /// behind it does not agree, the one behind that decides which of them is wrong.
    private boolean isGap(Place place) throws IOException {
        var second = following(place);
        if (second == null) {
            return terms.gapsAllowed() || terms.endOffset() != Long.MAX_VALUE;
        }
        if (second.baseOffset() >= place.nextOffset() || second.baseOffset() < nextOffset) {
            return true;
        }
        var third = following(second);
        long taken = second.nextOffset() - second.baseOffset();
        return third != null && third.baseOffset() >= place.nextOffset() + taken;
    }

    /// Does a leader epoch begin with `place`? Decided in the same way.
    private boolean isNewEpoch(Place place) throws IOException {
        var second = following(place);
        if (second == null
                || !second.hasEpoch()
                || second.leaderEpoch() >= place.leaderEpoch()
                || second.leaderEpoch() < leaderEpoch) {
            return true;
        }
        var third = following(second);
        return third != null && third.hasEpoch() && third.leaderEpoch() >= place.leaderEpoch();
    }

    /// Steps over what is damaged, if something sound follows or the batch itself is whole.
    ///
    /// @return false if nothing sound follows
    private boolean isolate(String damage) throws IOException {
        if (window.findFrameDamage(position) == null && window.findChecksumDamage(position) == null) {
            // Whole but misplaced. How many offsets it took is under the checksum.
            var batch = window.batchAt(position);
            addRange(position + batch.sizeInBytes(), nextOffset + batch.lastOffsetDelta() + 1L, damage);
            return true;
        }
        long sound = findSoundBatch();
        if (sound < 0) {
            return false;
        }
        addRange(sound, Math.max(nextOffset, window.batchAt(sound).baseOffset()), damage);
        return true;
    }

    private void addRange(long endPosition, long endOffset, String damage) {
        damaged.add(new DamagedRange(
                terms.baseOffset(), (int) position, (int) (endPosition - position), nextOffset, endOffset, damage));
        position = endPosition;
        nextOffset = endOffset;
    }

    /// The first batch behind the damaged one whose checksum holds: where the damaged one says it ends, or wherever
    /// else. There, its offset must fit too, because a record can hold bytes that look like a batch.
    private long findSoundBatch() throws IOException {
        if (window.findFrameDamage(position) == null) {
            long claimed = position + window.batchAt(position).sizeInBytes();
            if (claimed < window.size()
                    && window.findFrameDamage(claimed) == null
                    && window.findChecksumDamage(claimed) == null) {
                return claimed;
            }
        }
        for (long at = position + 1; at <= window.size() - RecordBatch.HEADER_SIZE_IN_BYTES; at++) {
            if (window.magicAt(at) == RecordBatch.CURRENT_MAGIC
                    && window.findFrameDamage(at) == null
                    && fits(window.batchAt(at))
                    && isSound(at)) {
                return at;
            }
        }
        return -1;
    }

    private boolean fits(RecordBatch batch) {
        return batch.baseOffset() >= nextOffset
                && batch.nextOffset() <= terms.endOffset()
                && batch.lastOffset() - terms.baseOffset() <= Integer.MAX_VALUE;
    }

    private boolean isSound(long at) throws IOException {
        searched += window.batchAt(at).sizeInBytes();
        if (searched > SEARCH_BUDGET_BYTES) {
            throw new DamagedLogException(file.path(), position, "what follows it took too long to search");
        }
        return window.findChecksumDamage(at) == null;
    }
}
