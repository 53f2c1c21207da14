package io.vitrine;

import static io.vitrine.TransactionClients.QUICK_TRANSACTIONS;
import static io.vitrine.TransactionClients.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.Partition;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The number of partitions of `__transaction_state` changes, by which it is known in which of them a transactional id
/// lives: no transaction hangs for that.
class TransactionTopicGrowthTests {
    private static final String STATE = "__transaction_state";
    private static final int PRODUCERS = 6;
    private static final int GROWN = 50;
    private static final Map<String, Object> SHORT = Map.of("transaction.timeout.ms", 6_000);

    @TempDir
    Path directory;

    @Test
    void transactionsGoOnWhereTheyAreWhenTheTopicGrows() throws Exception {
        try (var broker = RunningBroker.in(directory, QUICK_TRANSACTIONS)) {
            broker.createTopic("orders", 1);
            var clients = new TransactionClients(broker.bootstrapServers());
            var producers = openTransactions(clients, Map.of());
            grow(clients);

            var expected = new ArrayList<String>();
            for (int i = 0; i < PRODUCERS; i++) {
                producers.get(i).commitTransaction();
                producers.get(i).beginTransaction();
                send(producers.get(i), "orders", 0, "next " + i);
                producers.get(i).commitTransaction();
                expected.add("open " + i);
                expected.add("next " + i);
            }
            try (var late = clients.producer("late")) {
                late.initTransactions();
                late.beginTransaction();
                send(late, "orders", 0, "late");
                late.commitTransaction();
                expected.add("late");
            }

            awaitStable(broker);
            assertThat(clients.committed("orders", 0)).containsExactlyInAnyOrderElementsOf(expected);
            close(producers);
        }
    }

    @Test
    void whatIsOpenWhenABrokerStopsIsAbortedInTimeThoughItsIdIsLookedForElsewhere() throws Exception {
        try (var broker = RunningBroker.in(directory, QUICK_TRANSACTIONS)) {
            broker.createTopic("orders", 1);
            var clients = new TransactionClients(broker.bootstrapServers());
            close(openTransactions(clients, SHORT));
            grow(clients);
        }

        try (var broker = RunningBroker.in(directory, QUICK_TRANSACTIONS)) {
            var clients = new TransactionClients(broker.bootstrapServers());

            awaitStable(broker);
            assertThat(clients.committed("orders", 0)).isEmpty();
            var again = openTransactions(clients, Map.of());
            for (var producer : again) {
                producer.commitTransaction();
            }
            awaitStable(broker);
            assertThat(clients.committed("orders", 0)).hasSize(PRODUCERS);
            close(again);
        }
    }

    @Test
    void aTopicThatIsMadeAgainWithAnotherNumberIsUsedAsItIs() throws Exception {
        try (var broker = RunningBroker.in(directory, QUICK_TRANSACTIONS)) {
            broker.createTopic("orders", 1);
            var clients = new TransactionClients(broker.bootstrapServers());
            var producers = openTransactions(clients, Map.of());
            for (var producer : producers) {
                producer.commitTransaction();
            }
            close(producers);
            try (var admin = clients.admin()) {
                admin.deleteTopics(List.of(STATE)).all().get();
                admin.createTopics(List.of(new NewTopic(STATE, 5, (short) 1)))
                        .all()
                        .get();
            }

            try (var producer = clients.producer("again")) {
                producer.initTransactions();
                producer.beginTransaction();
                send(producer, "orders", 0, "again");
                producer.commitTransaction();
            }

            awaitStable(broker);
            assertThat(clients.committed("orders", 0)).hasSize(PRODUCERS + 1).contains("again");
            assertThat(find(broker, STATE, Utils.abs("again".hashCode()) % 5)
                            .findOffsets()
                            .orElseThrow()
                            .logEndOffset())
                    .isPositive();
        }
    }

    /// Of ids that are not all in the same place.
    private static List<KafkaProducer<String, String>> openTransactions(
            TransactionClients clients, Map<String, Object> settings) throws Exception {
        var producers = new ArrayList<KafkaProducer<String, String>>();
        for (int i = 0; i < PRODUCERS; i++) {
            var producer = clients.producer("producer-" + i, settings);
            producers.add(producer);
            producer.initTransactions();
            producer.beginTransaction();
            send(producer, "orders", 0, "open " + i);
        }
        return producers;
    }

    private static void grow(TransactionClients clients) throws Exception {
        try (Admin admin = clients.admin()) {
            admin.createPartitions(Map.of(STATE, NewPartitions.increaseTo(GROWN)))
                    .all()
                    .get();
        }
    }

    private static void awaitStable(RunningBroker broker) {
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            var offsets = orders(broker).findOffsets().orElseThrow();
            assertThat(offsets.lastStableOffset()).isEqualTo(offsets.logEndOffset());
        });
    }

    private static Partition orders(RunningBroker broker) {
        return find(broker, "orders", 0);
    }

    private static Partition find(RunningBroker broker, String topic, int partition) {
        return broker.broker()
                .partitions()
                .find(new TopicPartition(topic, partition))
                .orElseThrow();
    }

    /// Without ending what is open, as a client that is killed.
    private static void close(List<KafkaProducer<String, String>> producers) {
        producers.forEach(producer -> producer.close(Duration.ZERO));
    }
}
