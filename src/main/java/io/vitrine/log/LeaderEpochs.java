package io.vitrine.log;

import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// Where each leader epoch of a partition begins, so that a client or follower can find out up to which offset it saw
/// the same log as we have: Apache Kafka's `leader-epoch-checkpoint`, a [CheckpointText] with a line
/// `<epoch> <start offset>` for each epoch that has records. Epochs and offsets rise from line to line. Thread-safe.
final class LeaderEpochs {
    static final String FILE_NAME = "leader-epoch-checkpoint";

    private static final int NO_EPOCH = -1;
    private static final Pattern LINE = Pattern.compile("(\\d{1,10})\\s+(\\d{1,19})");

    private final TreeMap<Integer, Long> startOffsets = new TreeMap<>();

    /// The epochs that a file holds.
    ///
    /// @throws IOException if the file is damaged; it names the line and what was expected
    static LeaderEpochs decode(String text) throws IOException {
        var epochs = new LeaderEpochs();
        int line = CheckpointText.FIRST_ENTRY_LINE;
        for (var entry : CheckpointText.decode(text, FILE_NAME)) {
            var start = parse(entry, line);
            if (!epochs.goesOnWith(start)) {
                throw CheckpointText.damage(FILE_NAME, line, "a greater epoch and no lower offset", entry);
            }
            epochs.assign(start.epoch(), start.startOffset());
            line++;
        }
        return epochs;
    }

    /// The text of the file.
    String encode() {
        return CheckpointText.encode(entries().stream()
                .map(entry -> entry.epoch() + " " + entry.startOffset())
                .toList());
    }

    /// Notes that `epoch` begins at `startOffset`. Epochs that would begin there or behind it have no records and are
    /// forgotten. An epoch that is not greater than the last one is in the log already.
    ///
    /// @return did anything change?
    synchronized boolean assign(int epoch, long startOffset) {
        if (epoch < 0 || startOffset < 0) {
            throw new IllegalArgumentException("epoch %d, start offset %d".formatted(epoch, startOffset));
        }
        if (!startOffsets.isEmpty() && epoch <= startOffsets.lastKey()) {
            return false;
        }
        truncateFromEnd(startOffset);
        startOffsets.put(epoch, startOffset);
        return true;
    }

    /// The epoch in which the record of `offset` was written, or would be.
    synchronized OptionalInt epochOf(long offset) {
        return startOffsets.entrySet().stream()
                .filter(entry -> entry.getValue() <= offset)
                .mapToInt(entry -> entry.getKey())
                .max();
    }

    /// Where the records of `epoch` end. For the last epoch that is the end of the log; for an earlier one, where the
    /// next begins; for one before all that are known, the first known offset, as its records are gone. Of one that
    /// is yet to come nothing is known.
    ///
    /// @param leaderEpoch the one that the log is written in now; until it has records it begins at the end of the
    /// log
    synchronized EpochEnd endOffsetOf(int epoch, int leaderEpoch, long logEndOffset) {
        int last = startOffsets.isEmpty() ? leaderEpoch : Math.max(leaderEpoch, startOffsets.lastKey());
        if (epoch == NO_EPOCH || epoch > last) {
            return EpochEnd.UNKNOWN;
        }
        if (epoch == last) {
            return new EpochEnd(epoch, logEndOffset);
        }
        var known = startOffsets.floorKey(epoch);
        var next = startOffsets.higherEntry(epoch);
        return new EpochEnd(known == null ? epoch : known, next == null ? logEndOffset : next.getValue());
    }

    /// Forgets epochs that begin at `endOffset` or behind it, when the log is cut there.
    ///
    /// @return did anything change?
    synchronized boolean truncateFromEnd(long endOffset) {
        return startOffsets.values().removeIf(startOffset -> startOffset >= endOffset);
    }

    /// Forgets epochs that have no records from `startOffset` on, when the log begins there now. The epoch of
    /// `startOffset` begins there too, then.
    ///
    /// @return did anything change?
    synchronized boolean truncateFromStart(long startOffset) {
        var first = epochOf(startOffset);
        if (first.isEmpty() || startOffsets.firstEntry().getValue() == startOffset) {
            return false;
        }
        startOffsets.headMap(first.getAsInt()).clear();
        startOffsets.put(first.getAsInt(), startOffset);
        return true;
    }

    synchronized List<LeaderEpochStart> entries() {
        return startOffsets.entrySet().stream()
                .map(entry -> new LeaderEpochStart(entry.getKey(), entry.getValue()))
                .toList();
    }

    private boolean goesOnWith(LeaderEpochStart next) {
        return startOffsets.isEmpty()
                || (next.epoch() > startOffsets.lastKey()
                        && next.startOffset() >= startOffsets.lastEntry().getValue());
    }

    private static LeaderEpochStart parse(String entry, int line) throws IOException {
        var matcher = LINE.matcher(entry);
        if (matcher.matches()) {
            try {
                return new LeaderEpochStart(Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(2)));
            } catch (NumberFormatException _) {
                // A number too great for its type is damage like any other.
            }
        }
        throw CheckpointText.damage(FILE_NAME, line, "an epoch and an offset", entry);
    }
}
