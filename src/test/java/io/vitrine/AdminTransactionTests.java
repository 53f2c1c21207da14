package io.vitrine;

import static io.vitrine.TransactionClients.QUICK_TRANSACTIONS;
import static io.vitrine.TransactionClients.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an administrator does about transactions, with Kafka's own client.
class AdminTransactionTests {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);

    @TempDir
    Path directory;

    private RunningBroker broker;
    private TransactionClients clients;
    private Admin admin;

    @BeforeEach
    void start() {
        var settings = new HashMap<>(QUICK_TRANSACTIONS);
        settings.put("transaction.remove.expired.transaction.cleanup.interval.ms", "100");
        broker = RunningBroker.in(directory, settings);
        broker.createTopic("orders", 1);
        clients = new TransactionClients(broker.bootstrapServers());
        admin = clients.admin();
    }

    @AfterEach
    void stop() {
        admin.close();
        broker.close();
    }

    @Test
    void transactionsAreListedAndDescribed() throws Exception {
        try (var done = clients.producer("done");
                var open = clients.producer("open")) {
            done.initTransactions();
            open.initTransactions();
            open.beginTransaction();
            send(open, "orders", 0, "a");

            assertThat(admin.listTransactions().all().get())
                    .extracting(TransactionListing::transactionalId, TransactionListing::state)
                    .containsExactlyInAnyOrder(
                            tuple("done", TransactionState.EMPTY), tuple("open", TransactionState.ONGOING));
            assertThat(admin.listTransactions(new ListTransactionsOptions()
                                    .filterStates(Set.of(TransactionState.ONGOING))
                                    .filterOnTransactionalIdPattern("o.*"))
                            .all()
                            .get())
                    .extracting(TransactionListing::transactionalId)
                    .containsExactly("open");
            var described = admin.describeTransactions(List.of("open"))
                    .description("open")
                    .get();
            assertThat(described.topicPartitions()).containsExactly(ORDERS);
            assertThat(described.transactionTimeoutMs()).isEqualTo(60_000);
            assertThat(described.transactionStartTimeMs()).isPresent();
            open.abortTransaction();
        }
    }

    @Test
    void aProducerIsFencedAndWhatItHadOpenIsAborted() throws Exception {
        try (var producer = clients.producer("t")) {
            producer.initTransactions();
            producer.beginTransaction();
            send(producer, "orders", 0, "a");

            admin.fenceProducers(List.of("t")).all().get();

            await().untilAsserted(
                            () -> assertThat(clients.committed("orders", 0)).isEmpty());
            assertThatThrownBy(producer::commitTransaction).isInstanceOf(ProducerFencedException.class);
        }
    }

    @Test
    void aTransactionThatHangsIsAbortedInItsPartition() throws Exception {
        try (var producer = clients.producer("t")) {
            producer.initTransactions();
            producer.beginTransaction();
            send(producer, "orders", 0, "a");
            var hanging = admin.describeProducers(List.of(ORDERS))
                    .partitionResult(ORDERS)
                    .get()
                    .activeProducers()
                    .getFirst();

            admin.abortTransaction(new AbortTransactionSpec(
                            ORDERS,
                            hanging.producerId(),
                            (short) hanging.producerEpoch(),
                            hanging.coordinatorEpoch().orElse(0)))
                    .all()
                    .get();

            assertThat(clients.committed("orders", 0)).isEmpty();
        }
    }

    @Test
    void idsThatNobodyUsesAreForgotten() throws Exception {
        admin.close();
        broker.close();
        var settings = new HashMap<>(QUICK_TRANSACTIONS);
        settings.put("transaction.remove.expired.transaction.cleanup.interval.ms", "100");
        settings.put("transactional.id.expiration.ms", "200");
        broker = RunningBroker.in(directory, settings);
        clients = new TransactionClients(broker.bootstrapServers());
        admin = clients.admin();
        try (var producer = clients.producer("t");
                var open = clients.producer("open")) {
            open.initTransactions();
            open.beginTransaction();
            send(open, "orders", 0, "a");
            producer.initTransactions();

            await().untilAsserted(
                            () -> assertThat(admin.listTransactions().all().get())
                                    .extracting(TransactionListing::transactionalId)
                                    .containsExactly("open"));

            assertThat(broker.broker()
                            .transactions()
                            .book()
                            .history("t")
                            .getFirst()
                            .state())
                    .isEqualTo("Forgotten");
            open.abortTransaction();
        }
    }

    @Test
    void aTransactionEndsThoughOneOfItsTopicsIsGone() throws Exception {
        broker.createTopic("gone", 1);
        try (var producer = clients.producer("t")) {
            producer.initTransactions();
            producer.beginTransaction();
            send(producer, "orders", 0, "a");
            send(producer, "gone", 0, "b");
            admin.deleteTopics(List.of("gone")).all().get();

            producer.commitTransaction();

            await().untilAsserted(() -> assertThat(admin.describeTransactions(List.of("t"))
                            .description("t")
                            .get()
                            .state())
                    .isEqualTo(TransactionState.COMPLETE_COMMIT));
            assertThat(clients.committed("orders", 0)).containsExactly("a");
        }
    }
}
