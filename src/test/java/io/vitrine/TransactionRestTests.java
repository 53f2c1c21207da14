package io.vitrine;

import static io.vitrine.TransactionClients.QUICK_TRANSACTIONS;
import static io.vitrine.TransactionClients.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Transactions as REST shows them, and the end of one that hangs.
class TransactionRestTests {
    @TempDir
    Path directory;

    @Test
    void showsWhatIsOpenAndWhatHasHappenedAndAbortsWhatHangs() throws Exception {
        try (var broker = RunningBroker.in(directory, QUICK_TRANSACTIONS);
                var web = new Rest(broker)) {
            var clients = new TransactionClients(broker.bootstrapServers());
            broker.createTopic("orders", 1);
            assertThat(web.get("/api/v1/transactions").at("/total").asInt()).isZero();
            assertThat(web.get(404, "/api/v1/transactions/billing%2F1")
                            .at("/errorName")
                            .asString())
                    .isEqualTo("TRANSACTIONAL_ID_NOT_FOUND");
            try (var producer = clients.producer("billing/1")) {
                producer.initTransactions();
                producer.beginTransaction();
                send(producer, "orders", 0, "first");
                producer.commitTransaction();
                producer.beginTransaction();
                send(producer, "orders", 0, "hangs");

                var open = web.get("/api/v1/transactions/billing%2F1");
                assertThat(open.at("/state").asString()).isEqualTo("Ongoing");
                assertThat(open.at("/open").asBoolean()).isTrue();
                assertThat(open.at("/partitions/0/topic").asString()).isEqualTo("orders");
                assertThat(open.at("/history")
                                .valueStream()
                                .map(event -> event.at("/state").asString()))
                        .containsExactly("Ongoing", "CompleteCommit", "PrepareCommit", "Ongoing", "Empty");
                assertThat(web.get("/api/v1/transactions?state=Ongoing&openForMs=1")
                                .at("/items/0/transactionalId")
                                .asString())
                        .isEqualTo("billing/1");
                assertThat(web.get("/api/v1/topics/orders/partitions/0")
                                .at("/lastStableOffsetHeldBy/transactionalId")
                                .asString())
                        .isEqualTo("billing/1");
                assertThat(web.get("/api/v1/topics/orders/producers?open=true")
                                .at("/items/0/transaction/transactionalId")
                                .asString())
                        .isEqualTo("billing/1");
                var record = web.get(open.at("/history/0/record").asString());
                assertThat(record.at("/key/data/transactionalId").asString()).isEqualTo("billing/1");
                assertThat(record.at("/value/format").asString()).isEqualTo("transaction");
                assertThat(record.at("/value/data/transactionStatusName").asString())
                        .isEqualTo("Ongoing");
                assertThat(meter(web, "kafka.transaction.open")).isEqualTo(1);

                web.ask(200, "POST", "/api/v1/transactions/billing%2F1/abort", "");

                await().until(() -> web.get("/api/v1/transactions/billing%2F1")
                        .at("/state")
                        .asString()
                        .equals("CompleteAbort"));
                assertThat(clients.committed("orders", 0)).containsExactly("first");
                assertThatThrownBy(producer::commitTransaction).isInstanceOf(RuntimeException.class);
                assertThat(web.ask(409, "POST", "/api/v1/transactions/billing%2F1/abort", "")
                                .at("/errorName")
                                .asString())
                        .isEqualTo("INVALID_TXN_STATE");
                assertThat(meter(web, "kafka.transaction.open")).isZero();
                assertThat(meter(web, "kafka.transaction.committed")).isEqualTo(1);
                assertThat(meter(web, "kafka.transaction.aborted")).isEqualTo(1);
            }
        }
    }

    private static int meter(Rest web, String name) {
        return web.get("/actuator/metrics/" + name).at("/measurements/0/value").asInt();
    }
}
