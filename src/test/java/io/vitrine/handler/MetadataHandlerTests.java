package io.vitrine.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.handler.MetadataHandler.TopicCreation;
import io.vitrine.inspect.SampleBroker;
import io.vitrine.metadata.CreateTopicOutcome.Created;
import io.vitrine.metadata.DeleteTopicOutcome.Deleted;
import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.NewTopic;
import io.vitrine.metadata.Topic;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Caller;
import io.vitrine.protocol.RefusalJournal;
import io.vitrine.protocol.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Metadata that changes while it is asked for.
class MetadataHandlerTests {
    private static final short VERSION = 12;
    private static final List<String> TOPICS = List.of("cause", "effect");

    @TempDir
    Path directory;

    private SampleBroker broker;
    private MetadataService metadata;
    private ScheduledThreadPoolExecutor eventLoop;

    @BeforeEach
    void start() throws Exception {
        broker = new SampleBroker(directory);
        metadata = broker.metadata();
        eventLoop = new ScheduledThreadPoolExecutor(1);
    }

    @AfterEach
    void stop() throws Exception {
        eventLoop.close();
        broker.close();
    }

    @Test
    void ofTwoTopicsThatAreDeletedTogetherWhileTheyAreAskedForBothAreThere() throws IOException {
        create();

        var answer = ask(this::delete);

        assertThat(answer.topics())
                .extracting(MetadataResponseTopic::errorCode)
                .containsExactly(Errors.NONE.code(), Errors.NONE.code());
        assertThat(metadata.image().topics()).isEmpty();
    }

    @Test
    void ofTwoTopicsThatAreMadeTogetherWhileTheyAreAskedForNeitherIsThere() {
        var answer = ask(this::create);

        assertThat(answer.topics())
                .extracting(MetadataResponseTopic::errorCode)
                .containsExactly(Errors.UNKNOWN_TOPIC_OR_PARTITION.code(), Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        assertThat(metadata.image().topics()).hasSize(2);
    }

    private void create() throws IOException {
        var wishes = TOPICS.stream().map(name -> NewTopic.of(name, 1, Map.of())).toList();
        assertThat(metadata.topicChanges().create(wishes, false)).hasOnlyElementsOfType(Created.class);
    }

    private void delete() throws IOException {
        var ids = metadata.image().topics().stream().map(Topic::id).toList();
        assertThat(metadata.topicChanges().delete(ids).values()).hasOnlyElementsOfType(Deleted.class);
    }

    /// Asks for both topics; when the first has been looked up and before the second is, something changes.
    private MetadataResponseData ask(Change change) {
        var message = new MetadataRequestData()
                .setAllowAutoTopicCreation(false)
                .setTopics(List.of(
                        new MetadataRequestTopic().setName(TOPICS.getFirst()),
                        new Watched(change).setName(TOPICS.getLast())));
        var handler = new MetadataHandler(
                metadata, new AdvertisedAddress(Map.of()), new TopicCreation(false, 1), Runnable::run);
        var request = new Request<>(
                ApiKeys.METADATA,
                VERSION,
                1,
                "test",
                new Caller(1, "127.0.0.1:1", "localhost", 9092, "PLAINTEXT"),
                eventLoop,
                () -> Long.MAX_VALUE,
                new RefusalJournal(10),
                message);
        var answer = handler.handle(request).toCompletableFuture().join();
        return (MetadataResponseData) ((Answer.Message) answer).message();
    }

    private interface Change {
        void run() throws IOException;
    }

    /// A topic of a request. Its name is looked at first when the request is checked, and then when it is answered.
    private static final class Watched extends MetadataRequestTopic {
        private final Change change;
        private int looks;

        Watched(Change change) {
            this.change = change;
        }

        @Override
        public String name() {
            looks++;
            if (looks == 2) {
                try {
                    change.run();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return super.name();
        }

        @Override
        public boolean equals(Object other) {
            return super.equals(other);
        }

        @Override
        public int hashCode() {
            return super.hashCode();
        }
    }
}
