package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What Apache Kafka 4.4.0 answered, word for word, in the conversation of [TopicConversation].
class TopicContractTests {
    private static final Path KAFKAS_ANSWERS = Path.of("src/test/resources/wire/topic-conversation.txt");

    private static final Path KAFKAS_ANSWERS_WITHOUT_DELETION =
            Path.of("src/test/resources/wire/topic-conversation-without-deletion.txt");

    @TempDir
    Path directory;

    @Test
    void everyAnswerIsApacheKafkas() throws Exception {
        try (var broker = RunningBroker.in(directory, TopicConversation.SETTINGS)) {
            var answers = TopicConversation.run(broker.port());

            assertThat(String.join("\n", answers)).isEqualTo(String.join("\n", Files.readAllLines(KAFKAS_ANSWERS)));
        }
    }

    @Test
    void everyAnswerOfOneThatDeletesNoTopicsIsApacheKafkas() throws Exception {
        try (var broker = RunningBroker.in(directory, TopicConversation.SETTINGS_WITHOUT_DELETION)) {
            var answers = TopicConversation.runWithoutDeletion(broker.port());

            assertThat(String.join("\n", answers))
                    .isEqualTo(String.join("\n", Files.readAllLines(KAFKAS_ANSWERS_WITHOUT_DELETION)));
        }
    }
}
