package io.vitrine.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vitrine.coordinator.CoordinatorLoad;
import io.vitrine.coordinator.CoordinatorLogLoader;
import io.vitrine.coordinator.CoordinatorTopic;
import io.vitrine.coordinator.RecordTap;
import io.vitrine.coordinator.ServedPartitions;
import io.vitrine.group.GroupService.Place;
import io.vitrine.inspect.SampleBroker;
import io.vitrine.partition.TransactionGate;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.coordinator.group.GroupCoordinatorRecordSerde;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The service on logs of its own, begun, stopped and failing at moments of our choice.
class GroupServiceTests {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final GroupSettings ONE_PARTITION =
            new GroupSettings(Map.of("offsets.topic.num.partitions", "1"), false);

    @TempDir
    Path directory;

    private SampleBroker broker;
    private GroupService groups;

    @BeforeEach
    void startAndCommit() throws Exception {
        open();
        broker.createTopic("orders", 1);
        assertThat(groups.locate("g")).succeedsWithin(SOON).isInstanceOf(Place.Here.class);
        await().until(() -> commit() == 0);
    }

    @AfterEach
    void close() throws Exception {
        groups.close();
        broker.close();
    }

    @Test
    void aLoadThatCouldNotReadIsDoneAgainForTheNextWhoAsks() throws Exception {
        close();
        open();
        var log = broker.logFile("__consumer_offsets");
        var aside = log.resolveSibling("aside");
        Files.move(log, aside);
        groups.start();
        await().until(() -> states(CoordinatorLoad.State.FAILED::equals));
        Files.move(aside, log);

        assertThat(groups.locate("g")).succeedsWithin(SOON).isInstanceOf(Place.Here.class);

        await().until(() -> states(CoordinatorLoad.State.LOADED::equals));
        assertThat(committed()).isEqualTo(42);
    }

    @Test
    void whoLooksForAPartitionThatIsNotServedIsAnsweredWhileTheBrokerStops() throws Exception {
        close();
        Files.writeString(directory.resolve("__consumer_offsets-0/partition.metadata"), "version: 1\n");
        open();
        assertThat(groups.locate("g"))
                .succeedsWithin(SOON)
                .satisfies(place -> assertThat(place.toString()).contains("is offline"));

        groups.close();

        // Whether it is answered with a place or an error: it is.
        assertThat(groups.locate("g").handle((place, thrown) -> place == null ? thrown.toString() : place.toString()))
                .succeedsWithin(SOON)
                .asString()
                .contains("the broker is stopping");
    }

    @Test
    void whoAsksForAPartitionInTheMomentOfStoppingIsAnswered() {
        var topic = new CoordinatorTopic(CoordinatorTopic.OF_GROUPS, broker.metadata(), broker.partitions());
        var loader = new CoordinatorLogLoader(
                topic, new RecordTap(new GroupCoordinatorRecordSerde()), "test-loader-", 1_000_000);
        var served = new ServedPartitions(1, topic, loader, "test-metadata");

        served.close();

        assertThat(served.serve(0)).succeedsWithin(SOON).isEqualTo(Optional.of("the broker is stopping"));
        loader.close();
    }

    @Test
    void stoppingWhileTheCoordinatorStartsLeavesNothingOfItBehind() throws Exception {
        close();
        var before = Thread.getAllStackTraces().keySet();
        open();
        for (int round = 0; round < 10; round++) {
            close();
            open();
            groups.start();
            var waiting = groups.rules();

            groups.close();

            assertThat(waiting.handle((_, _) -> true)).succeedsWithin(SOON).isEqualTo(true);
            assertThat(groups.loads()).isEmpty();
        }
        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> !before.contains(thread))
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("group-coordinator-") || name.startsWith("group-start")));
    }

    private void open() throws Exception {
        broker = new SampleBroker(directory);
        broker.metadata().addListener(broker.partitions()::apply);
        groups = new GroupService(
                broker.metadata(), broker.partitions(), ONE_PARTITION, TransactionGate.CLOSED, Runnable::run);
    }

    private boolean states(Predicate<CoordinatorLoad.State> wanted) {
        var loads = groups.loads();
        return !loads.isEmpty() && loads.stream().map(CoordinatorLoad::state).allMatch(wanted);
    }

    private short commit() {
        var request = new OffsetCommitRequestData()
                .setGroupId("g")
                .setTopics(List.of(new OffsetCommitRequestTopic()
                        .setName("orders")
                        .setTopicId(broker.metadata()
                                .image()
                                .findTopic("orders")
                                .orElseThrow()
                                .id())
                        .setPartitions(List.of(new OffsetCommitRequestPartition().setCommittedOffset(42)))));
        return new GroupCalls(groups)
                .commitOffsets(caller(ApiKeys.OFFSET_COMMIT), request)
                .join()
                .topics()
                .getFirst()
                .partitions()
                .getFirst()
                .errorCode();
    }

    private long committed() {
        var all = new OffsetFetchRequestGroup().setGroupId("g").setTopics(null);
        return new GroupCalls(groups)
                .fetchOffsets(caller(ApiKeys.OFFSET_FETCH), all, false)
                .join()
                .topics()
                .getFirst()
                .partitions()
                .getFirst()
                .committedOffset();
    }

    private static GroupCaller caller(ApiKeys api) {
        return new GroupCaller("", InetAddress.getLoopbackAddress(), "test", api.id, api.latestVersion(), 0);
    }
}
