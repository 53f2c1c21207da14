package io.vitrine;

import static io.vitrine.TransactionClients.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vitrine.metadata.TopicPartition;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.Test;

/// Going back to where a transaction was open: it is open again, whatever has become of it since.
class SnapshotTransactionTests extends TestControlsScenario {
    private static final String SNAPSHOTS = "/api/v1/test/snapshots";
    private static final Duration LONG = Duration.ofSeconds(60);

    @Test
    void aTransactionThatWasOpenIsOpenAgainAndEndsAsItsProducerComesBack() throws Exception {
        broker.createTopic("orders", 1);
        var transactions = new TransactionClients(broker.bootstrapServers());
        try (var producer = begun(transactions, "t", "open")) {
            rest.ask(201, "POST", SNAPSHOTS + "/before", "");
            producer.commitTransaction();
            producer.beginTransaction();
            send(producer, "orders", 0, "later");
            producer.commitTransaction();
            assertThat(transactions.committed("orders", 0)).containsExactly("open", "later");

            rest.ask(200, "POST", SNAPSHOTS + "/before/restore", "");

            assertThat(stableOffset()).isZero();
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(rest.get("/api/v1/transactions/t")
                                    .path("state")
                                    .stringValue())
                            .isEqualTo("Ongoing"));
            // Its epoch is of a time that has not come yet.
            producer.beginTransaction();
            assertThatThrownBy(() -> {
                        send(producer, "orders", 0, "of another time");
                        producer.commitTransaction();
                    })
                    .isInstanceOf(Exception.class);
        }

        try (var next = begun(transactions, "t", "next")) {
            next.commitTransaction();
        }
        await().atMost(LONG).untilAsserted(() -> assertThat(stableOffset()).isEqualTo(endOffset()));
        assertThat(transactions.committed("orders", 0)).containsExactly("next");
    }

    @Test
    void aTransactionThatWasBegunLaterIsNotThereAnyMore() throws Exception {
        broker.createTopic("orders", 1);
        var transactions = new TransactionClients(broker.bootstrapServers());
        try (var producer = begun(transactions, "t", "before")) {
            producer.commitTransaction();
            await().atMost(LONG)
                    .until(
                            () -> rest.get("/api/v1/transactions/t")
                                    .path("state")
                                    .stringValue(),
                            "CompleteCommit"::equals);
            rest.ask(201, "POST", SNAPSHOTS + "/before", "");
        }
        begun(transactions, "late", "open").close(Duration.ZERO);

        rest.ask(200, "POST", SNAPSHOTS + "/before/restore", "");

        assertThat(stableOffset()).isEqualTo(endOffset()).isEqualTo(2);
        await().atMost(LONG).untilAsserted(() -> rest.ask(404, "GET", "/api/v1/transactions/late", ""));
        assertThat(transactions.committed("orders", 0)).containsExactly("before");
    }

    private static KafkaProducer<String, String> begun(TransactionClients clients, String id, String value)
            throws Exception {
        var producer = clients.producer(id, Map.of("transaction.timeout.ms", 600_000));
        producer.initTransactions();
        producer.beginTransaction();
        send(producer, "orders", 0, value);
        return producer;
    }

    private long stableOffset() {
        return broker.broker()
                .partitions()
                .find(new TopicPartition("orders", 0))
                .flatMap(found -> found.findOffsets())
                .orElseThrow()
                .lastStableOffset();
    }

    private long endOffset() {
        return broker.broker()
                .partitions()
                .find(new TopicPartition("orders", 0))
                .flatMap(found -> found.findOffsets())
                .orElseThrow()
                .logEndOffset();
    }
}
