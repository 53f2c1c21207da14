package io.vitrine.log;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds the aborted transactions of one segment by reading the log from the newest producer snapshot before it on,
/// which is the one at its beginning as a rule.
///
/// @param damaged is not read again
record TransactionRebuild(LogFiles files, DamagedRanges damaged, long baseOffset) {
    private static final Logger log = LoggerFactory.getLogger(TransactionRebuild.class);

    /// @param endOffset what comes behind it is left out
    TransactionIndex run(long endOffset) throws IOException {
        var contents = LogContents.of(files);
        var producers = new ProducerStates();
        var snapshot =
                new ProducerSnapshots(files).findLatest(contents.segments().getFirst(), baseOffset);
        snapshot.ifPresent(found -> producers.restore(found.producers()));
        long from = snapshot.map(ProducerSnapshots.Snapshot::offset)
                .orElse(contents.segments().getFirst());
        var replay = new ProducerReplay(producers, from);
        var index = new TransactionIndex(baseOffset);
        for (long segment : contents.segments()) {
            if (segment <= baseOffset && contents.endOf(segment) > from) {
                read(segment, contents.endOf(segment), replay, index, endOffset);
            }
        }
        if (index.count() > 0) {
            log.info(
                    "{}: {} aborted transactions were found in segment {}",
                    files.directory().getFileName(),
                    index.count(),
                    baseOffset);
        }
        return index;
    }

    private void read(long segment, long nextSegment, ProducerReplay replay, TransactionIndex index, long endOffset)
            throws IOException {
        try (var file = SegmentFile.openExisting(files.disk(), files.path(segment, LogFiles.LOG))) {
            var terms = new SegmentScan.Terms(segment, nextSegment, Long.MAX_VALUE, true);
            long size = Math.min(Integer.MAX_VALUE, file.sizeInBytes());
            new SegmentScan(file, size, terms, damaged.of(segment), (batch, position) -> {
                        if (batch.baseOffset() < endOffset) {
                            replay.learn(file, batch, position, aborted -> add(aborted, index));
                        }
                    })
                    .run();
        }
    }

    private void add(AbortedTransaction transaction, TransactionIndex index) {
        if (transaction.lastOffset() >= baseOffset) {
            index.add(transaction);
        }
    }
}
