package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.config.SettingsException;
import io.vitrine.config.SettingsFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.TopicDescription;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The settings of transactions, by Kafka's names.
class TransactionSettingsTests {
    @TempDir
    Path directory;

    @Test
    void theyHoldForTheTopicAndForProducers() throws Exception {
        var settings = Map.of(
                "transaction.state.log.num.partitions", "3",
                "transaction.state.log.segment.bytes", "2097152",
                "transaction.state.log.replication.factor", "3",
                "transaction.max.timeout.ms", "5000");
        try (var broker = RunningBroker.in(directory, settings)) {
            var clients = new TransactionClients(broker.bootstrapServers());
            try (var producer = clients.producer("t", Map.of("transaction.timeout.ms", 5_001));
                    var admin = clients.admin()) {
                assertThatThrownBy(producer::initTransactions).hasMessageContaining("transaction.max.timeout.ms");

                TopicDescription topic = admin.describeTopics(List.of("__transaction_state"))
                        .allTopicNames()
                        .get()
                        .values()
                        .iterator()
                        .next();
                assertThat(topic.isInternal()).isTrue();
                assertThat(topic.partitions())
                        .hasSize(3)
                        .allMatch(partition -> partition.replicas().size() == 1);
            }
            assertThat(broker.broker()
                            .metadata()
                            .image()
                            .findTopic("__transaction_state")
                            .orElseThrow()
                            .configs())
                    .containsEntry("cleanup.policy", "compact")
                    .containsEntry("segment.bytes", "2097152")
                    .containsEntry("min.insync.replicas", "1");
        }
    }

    @Test
    void aValueThatCanNotBeUsedEndsTheStartAndAnotherNameIsReported() throws Exception {
        var wrong = new Properties();
        wrong.setProperty("transaction.max.timeout.ms", "0");
        wrong.setProperty("log.dirs", directory.toString());
        var other = new Properties();
        other.setProperty("transaction.two.phase.commit.enable", "true");

        assertThatThrownBy(() -> Broker.prepare(SettingsFile.parse(wrong)))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("transaction.max.timeout.ms");
        assertThat(SettingsFile.parse(other).notes())
                .anyMatch(note -> note.contains("transaction.two.phase.commit.enable"));
    }
}
