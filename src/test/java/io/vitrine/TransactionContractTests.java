package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What Apache Kafka 4.4.0 answered in the conversation of [TransactionConversation].
class TransactionContractTests {
    private static final Path KAFKAS_ANSWERS = Path.of("src/test/resources/wire/transaction-conversation.txt");

    @TempDir
    Path directory;

    @Test
    void everyAnswerIsApacheKafkas() throws Exception {
        try (var broker = RunningBroker.in(directory, TransactionClients.QUICK_TRANSACTIONS)) {
            var answers = TransactionConversation.run(broker.port());
            var kafkas = Files.readAllLines(KAFKAS_ANSWERS);

            assertThat(answers).containsExactlyElementsOf(kafkas);
        }
    }
}
