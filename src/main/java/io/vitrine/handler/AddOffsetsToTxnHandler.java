package io.vitrine.handler;

import io.vitrine.group.GroupTransactions;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.Subject;
import io.vitrine.protocol.VersionRange;
import io.vitrine.transaction.Producer;
import io.vitrine.transaction.TransactionCalls;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddOffsetsToTxnResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/// Adds what a group is about to commit to a transaction: the partition in which the group lives.
public final class AddOffsetsToTxnHandler implements RequestHandler<AddOffsetsToTxnRequestData> {
    private static final int FIRST_VERSION_WITH_FENCED = 2;

    private final TransactionCalls transactions;
    private final GroupTransactions groups;

    public AddOffsetsToTxnHandler(TransactionCalls transactions, GroupTransactions groups) {
        this.transactions = transactions;
        this.groups = groups;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.ADD_OFFSETS_TO_TXN;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 4);
    }

    @Override
    public CompletionStage<Answer> handle(Request<AddOffsetsToTxnRequestData> request) {
        var message = request.message();
        var producer = new Producer(message.producerId(), message.producerEpoch());
        return groups.partitionOf(message.groupId())
                .thenCompose(
                        partition -> transactions.add(message.transactionalId(), producer, List.of(partition), false))
                .handle((_, thrown) -> {
                    var answer = new AddOffsetsToTxnResponseData();
                    return new Answer.Message(
                            thrown == null
                                    ? answer
                                    : answer.setErrorCode(TransactionAnswers.refuse(
                                                    request,
                                                    Subject.transactionalId(message.transactionalId()),
                                                    thrown,
                                                    FIRST_VERSION_WITH_FENCED)
                                            .code()));
                });
    }
}
