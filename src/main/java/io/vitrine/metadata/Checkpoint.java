package io.vitrine.metadata;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/// A snapshot of the metadata as of one offset: `00000000000000000042-0000000003.checkpoint` holds what the records
/// before offset 42 amount to. The one for offset 0 holds what the cluster was formatted with.
///
/// @param endOffset the first offset that is not contained
/// @param epoch leader epoch of the last record contained
record Checkpoint(Path file, long endOffset, int epoch) {
    private static final Pattern FILE_NAME = Pattern.compile("(\\d{20})-(\\d{10})\\.checkpoint");

    /// Where the checkpoint as of `end` lies in `directory`.
    static Checkpoint at(Path directory, LogEnd end) {
        return new Checkpoint(
                directory.resolve("%020d-%010d.checkpoint".formatted(end.offset(), end.epoch())),
                end.offset(),
                end.epoch());
    }

    /// Finds all checkpoints among `files`, oldest first.
    static List<Checkpoint> findAll(List<Path> files) throws MetadataException {
        var found = new ArrayList<Checkpoint>();
        for (var file : files) {
            var matcher = FILE_NAME.matcher(file.getFileName().toString());
            if (matcher.matches()) {
                found.add(parse(file, matcher.group(1), matcher.group(2)));
            }
        }
        found.sort(Comparator.comparingLong(Checkpoint::endOffset).thenComparingInt(Checkpoint::epoch));
        return found;
    }

    /// Only what formatting wrote, before there was a log?
    boolean isBootstrap() {
        return endOffset == 0;
    }

    String name() {
        return file.getFileName().toString();
    }

    /// What the quorum says of itself, from the header.
    ControlRecords control() throws IOException {
        var control = new ControlRecords();
        try (var scanner = BatchScanner.open(file)) {
            if (scanner.advance() && scanner.batch().attributes().isControl()) {
                takeControl(scanner, control);
            }
        } catch (MetadataException e) {
            throw new IOException("The header of the checkpoint can't be read", e);
        }
        return control;
    }

    /// Replays all of it. Unlike a log it has no torn tail: it was renamed into place when it was complete, and
    /// its last batch is a control batch, the footer.
    void replay(MetadataReplay replay, ControlRecords control) throws IOException, MetadataException {
        var sequence = new BatchSequence();
        boolean endsWithFooter = false;
        try (var scanner = BatchScanner.open(file)) {
            while (scanner.advance()) {
                var batch = scanner.batch();
                sequence.accept(batch, scanner);
                endsWithFooter = batch.attributes().isControl();
                if (endsWithFooter) {
                    takeControl(scanner, control);
                } else {
                    MetadataBatchRecords.forEach(
                            batch, file, scanner.position(), (_, value, place) -> replay.replay(value, place));
                }
            }
            if (scanner.tornBytes() > 0 || !endsWithFooter || sequence.batchCount() < 2) {
                throw scanner.damaged("the checkpoint ends before its footer");
            }
        }
    }

    private void takeControl(BatchScanner scanner, ControlRecords control) throws IOException, MetadataException {
        MetadataBatchRecords.forEachKeyed(
                scanner.batch(), file, scanner.position(), (_, key, value, place) -> control.accept(key, value, place));
    }

    private static Checkpoint parse(Path file, String endOffset, String epoch) throws MetadataException {
        try {
            return new Checkpoint(file, Long.parseLong(endOffset), Integer.parseInt(epoch));
        } catch (NumberFormatException e) {
            throw new MetadataException(file, "the name of the checkpoint is out of range");
        }
    }
}
