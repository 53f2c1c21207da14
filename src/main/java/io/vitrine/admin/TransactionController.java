package io.vitrine.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vitrine.transaction.TransactionCalls;
import io.vitrine.transaction.TransactionFilter;
import io.vitrine.transaction.TransactionService;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.UriComponentsBuilder;

/// Transactional ids: which transactions are open, since when, and what has happened to them. An open one can be
/// aborted, whatever its producer thinks of it.
@RestController
class TransactionController {
    private static final List<String> STATES =
            List.of("Empty", "Ongoing", "PrepareCommit", "PrepareAbort", "CompleteCommit", "CompleteAbort", "Dead");

    private final ObjectProvider<TransactionService> transactions;

    TransactionController(ObjectProvider<TransactionService> transactions) {
        this.transactions = transactions;
    }

    @GetMapping(ApiPath.TRANSACTIONS)
    TransactionsView transactions(@RequestParam Map<String, String> query) {
        var parameters = new QueryParameters(query);
        var states = states(parameters);
        int openForMs = parameters.number("openForMs", -1, 0, Integer.MAX_VALUE);
        int limit = parameters.limit();
        var from = parameters.text("from").orElse("");
        parameters.requireSound();
        long nowMs = System.currentTimeMillis();
        var found = TransactionProblem.await(calls().list(TransactionFilter.of(states, Set.of(), -1, null))).stream()
                .filter(transaction ->
                        openForMs < 0 || (transaction.open() && nowMs - transaction.startMs() >= openForMs))
                .toList();
        var behind = found.stream()
                .filter(transaction -> transaction.transactionalId().compareTo(from) >= 0)
                .toList();
        return new TransactionsView(
                behind.stream()
                        .limit(limit)
                        .map(transaction -> TransactionView.inList(transaction, nowMs))
                        .toList(),
                found.size(),
                behind.size() > limit ? next(query, behind.get(limit).transactionalId()) : null);
    }

    @GetMapping({ApiPath.TRANSACTION, ApiPath.TRANSACTION_BY_ID})
    TransactionView transaction(
            @PathVariable(required = false) @Nullable String id, @RequestParam Map<String, String> query) {
        var wanted = onlyId(id, query);
        var service = transactions.getIfAvailable();
        if (service == null || !service.isInUse()) {
            throw TransactionProblem.unknown(wanted);
        }
        return TransactionView.alone(
                TransactionProblem.await(calls().describe(wanted)),
                System.currentTimeMillis(),
                service.book().history(wanted));
    }

    @PostMapping({ApiPath.TRANSACTION + "/abort", ApiPath.TRANSACTION_BY_ID + "/abort"})
    TransactionView abort(
            @PathVariable(required = false) @Nullable String id, @RequestParam Map<String, String> query) {
        var wanted = onlyId(id, query);
        // Who is unknown is told so.
        transaction(wanted, Map.of());
        if (!TransactionProblem.await(calls().abort(wanted))) {
            throw TransactionProblem.notOpen(wanted);
        }
        return transaction(wanted, Map.of());
    }

    private TransactionCalls calls() {
        return new TransactionCalls(transactions.getObject());
    }

    private static Set<String> states(QueryParameters parameters) {
        var given = parameters.text("state");
        if (given.isEmpty()) {
            return Set.of();
        }
        var states = Set.copyOf(List.of(given.get().split(",", -1)));
        if (!STATES.containsAll(states)) {
            parameters.violate(
                    "state",
                    "'%s' is none of %s, nor some of them with commas between"
                            .formatted(QueryParameters.echo(given.get()), String.join(", ", STATES)));
        }
        return states;
    }

    private static String onlyId(@Nullable String id, Map<String, String> query) {
        var parameters = new QueryParameters(query);
        var wanted = id != null ? id : parameters.text("id").orElse("");
        if (wanted.isEmpty()) {
            parameters.violate("id", "expected a transactional id");
        }
        parameters.requireSound();
        return wanted;
    }

    private static String next(Map<String, String> query, String first) {
        var parameters = new TreeMap<>(query);
        parameters.put("from", first);
        var link = UriComponentsBuilder.fromPath(ApiPath.TRANSACTIONS);
        parameters.keySet().forEach(name -> link.queryParam(name, "{" + name + "}"));
        return link.encode().buildAndExpand(parameters).toUriString();
    }

    /// @param total transactional ids that fit the filters, on all pages
    record TransactionsView(
            List<TransactionView> items,
            int total,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String next) {}
}
