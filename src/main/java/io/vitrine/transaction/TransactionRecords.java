package io.vitrine.transaction;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.transaction.TransactionState;
import org.apache.kafka.coordinator.transaction.TxnTransitMetadata;
import org.apache.kafka.coordinator.transaction.generated.TransactionLogKey;
import org.apache.kafka.coordinator.transaction.generated.TransactionLogValue;
import org.apache.kafka.coordinator.transaction.generated.TransactionLogValue.PartitionsSchema;
import org.apache.kafka.server.common.ApiMessageAndVersion;
import org.apache.kafka.server.common.TransactionVersion;

/// The records of `__transaction_state`: for each transactional id where it stands, or nothing when it is forgotten.
final class TransactionRecords {
    private static final short FIRST_VERSION_WITH_PRODUCER_IDS = 1;

    private TransactionRecords() {}

    /// A value on its way to the log, with what the log does not keep of it.
    private static final class Value extends TransactionLogValue {
        private final short lastProducerEpoch;

        private Value(short lastProducerEpoch) {
            this.lastProducerEpoch = lastProducerEpoch;
        }
    }

    /// @param server the version of transactions that the cluster has agreed on: it decides the form of the record
    static CoordinatorRecord of(String transactionalId, TxnTransitMetadata next, TransactionVersion server) {
        short version = server.transactionLogValueVersion();
        var value = new Value(next.lastProducerEpoch());
        value.setProducerId(next.producerId())
                .setProducerEpoch(next.producerEpoch())
                .setTransactionTimeoutMs(next.txnTimeoutMs())
                .setTransactionStatus(next.txnState().id())
                .setTransactionLastUpdateTimestampMs(next.txnLastUpdateTimestamp())
                .setTransactionStartTimestampMs(next.txnStartTimestamp())
                .setTransactionPartitions(next.txnState() == TransactionState.EMPTY ? null : partitions(next))
                .setClientTransactionVersion(clientVersion(next, version));
        if (version >= FIRST_VERSION_WITH_PRODUCER_IDS) {
            value.setPreviousProducerId(next.prevProducerId()).setNextProducerId(next.nextProducerId());
        }
        return CoordinatorRecord.record(key(transactionalId), new ApiMessageAndVersion(value, version));
    }

    /// That of a transaction which is over matters no more: it must not keep it from being noted that it is over, where
    /// the cluster has gone back to records that have no place for it.
    private static short clientVersion(TxnTransitMetadata next, short recordVersion) {
        boolean isOver = next.txnState() == TransactionState.COMPLETE_COMMIT
                || next.txnState() == TransactionState.COMPLETE_ABORT;
        return isOver && recordVersion < FIRST_VERSION_WITH_PRODUCER_IDS
                ? TransactionVersion.TV_0.featureLevel()
                : next.clientTransactionVersion().featureLevel();
    }

    static CoordinatorRecord forgotten(String transactionalId) {
        return CoordinatorRecord.tombstone(key(transactionalId));
    }

    /// What the record says, be it on its way to the log or from there.
    static TransactionEntry read(TransactionLogKey key, TransactionLogValue value) {
        short lastEpoch = value instanceof Value own ? own.lastProducerEpoch : TransactionEntry.NO_EPOCH;
        return TransactionEntry.of(key.transactionalId(), value, lastEpoch);
    }

    private static TransactionLogKey key(String transactionalId) {
        return new TransactionLogKey().setTransactionalId(transactionalId);
    }

    private static List<PartitionsSchema> partitions(TxnTransitMetadata next) {
        var byTopic = new TreeMap<String, List<Integer>>();
        next.topicPartitions()
                .forEach(partition -> byTopic.computeIfAbsent(partition.topic(), _ -> new ArrayList<>())
                        .add(partition.partition()));
        return byTopic.entrySet().stream()
                .map(topic -> new PartitionsSchema().setTopic(topic.getKey()).setPartitionIds(topic.getValue()))
                .toList();
    }
}
