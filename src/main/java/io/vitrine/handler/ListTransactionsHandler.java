package io.vitrine.handler;

import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.Subject;
import io.vitrine.protocol.VersionRange;
import io.vitrine.transaction.TransactionCalls;
import io.vitrine.transaction.TransactionDescription;
import io.vitrine.transaction.TransactionFilter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.errors.InvalidRegularExpression;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.message.ListTransactionsResponseData.TransactionState;
import org.apache.kafka.common.protocol.ApiKeys;

/// Lists transactional ids, by their states, their producers, how long their transactions have been open, and a
/// pattern.
public final class ListTransactionsHandler implements RequestHandler<ListTransactionsRequestData> {
    private final TransactionCalls transactions;

    public ListTransactionsHandler(TransactionCalls transactions) {
        this.transactions = transactions;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.LIST_TRANSACTIONS;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 2);
    }

    @Override
    public CompletionStage<Answer> handle(Request<ListTransactionsRequestData> request) {
        var message = request.message();
        return list(message).handle((found, thrown) -> {
            var answer = new ListTransactionsResponseData();
            if (thrown != null) {
                return new Answer.Message(
                        answer.setErrorCode(TransactionAnswers.refuse(request, Subject.whole(), thrown)
                                .code()));
            }
            return new Answer.Message(answer.setUnknownStateFilters(
                            TransactionFilter.unknownStates(message.stateFilters()))
                    .setTransactionStates(found.stream()
                            .map(state -> new TransactionState()
                                    .setTransactionalId(state.transactionalId())
                                    .setProducerId(state.producerId())
                                    .setTransactionState(state.state()))
                            .toList()));
        });
    }

    private CompletableFuture<List<TransactionDescription>> list(ListTransactionsRequestData message) {
        try {
            return transactions.list(TransactionFilter.of(
                    message.stateFilters(),
                    message.producerIdFilters(),
                    message.durationFilter(),
                    message.transactionalIdPattern()));
        } catch (InvalidRegularExpression e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
