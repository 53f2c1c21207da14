package io.vitrine.handler;

import io.vitrine.record.RecordBatch;
import java.nio.ByteBuffer;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;

/// Which batches of a Produce request belong to transactions, as far as their headers say; and what concerns the
/// request as a whole, because it has some. Of each batch one field is looked at, for most are outside transactions.
final class TransactionalBatches {
    private TransactionalBatches() {}

    /// Why none of the batches is taken.
    record Misuse(Errors error, String detail) {}

    /// Null if all is well.
    static @Nullable Misuse find(ProduceRequestData request) {
        RecordBatch first = null;
        for (var topic : request.topicData()) {
            for (var data : topic.partitionData()) {
                var bytes = data.records() instanceof MemoryRecords records
                        ? records.buffer().slice()
                        : null;
                if (bytes == null || !isInTransaction(bytes)) {
                    continue;
                }
                if (request.transactionalId() == null) {
                    return new Misuse(
                            Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
                            "a batch of a transaction in a request without a transactional id");
                }
                var batch = RecordBatch.at(bytes, 0);
                if (first != null && !isOfSameProducer(first, batch)) {
                    return new Misuse(
                            Errors.INVALID_PRODUCER_ID_MAPPING,
                            "batches of transactions of producers %d and %d"
                                    .formatted(first.producerId(), batch.producerId()));
                }
                first = batch;
            }
        }
        return null;
    }

    private static boolean isOfSameProducer(RecordBatch one, RecordBatch other) {
        return one.producerId() == other.producerId() && one.producerEpoch() == other.producerEpoch();
    }

    /// Does the batch say that it is part of a transaction?
    static boolean isInTransaction(@Nullable ByteBuffer records) {
        return records != null
                && records.limit() >= RecordBatch.HEADER_SIZE_IN_BYTES
                && records.get(RecordBatch.MAGIC) == RecordBatch.CURRENT_MAGIC
                && RecordBatch.at(records, 0).attributes().isTransactional();
    }
}
