package io.vitrine;

import io.vitrine.partition.TransactionGate;
import java.util.concurrent.CompletionStage;

/// Leads to the coordinator of transactions, for the groups, which are made before it: transactions end in them.
final class LateGate implements TransactionGate {
    private volatile TransactionGate gate = CLOSED;

    void lead(TransactionGate coordinator) {
        gate = coordinator;
    }

    @Override
    public CompletionStage<Admission> admit(Question question) {
        return gate.admit(question);
    }
}
