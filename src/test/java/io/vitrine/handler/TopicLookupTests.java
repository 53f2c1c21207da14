package io.vitrine.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.handler.FetchedPartition.Name;
import io.vitrine.handler.FetchedPartition.Wish;
import io.vitrine.handler.TopicLookup.Found;
import io.vitrine.inspect.SampleBroker;
import java.nio.file.Path;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a session is told of a topic whose id it knew when that id is gone.
class TopicLookupTests {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"'', UNKNOWN_TOPIC_ID", "orders, INCONSISTENT_TOPIC_ID", "gone, UNKNOWN_TOPIC_OR_PARTITION"})
    void itIsToldWhatHasBecomeOfTheName(String knownName, Errors error) throws Exception {
        try (var broker = new SampleBroker(directory)) {
            broker.createTopic("orders", 1);
            var wanted = wanted(new Uuid(5, 6));
            wanted.foundTopic(knownName);

            var found = new TopicLookup(broker.metadata(), broker.partitions()).find(wanted);

            assertThat(found)
                    .isInstanceOfSatisfying(
                            Found.Missing.class,
                            missing -> assertThat(missing.error()).isEqualTo(error));
        }
    }

    @Test
    void theNameBelongingToAnIdIsRemembered() throws Exception {
        try (var broker = new SampleBroker(directory)) {
            broker.createTopic("orders", 1);
            var id = broker.metadata().image().findTopic("orders").orElseThrow().id();
            var wanted = wanted(id);

            assertThat(new TopicLookup(broker.metadata(), broker.partitions()).find(wanted))
                    .isInstanceOf(Found.Hosted.class);
            assertThat(wanted.topic()).isEqualTo("orders");
        }
    }

    private static FetchedPartition wanted(Uuid id) {
        return new FetchedPartition(new FetchSession(true), new Name("", id, 0), new Wish(0, 1, -1, -1), 0);
    }
}
