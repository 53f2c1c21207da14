package io.vitrine.inspect;

import static io.vitrine.inspect.SampleBroker.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.inspect.LiveTail.Event;
import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.MetadataSettings;
import io.vitrine.metadata.Topic;
import io.vitrine.metadata.TopicPartition;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.compress.Compression;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveTailTests {
    private static final long LONG_NANOS = TimeUnit.MINUTES.toNanos(5);

    @TempDir
    Path directory;

    SampleBroker broker;
    LiveTails tails;

    @BeforeEach
    void open() throws Exception {
        broker = new SampleBroker(directory.resolve("broker"));
        broker.createTopic("orders", 3);
        tails = new LiveTails(
                new LogCatalog(broker.metadata(), broker.partitions()), broker.partitions(), broker.metadata());
    }

    @AfterEach
    void close() throws Exception {
        tails.close();
        broker.close();
    }

    @Test
    void aTailEndsWithItsTopic() throws Exception {
        var other = MetadataService.open(MetadataSettings.of(1, directory.resolve("other")));
        try (var tail = tails.open(start(topic(), 0, 100))) {
            assertThat(tail.poll()).isEqualTo(new Event.CaughtUp());

            tails.imageChanged(other.image());

            tail.await(LONG_NANOS);
            assertThat(tail.poll()).isEqualTo(new Event.Ended("the topic was deleted"));
        } finally {
            other.close();
        }
    }

    @Test
    void partitionsThatTheTopicGetsAreFollowedFromTheirStart() {
        var whole = topic();
        var small = new Topic(whole.name(), whole.id(), whole.partitions().subList(0, 1), Map.of());
        try (var tail = tails.open(start(small, 0, 100))) {
            // Its metadata said one partition when it was asked for; they are three by now.
            append(2, "k");

            assertThat(tail.poll()).isInstanceOfSatisfying(Event.Found.class, found -> {
                assertThat(found.log().name().partition()).isEqualTo(2);
                assertThat(found.entry().nextOffset()).isEqualTo(1);
            });
            assertThat(tail.positions().next()).isEqualTo(Map.of(0, 0L, 1, 0L, 2, 1L));
        }
    }

    @Test
    void catchingUpDropsNothingAndFallingBehindLater() {
        for (int i = 0; i < 50; i++) {
            append(0, "k" + i);
        }
        try (var tail = tails.open(start(topic(), 0, 10))) {
            for (int i = 0; i < 50; i++) {
                assertThat(tail.poll()).isInstanceOf(Event.Found.class);
            }
            while (!(tail.poll() instanceof Event.CaughtUp)) {
                // The end of what was there is found in steps.
            }
            // However many come while it waits, it has not been slow.
            for (int i = 0; i < 20; i++) {
                append(1, "k" + i);
            }
            for (int i = 0; i < 19; i++) {
                assertThat(tail.poll()).isInstanceOf(Event.Found.class);
            }
            for (int i = 0; i < 11; i++) {
                append(2, "k" + i);
            }
            assertThat(tail.poll()).isInstanceOf(Event.Found.class);
            assertThat(tail.poll()).isEqualTo(new Event.Passed());

            assertThat(tail.poll()).isEqualTo(new Event.Dropped(List.of(new LiveTail.Gap(2, 0, 11))));
            assertThat(tail.poll()).isEqualTo(new Event.CaughtUp());
            assertThat(tails.droppedCount()).isEqualTo(11);
            append(1, "next");
            assertThat(tail.poll()).isInstanceOf(Event.Found.class);
        }
    }

    @Test
    void anAppendBetweenTheLookAndTheWaitIsNotMissed() {
        try (var tail = tails.open(start(topic(), 0, 10))) {
            assertThat(tail.poll()).isEqualTo(new Event.CaughtUp());
            append(0, "k");

            tail.await(LONG_NANOS);

            assertThat(tail.poll()).isInstanceOf(Event.Found.class);
        }
    }

    @Test
    void positionsSurviveTheirText() {
        var positions =
                new TopicPositions(topic().id(), new TreeMap<>(Map.of(0, 0L, 7, 127L, 8, 128L, 4_000, Long.MAX_VALUE)));

        assertThat(TopicPositions.parse(positions.text())).hasValue(positions);
        for (int length = 0; length < positions.text().length(); length++) {
            // Cut anywhere, it is none, or one with fewer partitions.
            var cut = TopicPositions.parse(positions.text().substring(0, length));
            assertThat(cut)
                    .satisfiesAnyOf(
                            none -> assertThat(none).isEmpty(),
                            fewer -> assertThat(fewer.orElseThrow().next().size())
                                    .isLessThan(positions.next().size()));
        }
        assertThat(TopicPositions.parse("AQ==!")).isEmpty();
    }

    private LiveTail.Start start(Topic topic, long from, long maxLag) {
        var catalog = new LogCatalog(broker.metadata(), broker.partitions());
        var parts = topic.partitions().stream()
                .map(state -> catalog.find(new TopicPartition("orders", state.index()))
                        .orElseThrow())
                .map(log -> new TopicCursor.Part(log, from, from))
                .toList();
        var reading = new TopicCursor.Reading(RecordOptions.DEFAULTS, RecordFilter.ALL, new ReadTotals());
        return new LiveTail.Start(topic, parts, true, false, reading, maxLag);
    }

    private Topic topic() {
        return broker.metadata().image().findTopic("orders").orElseThrow();
    }

    private void append(int partition, String key) {
        broker.append(new TopicPartition("orders", partition), Compression.NONE, record(key, "v"));
    }
}
