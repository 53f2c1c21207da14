package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Readers get of a partition with transactions what Apache Kafka gives them.
class CommittedContractTests {
    @TempDir
    Path directory;

    @Test
    void readersAreAnsweredAsByKafka() throws Exception {
        var expected = Files.readAllLines(
                Path.of(Objects.requireNonNull(getClass().getResource("/wire/committed-conversation.txt"))
                        .toURI()));

        try (var broker = RunningBroker.in(directory, TransactionClients.QUICK_TRANSACTIONS)) {
            assertThat(CommittedConversation.run(broker.port())).isEqualTo(expected);
        }
    }
}
