package io.vitrine.coordinator;

import io.vitrine.log.DamagedRange;
import io.vitrine.partition.Partition;
import io.vitrine.partition.ReadOutcome;
import io.vitrine.record.BatchSlice;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.coordinator.common.runtime.CoordinatorPlayback;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads one partition of a coordinator's topic from its start to its end and has the coordinator replay it. What
/// can't be read, decoded or applied is left out and counted: what else is in there must not suffer for it. Used by one
/// thread; its progress may be looked at by any.
final class CoordinatorLogReplay {
    private static final Logger log = LoggerFactory.getLogger(CoordinatorLogReplay.class);
    // The state as of the last commit is kept beside the newest one; with rare commits that grows.
    private static final long OFFSETS_PER_COMMIT = 16_384;
    private static final int SKIPS_LOGGED = 10;

    private final Partition partition;
    private final CoordinatorPlayback<CoordinatorRecord> coordinator;
    private final RecordTap tap;
    private final int bufferBytes;
    private final BooleanSupplier stopping;
    private final long startNanos = System.nanoTime();
    private long offset;
    private long committed;
    private long records;
    private long skipped;
    private int damagedRanges;
    private long bytes;
    private volatile CoordinatorLoad progress;

    CoordinatorLogReplay(
            Partition partition,
            CoordinatorPlayback<CoordinatorRecord> coordinator,
            RecordTap tap,
            int bufferBytes,
            BooleanSupplier stopping) {
        this.partition = partition;
        this.coordinator = coordinator;
        this.tap = tap;
        this.bufferBytes = bufferBytes;
        this.stopping = stopping;
        this.progress = CoordinatorLoad.waiting(partition.name().partition());
    }

    CoordinatorLoad progress() {
        return progress;
    }

    /// Replays the log.
    ///
    /// @throws KafkaStorageException if it can't be read
    void run() {
        try {
            replay();
        } catch (RuntimeException e) {
            progress = show(CoordinatorLoad.State.FAILED, offset, Optional.of(String.valueOf(e.getMessage())));
            throw e;
        }
    }

    private void replay() {
        var marks = partition.findOffsets().orElseThrow(() -> failed(partition.offlineReason()));
        offset = marks.logStartOffset();
        long end = marks.logEndOffset();
        while (offset < end) {
            if (stopping.getAsBoolean()) {
                throw failed(Optional.of("the broker is stopping"));
            }
            progress = show(CoordinatorLoad.State.LOADING, end, Optional.empty());
            switch (partition.read(offset, bufferBytes)) {
                case ReadOutcome.Batches(BatchSlice slice, var offsets) -> {
                    end = offsets.logEndOffset();
                    if (slice.isEmpty()) {
                        offset = end;
                    } else {
                        replay(slice.bytes());
                    }
                }
                case ReadOutcome.Damaged(DamagedRange range) -> skip(range);
                case ReadOutcome.OutOfRange<BatchSlice> outside -> {
                    offset = Math.max(offset, outside.offsets().logStartOffset());
                    end = outside.offsets().logEndOffset();
                }
                case ReadOutcome.StorageFailed(String reason) -> throw failed(Optional.of(reason));
                case ReadOutcome.Deleted<BatchSlice> _ -> throw failed(Optional.of("the topic was deleted"));
            }
        }
        offset = Math.max(offset, end);
        commit();
        progress = show(CoordinatorLoad.State.LOADED, end, Optional.empty());
    }

    private void replay(ByteBuffer batches) {
        long before = offset;
        for (RecordBatch batch : MemoryRecords.readableRecords(batches).batches()) {
            // After an orderly stop nobody has compared the checksum since the batch was written.
            if (!batch.isValid()) {
                log.warn("{} is loaded without the damaged batch at offset {}", partition.name(), offset);
                damagedRanges++;
            } else if (batch.isControlBatch()) {
                batch.forEach(record -> replayMarker(batch, record));
            } else {
                replayRecords(batch);
            }
            offset = batch.nextOffset();
            bytes += batch.sizeInBytes();
            if (offset - committed >= OFFSETS_PER_COMMIT) {
                commit();
            }
        }
        if (offset <= before) {
            throw failed(Optional.of("no whole batch was read at offset " + before));
        }
    }

    private void replayRecords(RecordBatch batch) {
        try {
            for (Record record : batch) {
                // A batch may begin before the log does.
                if (record.offset() >= offset) {
                    replay(batch, record);
                }
            }
        } catch (RuntimeException e) {
            skip("what follows in the batch at offset " + batch.baseOffset(), e);
        }
    }

    private void replay(RecordBatch batch, Record record) {
        records++;
        try {
            var decoded = tap.decode(record);
            if (decoded.isEmpty()) {
                skip(RecordTap.describe(record) + ", whose type is unknown", null);
                return;
            }
            coordinator.replay(record.offset(), batch.producerId(), batch.producerEpoch(), decoded.get());
            tap.replayed(partition.name().partition(), record, decoded.get());
        } catch (RuntimeException e) {
            skip(RecordTap.describe(record), e);
        }
    }

    private void replayMarker(RecordBatch batch, Record record) {
        var type = ControlRecordType.parse(record.key());
        if (type == ControlRecordType.COMMIT || type == ControlRecordType.ABORT) {
            coordinator.replayEndTransactionMarker(
                    batch.producerId(),
                    batch.producerEpoch(),
                    type == ControlRecordType.COMMIT ? TransactionResult.COMMIT : TransactionResult.ABORT);
        }
    }

    private void commit() {
        if (offset > committed) {
            coordinator.updateLastWrittenOffset(offset);
            coordinator.updateLastCommittedOffset(offset);
            committed = offset;
        }
    }

    private void skip(DamagedRange range) {
        log.warn("{} is loaded without a part of the log: {}", partition.name(), range);
        damagedRanges++;
        offset = Math.max(offset + 1, range.nextOffset());
    }

    private void skip(String what, @Nullable RuntimeException why) {
        skipped++;
        if (skipped <= SKIPS_LOGGED) {
            log.warn("{} is loaded without {}", partition.name(), what, why);
        }
    }

    private CoordinatorLoad show(CoordinatorLoad.State state, long end, Optional<String> failure) {
        long tookMs = (System.nanoTime() - startNanos) / 1_000_000;
        return new CoordinatorLoad(
                partition.name().partition(),
                state,
                offset,
                end,
                records,
                skipped,
                damagedRanges,
                bytes,
                tookMs,
                failure);
    }

    private static KafkaStorageException failed(Optional<String> reason) {
        return new KafkaStorageException(reason.orElse("there is no log"));
    }
}
