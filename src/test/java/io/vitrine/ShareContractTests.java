package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What Apache Kafka 4.4.0 answered in the conversation of [ShareConversation].
class ShareContractTests {
    private static final Path KAFKAS_ANSWERS = Path.of("src/test/resources/wire/share-conversation.txt");

    @TempDir
    Path directory;

    @Test
    void everyAnswerIsApacheKafkas() throws Exception {
        try (var broker = RunningBroker.in(directory, ShareConversation.SETTINGS)) {
            var answers = ShareConversation.run(broker.port());
            var kafkas = Files.readAllLines(KAFKAS_ANSWERS);

            assertThat(answers).hasSameSizeAs(kafkas);
            for (int i = 0; i < kafkas.size(); i++) {
                assertThat(answers.get(i)).isEqualTo(kafkas.get(i));
            }
        }
    }
}
