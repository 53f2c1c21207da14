package io.vitrine.log;

import io.vitrine.record.EndMarker;
import io.vitrine.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import org.apache.kafka.common.record.internal.MemoryRecords;

/// Reads a log as Kafka's consumer does with `read_committed`: what it is told of aborted transactions is left out.
final class CommittedReader {
    private final PartitionLog log;
    private final int maxBytes;
    private final List<String> values = new ArrayList<>();

    /// @param maxBytes of each fetch
    CommittedReader(PartitionLog log, int maxBytes) {
        this.log = log;
        this.maxBytes = maxBytes;
    }

    /// The values from `offset` to where the log is no longer stable, each with its offset.
    List<String> valuesFrom(long offset) throws IOException {
        long next = offset;
        while (true) {
            var slice = log.fetches().readCommitted(next, maxBytes);
            if (slice.isEmpty()) {
                return values;
            }
            next = take(slice, next);
        }
    }

    private long take(LogSlice slice, long from) throws IOException {
        var ahead = new PriorityQueue<>(Comparator.comparingLong(AbortedTransaction::firstOffset));
        ahead.addAll(slice.aborted());
        var aborted = new HashSet<Long>();
        long next = from;
        var bytes = bytesOf(slice);
        for (int at = 0; at < bytes.limit(); ) {
            var batch = RecordBatch.at(bytes, at);
            while (!ahead.isEmpty() && ahead.element().firstOffset() <= batch.lastOffset()) {
                aborted.add(ahead.remove().producerId());
            }
            take(batch, from, aborted);
            next = batch.nextOffset();
            at += batch.sizeInBytes();
        }
        return next;
    }

    private void take(RecordBatch batch, long from, Set<Long> aborted) {
        if (batch.attributes().isControl()) {
            var marker = EndMarker.find(batch);
            if (marker != null && !marker.commit()) {
                aborted.remove(batch.producerId());
            }
            return;
        }
        if (batch.attributes().isTransactional() && aborted.contains(batch.producerId())) {
            return;
        }
        for (var record : MemoryRecords.readableRecords(batch.bytes()).records()) {
            if (record.offset() >= from) {
                values.add(record.offset() + "=" + StandardCharsets.UTF_8.decode(record.value()));
            }
        }
    }

    private static ByteBuffer bytesOf(LogSlice slice) throws IOException {
        return switch (slice) {
            case LogSlice.InMemory(var bytes, var _) -> bytes.slice();
            case LogSlice.InFile inFile -> {
                var bytes = ByteBuffer.allocate(inFile.sizeInBytes());
                try (var pinned = inFile.pin()) {
                    while (bytes.hasRemaining()
                            && pinned.channel().read(bytes, inFile.position() + bytes.position()) > 0) {
                        // All of it, be it in several steps.
                    }
                }
                yield bytes.flip();
            }
        };
    }
}
