package io.vitrine.log;

import io.vitrine.record.RecordBatch;
import java.io.IOException;

/// Finds out, when a log is opened, what is known of its producers and of the transactions they have aborted: from the
/// newest snapshot that needs no unchecked record, and the batches behind it.
final class ProducerRecovery {
    private final LogFiles files;
    private final ProducerSnapshots snapshots;
    private final ProducerStates producers = new ProducerStates();
    private ProducerReplay replay = new ProducerReplay(producers, 0);

    ProducerRecovery(LogFiles files) {
        this.files = files;
        this.snapshots = new ProducerSnapshots(files);
    }

    ProducerStates producers() {
        return producers;
    }

    /// Takes what the newest sound snapshot says.
    ///
    /// @param kept the segments before this one don't count
    /// @param checked up to where the log needs no check
    /// @return the first offset whose batch has to be seen
    long begin(long kept, long checked) throws IOException {
        var snapshot = snapshots.findLatest(kept, checked);
        snapshot.ifPresent(found -> producers.restore(found.producers()));
        replay = new ProducerReplay(
                producers, snapshot.map(ProducerSnapshots.Snapshot::offset).orElse(kept));
        return replay.from();
    }

    /// The aborted transactions of a segment that is about to be read: those that the snapshot is beyond are in its
    /// file, the others are found by reading.
    TransactionIndex transactionsOf(long baseOffset, LogContents contents, DamagedRanges damaged) throws IOException {
        return replay.from() <= baseOffset
                ? new TransactionIndex(baseOffset)
                : new TransactionIndexFile(files, damaged, baseOffset, replay.from())
                        .read(contents.transactionsOf(baseOffset));
    }

    /// Takes note of a batch of a segment that is read.
    ///
    /// @param header good until this returns
    /// @param index of the segment
    void learn(SegmentFile file, RecordBatch header, int position, TransactionIndex index) throws IOException {
        replay.learn(file, header, position, index::add);
    }

    /// Drops what speaks of offsets that the log does not have, and producers that are too old.
    void tidyUp(long nextOffset, long oldest) throws IOException {
        snapshots.deleteAfter(nextOffset);
        producers.forgetUpTo(oldest);
    }
}
