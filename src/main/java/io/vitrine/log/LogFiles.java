package io.vitrine.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// The files of one partition's directory, by Kafka's names: twenty digits of an offset and what kind it is.
/// ```
///   00000000000000000000.log        batches, from this offset on
///   00000000000000000000.index      where in it which offset lies
///   00000000000000000000.timeindex  which offset has which time
///   00000000000000000000.txnindex   transactions that were aborted, if any
///   00000000000000000042.snapshot   the producers, as of the batches before this offset
///   leader-epoch-checkpoint         which leader epoch began at which offset
///   partition.metadata              whose partition it is
/// ```
record LogFiles(Disk disk, Path directory) {
    static final String LOG = ".log";
    static final String OFFSET_INDEX = ".index";
    static final String TIME_INDEX = ".timeindex";
    static final String TRANSACTION_INDEX = ".txnindex";
    static final String PRODUCER_SNAPSHOT = ".snapshot";
    /// What belongs to one segment.
    static final List<String> SEGMENT_SUFFIXES = List.of(LOG, OFFSET_INDEX, TIME_INDEX, TRANSACTION_INDEX);

    static final String LEADER_EPOCHS = "leader-epoch-checkpoint";
    /// Written by whoever gives the log its directory, before it is opened; here it is only forced.
    static final String OWNER = "partition.metadata";
    /// Marks a file that is deleted before long, and nobody's any more.
    static final String DELETED = ".deleted";

    private static final int NAME_DIGITS = 20;

    /// The name of a file of the kind `suffix`.
    static String name(long offset, String suffix) {
        var digits = Long.toString(offset);
        return "0".repeat(NAME_DIGITS - digits.length()) + digits + suffix;
    }

    Path path(long offset, String suffix) {
        return directory.resolve(name(offset, suffix));
    }

    Path path(String name) {
        return directory.resolve(name);
    }

    boolean exists(long offset, String suffix) throws IOException {
        return disk.exists(path(offset, suffix));
    }

    /// The offsets that files of one kind are named after, ascending, out of a directory's `names`.
    static List<Long> offsets(List<String> names, String suffix) {
        return names.stream()
                .filter(name -> name.length() == NAME_DIGITS + suffix.length() && name.endsWith(suffix))
                .map(name -> name.substring(0, NAME_DIGITS))
                .filter(digits -> digits.chars().allMatch(digit -> digit >= '0' && digit <= '9'))
                .map(LogFiles::parse)
                .filter(offset -> offset >= 0)
                .sorted()
                .toList();
    }

    List<Long> offsets(String suffix) throws IOException {
        return offsets(disk.list(directory), suffix);
    }

    private static long parse(String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            // Twenty digits can be more than an offset can.
            return -1;
        }
    }
}
