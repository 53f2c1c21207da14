package io.vitrine;

import static io.vitrine.TransactionClients.QUICK_TRANSACTIONS;
import static io.vitrine.TransactionClients.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Transactions with Kafka's Java client, which speaks their first version (0, 1) and the second (2).
class JavaTransactionTests {
    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private RunningBroker broker;

    @SuppressWarnings("NullAway.Init")
    private TransactionClients clients;

    private void start(int version) throws Exception {
        broker = RunningBroker.in(directory, QUICK_TRANSACTIONS);
        if (version < 2) {
            TransactionClients.speak(broker, version);
        }
        clients = new TransactionClients(broker.bootstrapServers());
        broker.createTopic("orders", 2);
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    @ParameterizedTest(name = "version {0}")
    @ValueSource(ints = {0, 1, 2})
    void whatIsCommittedIsReadAndWhatIsAbortedIsNot(int version) throws Exception {
        start(version);
        try (var producer = clients.producer("t")) {
            producer.initTransactions();

            for (int i = 0; i < 4; i++) {
                producer.beginTransaction();
                send(producer, "orders", 0, "a" + i, "b" + i);
                send(producer, "orders", 1, "c" + i);
                if (i % 2 == 0) {
                    producer.commitTransaction();
                } else {
                    producer.abortTransaction();
                }
            }

            assertThat(clients.committed("orders", 0)).containsExactly("a0", "b0", "a2", "b2");
            assertThat(clients.committed("orders", 1)).containsExactly("c0", "c2");
            assertThat(clients.read("read_uncommitted", "orders", 1)).containsExactly("c0", "c1", "c2", "c3");
        }
    }

    @Test
    void whatIsOpenWhenTheVersionIsLoweredIsAbortedAndTheNextProducerGoesOn() throws Exception {
        start(2);
        try (var producer = clients.producer("t", Map.of("transaction.timeout.ms", 3_000))) {
            producer.initTransactions();
            producer.beginTransaction();
            send(producer, "orders", 0, "open");

            TransactionClients.speak(broker, 0);

            assertThatThrownBy(producer::commitTransaction)
                    .isInstanceOf(KafkaException.class)
                    .hasMessageContaining("The version of API is not supported.");
        }
        await().untilAsserted(() -> assertThat(clients.committed("orders", 0)).isEmpty());
        try (var producer = clients.producer("t")) {
            producer.initTransactions();
            producer.beginTransaction();
            send(producer, "orders", 0, "next");
            producer.commitTransaction();
        }
        assertThat(clients.committed("orders", 0)).containsExactly("next");
    }

    @ParameterizedTest(name = "version {0}")
    @ValueSource(ints = {0, 2})
    void offsetsHoldWhenTheTransactionCommits(int version) throws Exception {
        start(version);
        var orders = new TopicPartition("orders", 0);
        try (var producer = clients.producer("t");
                var admin = clients.admin()) {
            producer.initTransactions();
            producer.beginTransaction();
            send(producer, "orders", 1, "copied");
            producer.sendOffsetsToTransaction(Map.of(orders, new OffsetAndMetadata(7)), clients.group("copiers"));
            assertThat(admin.listConsumerGroupOffsets("copiers")
                            .partitionsToOffsetAndMetadata()
                            .get())
                    .doesNotContainKey(orders);

            producer.commitTransaction();

            await().untilAsserted(() -> assertThat(admin.listConsumerGroupOffsets("copiers")
                            .partitionsToOffsetAndMetadata()
                            .get())
                    .containsEntry(orders, new OffsetAndMetadata(7)));
        }
    }

    @ParameterizedTest(name = "version {0}")
    @ValueSource(ints = {0, 2})
    void offsetsOfAnAbortedTransactionNeverHold(int version) throws Exception {
        start(version);
        var orders = new TopicPartition("orders", 0);
        try (var producer = clients.producer("t");
                var admin = clients.admin()) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.sendOffsetsToTransaction(Map.of(orders, new OffsetAndMetadata(7)), clients.group("copiers"));
            producer.abortTransaction();
            producer.beginTransaction();
            producer.sendOffsetsToTransaction(
                    Map.of(new TopicPartition("orders", 1), new OffsetAndMetadata(3)), clients.group("copiers"));

            producer.commitTransaction();

            await().untilAsserted(() -> assertThat(admin.listConsumerGroupOffsets("copiers")
                            .partitionsToOffsetAndMetadata()
                            .get())
                    .isEqualTo(Map.of(new TopicPartition("orders", 1), new OffsetAndMetadata(3))));
        }
    }

    @ParameterizedTest(name = "version {0}")
    @ValueSource(ints = {0, 2})
    void aNewProducerFencesTheOneBeforeAndAbortsWhatItLeftOpen(int version) throws Exception {
        start(version);
        try (var before = clients.producer("t");
                var after = clients.producer("t")) {
            before.initTransactions();
            before.beginTransaction();
            send(before, "orders", 0, "left open");

            after.initTransactions();

            assertThat(clients.committed("orders", 0)).isEmpty();
            after.beginTransaction();
            send(after, "orders", 0, "after");
            after.commitTransaction();
            assertThat(clients.committed("orders", 0)).containsExactly("after");
            assertThatThrownBy(before::commitTransaction)
                    .isInstanceOfAny(ProducerFencedException.class, InvalidProducerEpochException.class);
        }
    }

    @ParameterizedTest(name = "version {0}")
    @ValueSource(ints = {0, 2})
    void whatIsOpenForTooLongIsAborted(int version) throws Exception {
        start(version);
        try (var producer = clients.producer("t", Map.of("transaction.timeout.ms", 300));
                var admin = clients.admin()) {
            producer.initTransactions();
            producer.beginTransaction();
            send(producer, "orders", 0, "too long");

            await().untilAsserted(() -> assertThat(admin.describeTransactions(List.of("t"))
                            .description("t")
                            .get()
                            .state()
                            .toString())
                    .isEqualTo("CompleteAbort"));

            assertThat(clients.committed("orders", 0)).isEmpty();
            assertThatThrownBy(producer::commitTransaction).isInstanceOf(RuntimeException.class);
        }
    }

    @ParameterizedTest(name = "version {0}")
    @ValueSource(ints = {0, 2})
    void theStateSurvivesARestart(int version) throws Exception {
        start(version);
        try (var producer = clients.producer("done")) {
            commit(producer, "committed");
        }
        var open = clients.producer("open");
        open.initTransactions();
        open.beginTransaction();
        send(open, "orders", 0, "left open");

        broker.close();
        open.close(java.time.Duration.ZERO);
        broker = RunningBroker.in(directory, QUICK_TRANSACTIONS);
        clients = new TransactionClients(broker.bootstrapServers());

        try (var producer = clients.producer("open")) {
            commit(producer, "after");
        }
        assertThat(clients.committed("orders", 0)).containsExactly("committed", "after");
    }

    private static void commit(KafkaProducer<String, String> producer, String value) throws Exception {
        producer.initTransactions();
        producer.beginTransaction();
        send(producer, "orders", 0, value);
        producer.commitTransaction();
    }
}
