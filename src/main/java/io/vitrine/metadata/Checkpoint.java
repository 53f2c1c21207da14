package io.vitrine.metadata;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// A snapshot of the metadata as of one offset: `00000000000000000042-0000000003.checkpoint` holds what the records
/// before offset 42 amount to. The one for offset 0 holds what the cluster was formatted with.
///
/// @param endOffset the first offset that is not contained
/// @param epoch leader epoch of the last record contained
record Checkpoint(Path file, long endOffset, int epoch) {
    private static final Pattern FILE_NAME = Pattern.compile("(\\d{20})-(\\d{10})\\.checkpoint");

    /// Finds the newest checkpoint among `files`.
    static Optional<Checkpoint> findNewest(List<Path> files) throws MetadataException {
        Optional<Checkpoint> newest = Optional.empty();
        var order = Comparator.comparingLong(Checkpoint::endOffset).thenComparingInt(Checkpoint::epoch);
        for (var file : files) {
            var matcher = FILE_NAME.matcher(file.getFileName().toString());
            if (matcher.matches()) {
                var found = parse(file, matcher.group(1), matcher.group(2));
                if (newest.isEmpty() || order.compare(newest.get(), found) < 0) {
                    newest = Optional.of(found);
                }
            }
        }
        return newest;
    }

    /// Only what formatting wrote, before there was a log?
    boolean isBootstrap() {
        return endOffset == 0;
    }

    /// Replays all of it. Unlike a log it has no torn tail: it was renamed into place when it was complete, and
    /// its last batch is a control batch, the footer.
    void replay(MetadataReplay replay) throws IOException, MetadataException {
        var sequence = new BatchSequence();
        boolean endsWithFooter = false;
        try (var scanner = BatchScanner.open(file)) {
            while (scanner.advance()) {
                var batch = scanner.batch();
                sequence.accept(batch, scanner);
                endsWithFooter = batch.attributes().isControl();
                if (!batch.attributes().isControl()) {
                    MetadataBatchRecords.forEach(
                            batch, file, scanner.position(), (_, value, place) -> replay.replay(value, place));
                }
            }
            if (scanner.tornBytes() > 0 || !endsWithFooter || sequence.batchCount() < 2) {
                throw scanner.damaged("the checkpoint ends before its footer");
            }
        }
    }

    private static Checkpoint parse(Path file, String endOffset, String epoch) throws MetadataException {
        try {
            return new Checkpoint(file, Long.parseLong(endOffset), Integer.parseInt(epoch));
        } catch (NumberFormatException e) {
            throw new MetadataException(file, "the name of the checkpoint is out of range");
        }
    }
}
