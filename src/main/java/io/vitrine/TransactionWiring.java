package io.vitrine;

import io.vitrine.config.BrokerSettings;
import io.vitrine.config.SettingsException;
import io.vitrine.group.GroupTransactions;
import io.vitrine.handler.AddOffsetsToTxnHandler;
import io.vitrine.handler.AddPartitionsToTxnHandler;
import io.vitrine.handler.DescribeTransactionsHandler;
import io.vitrine.handler.EndTxnHandler;
import io.vitrine.handler.InitProducerIdHandler;
import io.vitrine.handler.ListTransactionsHandler;
import io.vitrine.handler.TxnOffsetCommitHandler;
import io.vitrine.handler.WriteTxnMarkersHandler;
import io.vitrine.metadata.MetadataService;
import io.vitrine.partition.PartitionLogService;
import io.vitrine.partition.TransactionGate;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.transaction.CoordinatorGate;
import io.vitrine.transaction.MarkerWriter;
import io.vitrine.transaction.TransactionCalls;
import io.vitrine.transaction.TransactionService;
import io.vitrine.transaction.TransactionSettings;
import java.util.List;
import java.util.concurrent.Executor;

/// What the broker needs to serve transactions.
///
/// @param offsets what is committed of groups as part of them
/// @param gate knows what belongs to them
record TransactionWiring(
        TransactionService service, MarkerWriter markers, GroupTransactions offsets, TransactionGate gate) {
    static TransactionWiring of(
            BrokerSettings settings,
            MetadataService metadata,
            PartitionLogService partitions,
            GroupWiring groups,
            Executor mayBlock) {
        var offsets = new GroupTransactions(groups.service());
        var markers = new MarkerWriter(metadata, partitions, offsets::end);
        var service = new TransactionService(metadata, partitions, settings(settings), markers, mayBlock);
        var gate = new CoordinatorGate(new TransactionCalls(service));
        groups.gate().lead(gate);
        return new TransactionWiring(service, markers, offsets, gate);
    }

    /// @throws SettingsException if a setting of transactions can't be used
    static void check(BrokerSettings settings) throws SettingsException {
        try {
            settings(settings).check();
        } catch (IllegalArgumentException e) {
            throw new SettingsException(String.valueOf(e.getMessage()));
        }
    }

    private static TransactionSettings settings(BrokerSettings settings) {
        return new TransactionSettings(settings.transactions(), settings.log().fsyncForAcksAll());
    }

    List<RequestHandler<?>> handlers(MetadataService metadata) {
        var calls = new TransactionCalls(service);
        return List.of(
                new InitProducerIdHandler(calls),
                new AddPartitionsToTxnHandler(calls, metadata),
                new AddOffsetsToTxnHandler(calls, offsets),
                new EndTxnHandler(calls),
                new TxnOffsetCommitHandler(offsets, metadata),
                new WriteTxnMarkersHandler(markers),
                new DescribeTransactionsHandler(calls),
                new ListTransactionsHandler(calls));
    }
}
