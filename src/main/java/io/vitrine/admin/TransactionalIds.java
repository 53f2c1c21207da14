package io.vitrine.admin;

import io.vitrine.transaction.TransactionCalls;
import io.vitrine.transaction.TransactionDescription;
import io.vitrine.transaction.TransactionFilter;
import io.vitrine.transaction.TransactionService;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/// The transactional ids behind producer ids: a log knows producers by their numbers alone.
@Component
class TransactionalIds {
    private final ObjectProvider<TransactionService> transactions;

    TransactionalIds(ObjectProvider<TransactionService> transactions) {
        this.transactions = transactions;
    }

    /// Those that the coordinator knows, by producer id; none while it can't say.
    Map<Long, String> find(Collection<Long> producerIds) {
        var service = transactions.getIfAvailable();
        if (service == null || !service.isInUse() || producerIds.isEmpty()) {
            return Map.of();
        }
        try {
            var wanted = TransactionFilter.of(Set.of(), Set.copyOf(producerIds), -1, null);
            return TransactionProblem.await(new TransactionCalls(service).list(wanted)).stream()
                    .collect(Collectors.toMap(
                            TransactionDescription::producerId,
                            TransactionDescription::transactionalId,
                            (one, _) -> one));
        } catch (ApiProblem e) {
            // What the logs say is shown without it.
            return Map.of();
        }
    }
}
