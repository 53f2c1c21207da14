package io.vitrine;

import static io.vitrine.GroupClients.QUICK_GROUPS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vitrine.group.GroupDirectory;
import io.vitrine.group.GroupType;
import io.vitrine.timeline.GroupTimeline;
import io.vitrine.timeline.TimelineEvent;
import io.vitrine.timeline.TimelineEvent.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.admin.StreamsGroupDescription;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Kafka Streams with the group protocol of its own, in which the broker makes the internal topics and gives out the
/// tasks.
class StreamsGroupTests {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Map<String, String> QUICK_STREAMS = quick();

    @TempDir
    Path directory;

    @TempDir
    Path state;

    @Test
    void aWordCountGoesOnWhereItWasAfterBothHaveRestarted() throws Exception {
        try (var broker = RunningBroker.in(directory, QUICK_STREAMS)) {
            broker.createTopic("lines", 2);
            broker.createTopic("counts", 1);
            produce(broker, "red green", "red");
            var streams = start(broker, "first");
            await().atMost(SOON).until(() -> counts(broker).equals(Map.of("red", 2L, "green", 1L)));

            var described = describe(broker);
            assertThat(described.groupState()).isEqualTo(GroupState.STABLE);
            assertThat(described.members()).hasSize(1);
            assertThat(described.subtopologies()).hasSize(2);
            var seen = new GroupDirectory(broker.broker().groups())
                    .describe("counter")
                    .join();
            assertThat(seen.summary().type()).isEqualTo(GroupType.STREAMS);
            assertThat(seen.members().getFirst().assigned())
                    .extracting(Object::toString)
                    .containsExactlyInAnyOrder(
                            "lines-0", "lines-1", "counter-by-word-repartition-0", "counter-by-word-repartition-1");
            stop(streams);
            assertTimeline(broker);
            assertThat(broker.broker().metadata().image().topics())
                    .extracting(topic -> topic.name() + " " + topic.partitions().size())
                    .contains("counter-by-word-repartition 2", "counter-totals-changelog 2");
            assertThat(broker.broker()
                            .metadata()
                            .image()
                            .findTopic("counter-totals-changelog")
                            .orElseThrow()
                            .configs())
                    .containsEntry("cleanup.policy", "compact");
        }

        // With a new directory for its state it has only what is in the changelog.
        try (var broker = RunningBroker.in(directory, QUICK_STREAMS)) {
            produce(broker, "green blue");
            var streams = start(broker, "second");

            await().atMost(SOON).until(() -> counts(broker).equals(Map.of("red", 2L, "green", 2L, "blue", 1L)));
            stop(streams);
        }
    }

    private static void assertTimeline(RunningBroker broker) {
        await().atMost(SOON).until(() -> timeline(broker).events().getLast().kind() == Kind.EMPTY);

        var timeline = timeline(broker);
        assertThat(timeline.events())
                .extracting(TimelineEvent::kind)
                .contains(
                        Kind.JOIN, Kind.TOPOLOGY_CHANGED, Kind.REBALANCED, Kind.ASSIGNED, Kind.RECONCILED, Kind.LEAVE);
        assertThat(timeline.events())
                .filteredOn(event -> event.kind() == Kind.TOPOLOGY_CHANGED)
                .singleElement()
                .satisfies(event -> assertThat(event.detail()).contains("lines", "counter-by-word-repartition"));
        assertThat(timeline.generations())
                .anySatisfy(
                        generation -> assertThat(generation.members().values())
                                .singleElement()
                                .satisfies(
                                        member -> assertThat(member.assignment().toString())
                                                .isEqualTo(
                                                        "counter-by-word-repartition-0, counter-by-word-repartition-1, lines-0, lines-1")));
    }

    private static GroupTimeline timeline(RunningBroker broker) {
        return broker.broker().timelines().find("counter").orElseThrow();
    }

    private static Map<String, String> quick() {
        var settings = new HashMap<>(QUICK_GROUPS);
        settings.put("group.streams.min.heartbeat.interval.ms", "100");
        settings.put("group.streams.heartbeat.interval.ms", "100");
        settings.put("group.streams.initial.rebalance.delay.ms", "0");
        settings.put("group.streams.assignment.interval.ms", "0");
        return settings;
    }

    private Process start(RunningBroker broker, String instance) throws IOException {
        return ChildJvm.start(
                state.resolve(instance + ".log"),
                Path.of("target", "kafka-streams", "*").toString(),
                WordCount.class.getName(),
                broker.bootstrapServers(),
                state.resolve(instance).toString(),
                "streams",
                "at_least_once");
    }

    /// Lets it leave its group.
    private static void stop(Process streams) throws Exception {
        streams.getOutputStream().close();
        ChildJvm.await(streams);
    }

    private static void produce(RunningBroker broker, String... lines) {
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers()),
                new StringSerializer(),
                new StringSerializer())) {
            for (int i = 0; i < lines.length; i++) {
                producer.send(new ProducerRecord<>("lines", i % 2, null, lines[i]));
            }
        }
    }

    /// The newest count of each word.
    private static Map<String, Long> counts(RunningBroker broker) {
        var counts = new HashMap<String, Long>();
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers()),
                new StringDeserializer(),
                new LongDeserializer())) {
            var partition = new TopicPartition("counts", 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> counts.put(record.key(), record.value()));
            }
        }
        return counts;
    }

    private static StreamsGroupDescription describe(RunningBroker broker) throws Exception {
        try (var admin = new GroupClients(broker).admin()) {
            return Objects.requireNonNull(
                    admin.describeStreamsGroups(List.of("counter")).all().get().get("counter"));
        }
    }
}
