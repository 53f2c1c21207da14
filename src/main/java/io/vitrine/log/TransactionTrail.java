package io.vitrine.log;

import io.vitrine.record.RecordBatch;
import io.vitrine.record.RecordKeys;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Follows the transactions of a log from batch to batch, in order, and tells what they leave for compaction to
/// drop: the records of aborted ones, and a marker once nothing of its transaction is left before it.
/// ```
///   | data of 7 | data of 8 | abort 7        | commit 8       | abort 9
///     dropped     kept        kept this time   kept             may go: its data have gone before
/// ```
final class TransactionTrail {
    private static final int TYPE_POSITION = 2;
    private static final short ABORT = 0;
    private static final short COMMIT = 1;

    private final PriorityQueue<AbortedTransaction> ahead =
            new PriorityQueue<>(Comparator.comparingLong(AbortedTransaction::firstOffset));
    private final Map<Long, Aborted> aborted = new HashMap<>();
    private final Set<Long> withData = new HashSet<>();
    private List<AbortedTransaction> kept = new ArrayList<>();
    private boolean blind;

    private static final class Aborted {
        private final AbortedTransaction transaction;
        private boolean hasData;

        Aborted(AbortedTransaction transaction) {
            this.transaction = transaction;
        }
    }

    /// Announces aborted transactions; one that is known already does no harm.
    void add(List<AbortedTransaction> transactions) {
        ahead.addAll(transactions);
    }

    /// A batch could not be read, so it may belong to any transaction: from now on no marker goes.
    void passUnread() {
        blind = true;
    }

    /// Goes past `batch`, whose records can be read.
    ///
    /// @return may it go? Its records, if it holds data; the batch, if it is a marker
    boolean pass(RecordBatch batch) throws IOException {
        while (!ahead.isEmpty() && ahead.element().firstOffset() <= batch.lastOffset()) {
            var begun = ahead.remove();
            aborted.computeIfAbsent(begun.producerId(), _ -> new Aborted(begun));
        }
        if (batch.attributes().isControl()) {
            return passMarker(batch);
        }
        return batch.attributes().isTransactional() && passData(batch.producerId());
    }

    /// The aborted transactions whose markers have been passed since this was asked last and which still are in the
    /// log: the entries of its transaction index.
    List<AbortedTransaction> takeKept() {
        var taken = kept;
        kept = new ArrayList<>();
        return taken;
    }

    private boolean passData(long producerId) {
        var transaction = aborted.get(producerId);
        if (transaction == null) {
            withData.add(producerId);
            return false;
        }
        transaction.hasData = true;
        return true;
    }

    private boolean passMarker(RecordBatch batch) throws IOException {
        try (var keys = RecordKeys.of(batch, Long.MAX_VALUE)) {
            // A marker that has been emptied stays for its producer's sake only.
            return (!keys.next() || passMarker(batch.producerId(), typeOf(keys.key()))) && !blind;
        }
    }

    private boolean passMarker(long producerId, short type) {
        return switch (type) {
            case ABORT -> passAbort(producerId);
            case COMMIT -> !withData.remove(producerId);
            default -> false;
        };
    }

    private boolean passAbort(long producerId) {
        var transaction = aborted.remove(producerId);
        if (transaction == null || !(transaction.hasData || blind)) {
            return true;
        }
        kept.add(transaction.transaction);
        return false;
    }

    /// The key of a control record is version and type, two bytes each.
    private static short typeOf(byte @Nullable [] key) {
        return key != null && key.length >= TYPE_POSITION + Short.BYTES
                ? ByteBuffer.wrap(key).getShort(TYPE_POSITION)
                : -1;
    }
}
