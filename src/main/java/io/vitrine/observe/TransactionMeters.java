package io.vitrine.observe;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.vitrine.transaction.TransactionBook;
import io.vitrine.transaction.TransactionService;
import java.util.function.ToDoubleFunction;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/// The meters of transactions.
@Component
class TransactionMeters implements MeterBinder {
    private final ObjectProvider<TransactionService> transactions;

    TransactionMeters(ObjectProvider<TransactionService> transactions) {
        this.transactions = transactions;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        transactions.ifAvailable(found -> bind(registry, found.book()));
    }

    private static void bind(MeterRegistry registry, TransactionBook book) {
        Gauge.builder("kafka.transaction.open", book, TransactionBook::openCount)
                .description("Transactions that are open, or decided and not yet written to all their partitions")
                .register(registry);
        Gauge.builder("kafka.transaction.oldest.age", book, TransactionMeters::oldestAgeSeconds)
                .baseUnit("seconds")
                .description("For how long the oldest of them has been open; 0 if there is none")
                .register(registry);
        count(registry, book, "committed", "Committed", TransactionBook::committed);
        count(registry, book, "aborted", "Aborted, for whatever reason", TransactionBook::aborted);
        count(registry, book, "timed.out", "Aborted as they were open for too long", TransactionBook::timedOut);
        count(registry, book, "fenced", "Aborted as another producer came with their id", TransactionBook::fenced);
    }

    private static double oldestAgeSeconds(TransactionBook book) {
        var began = book.oldestOpenMs();
        return began.isEmpty() ? 0 : (System.currentTimeMillis() - began.getAsLong()) / 1000.0;
    }

    private static void count(
            MeterRegistry registry,
            TransactionBook book,
            String outcome,
            String description,
            ToDoubleFunction<TransactionBook> value) {
        FunctionCounter.builder("kafka.transaction." + outcome, book, value)
                .description(description)
                .register(registry);
    }
}
