package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vitrine.inspect.Finding;
import io.vitrine.inspect.GroupDoctor;
import io.vitrine.partition.Durability;
import io.vitrine.record.Batches;
import io.vitrine.record.RecordBatch;
import io.vitrine.timeline.Generation;
import io.vitrine.timeline.GenerationDiff;
import io.vitrine.timeline.GroupTimeline;
import io.vitrine.timeline.RebalanceCause;
import io.vitrine.timeline.TimelineEvent;
import io.vitrine.timeline.TimelineEvent.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Share groups: records are given to members one by one, and again until one of them has dealt with them.
class ShareGroupTests {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final TopicPartition JOBS = new TopicPartition("jobs", 0);

    @TempDir
    Path directory;

    private RunningBroker broker;
    private GroupClients clients;

    @BeforeEach
    void start() {
        broker = RunningBroker.in(directory, settings());
        clients = new GroupClients(broker);
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private static Map<String, String> settings() {
        var settings = new HashMap<>(GroupClients.QUICK_GROUPS);
        // Members are there before the topic is made.
        settings.put("auto.create.topics.enable", "false");
        settings.put("group.share.min.heartbeat.interval.ms", "100");
        settings.put("group.share.heartbeat.interval.ms", "100");
        settings.put("group.share.assignment.interval.ms", "0");
        settings.put("group.share.min.record.lock.duration.ms", "1000");
        settings.put("group.share.record.lock.duration.ms", "2000");
        settings.put("group.share.delivery.count.limit", "3");
        settings.put("share.coordinator.state.topic.num.partitions", "2");
        return settings;
    }

    @Test
    void eachRecordIsGivenToOneOfTwoMembers() {
        try (var first = member("implicit");
                var second = member("implicit")) {
            begin(first, second);
            clients.produce("jobs", 1, 500);

            var values = new ArrayList<String>();
            await().atMost(SOON).until(() -> {
                for (var member : List.of(first, second)) {
                    for (var record : member.poll(POLL)) {
                        // On a busy machine the time for some may be up, and they are given again.
                        if (record.deliveryCount().orElse((short) 0) == 1) {
                            values.add(record.value());
                        }
                    }
                }
                return values.size() >= 500;
            });
            first.commitSync();
            second.commitSync();

            assertThat(values).doesNotHaveDuplicates().hasSize(500);
            await().atMost(SOON).until(() -> startOffset() == 500);
        }
    }

    @Test
    void whatIsReleasedIsGivenAgainAndWhatIsRejectedIsNot() {
        try (var member = member("explicit")) {
            begin(member);
            clients.produce("jobs", 1, 3);
            var given = poll(member, 3);
            assertThat(given).allMatch(record -> record.deliveryCount().orElse((short) 0) == 1);
            member.acknowledge(given.get(0), AcknowledgeType.ACCEPT);
            member.acknowledge(given.get(1), AcknowledgeType.RELEASE);
            member.acknowledge(given.get(2), AcknowledgeType.REJECT);

            assertThat(member.commitSync().values()).allMatch(failure -> failure.isEmpty());
            var again = poll(member, 1);

            assertThat(again).extracting(ConsumerRecord::offset).containsExactly(1L);
            assertThat(again.getFirst().deliveryCount()).hasValue((short) 2);
            member.acknowledge(again.getFirst(), AcknowledgeType.ACCEPT);
            member.commitSync();
            await().atMost(SOON).until(() -> startOffset() == 3);
        }
    }

    @Test
    void aRecordIsGivenNoMoreOftenThanTheLimitAllows() {
        try (var member = member("explicit")) {
            begin(member);
            clients.produce("jobs", 1, 1);
            for (int delivery = 1; delivery <= 3; delivery++) {
                var given = poll(member, 1).getFirst();
                assertThat(given.deliveryCount()).hasValue((short) delivery);
                member.acknowledge(given, AcknowledgeType.RELEASE);
                member.commitSync();
            }

            clients.produce("jobs", 1, 1);

            assertThat(poll(member, 1)).extracting(ConsumerRecord::offset).containsExactly(1L);
        }
    }

    @Test
    void whatIsHeldForTooLongIsGivenToSomebodyElse() {
        try (var slow = member("explicit")) {
            begin(slow);
            clients.produce("jobs", 1, 1);
            assertThat(poll(slow, 1)).hasSize(1);

            try (var other = member("explicit")) {
                var again = poll(other, 1);

                assertThat(again.getFirst().deliveryCount()).hasValue((short) 2);
                other.acknowledge(again.getFirst());
                other.commitSync();
            }
            assertThat(broker.broker().shares().totals().lockTimeouts()).isEqualTo(1);
        }
    }

    @Test
    void whatAMemberHeldThatLeavesIsGivenToAnother() {
        try (var leaving = member("explicit")) {
            begin(leaving);
            clients.produce("jobs", 1, 2);
            assertThat(poll(leaving, 2)).hasSize(2);
        }

        try (var next = member("explicit")) {
            var again = poll(next, 2);

            assertThat(again).extracting(ConsumerRecord::offset).containsExactly(0L, 1L);
            assertThat(again).allMatch(record -> record.deliveryCount().orElse((short) 0) == 2);
        }
    }

    @Test
    void whatWasSaidHoldsAfterARestart() {
        try (var member = member("explicit")) {
            begin(member);
            clients.produce("jobs", 1, 5);
            var given = poll(member, 5);
            member.acknowledge(given.get(0), AcknowledgeType.ACCEPT);
            member.acknowledge(given.get(1), AcknowledgeType.RELEASE);
            member.acknowledge(given.get(2), AcknowledgeType.ACCEPT);
            member.acknowledge(given.get(3), AcknowledgeType.REJECT);
            member.acknowledge(given.get(4), AcknowledgeType.RELEASE);
            assertThat(member.commitSync().values()).allMatch(failure -> failure.isEmpty());
        }
        broker.close();
        start();

        try (var member = member("explicit")) {
            var again = poll(member, 2);

            assertThat(again).extracting(ConsumerRecord::offset).containsExactly(1L, 4L);
            assertThat(again).allMatch(record -> record.deliveryCount().orElse((short) 0) == 2);
            assertThat(startOffset()).isEqualTo(1);
        }
    }

    @Test
    void theStartOfAGroupCanBeSetAndForgotten() throws Exception {
        try (var member = member("implicit")) {
            begin(member);
            clients.produce("jobs", 1, 10);
            poll(member, 10);
            member.commitSync();
        }
        try (var admin = clients.admin()) {
            await().atMost(SOON).until(() -> describe(admin).equals(GroupState.EMPTY));
            admin.alterShareGroupOffsets("workers", Map.of(JOBS, 4L)).all().get();
            assertThat(startOffset()).isEqualTo(4);

            try (var member = member("implicit")) {
                assertThat(poll(member, 6)).extracting(ConsumerRecord::offset).containsExactly(4L, 5L, 6L, 7L, 8L, 9L);
                assertThat(describe(admin)).isEqualTo(GroupState.STABLE);
                member.commitSync();
            }
            await().atMost(SOON).until(() -> describe(admin).equals(GroupState.EMPTY));
            admin.deleteShareGroupOffsets("workers", Set.of("jobs")).all().get();
            assertThat(offsets(admin)).isEmpty();
            admin.deleteShareGroups(List.of("workers")).all().get();
            assertThat(admin.listGroups().all().get()).isEmpty();
        }
    }

    @Test
    void itsTimelineTellsWhoCameWhoLeftAndWhoWasGivenWhat() {
        try (var first = member("implicit")) {
            begin(first);
            try (var second = member("implicit")) {
                await().atMost(SOON).until(() -> {
                    first.poll(POLL);
                    second.poll(POLL);
                    return generation().partitionCount() == 2;
                });
            }
            await().atMost(SOON).until(() -> {
                first.poll(POLL);
                return generation().members().size() == 1;
            });
        }
        await().atMost(SOON).until(() -> timeline().events().getLast().kind() == Kind.EMPTY);

        var events = timeline().events();
        assertThat(events)
                .extracting(TimelineEvent::kind)
                .contains(Kind.JOIN, Kind.REBALANCED, Kind.ASSIGNED, Kind.LEAVE);
        assertThat(events)
                .filteredOn(event -> event.kind() == Kind.LEAVE)
                .hasSize(2)
                .allSatisfy(event -> assertThat(event.detail()).isEqualTo("it asked to"));
        assertThat(events)
                .filteredOn(event -> event.kind() == Kind.REBALANCED)
                .extracting(event -> event.cause().orElseThrow())
                .contains(RebalanceCause.MEMBER_JOINED, RebalanceCause.MEMBER_LEFT);
        var both = timeline().generations().stream()
                .filter(found -> found.partitionCount() == 2)
                .findFirst()
                .orElseThrow();
        var one = timeline().generations().reversed().stream()
                .filter(found -> found.partitionCount() == 1)
                .findFirst()
                .orElseThrow();
        assertThat(GenerationDiff.between(both, one)).satisfies(diff -> {
            assertThat(diff.left()).hasSize(1);
            assertThat(diff.moves()).singleElement().satisfies(move -> {
                assertThat(move.from()).contains(diff.left().getFirst().memberId());
                assertThat(move.to()).isEmpty();
            });
        });
    }

    @Test
    void itsDiagnosisTellsWhatMembersHoldAndWhatComesBack() {
        var parts = broker.broker();
        var doctor = new GroupDoctor(
                new GroupDoctor.Groups(parts.groups(), parts.timelines(), parts.shares()),
                parts.metadata(),
                parts.partitions(),
                parts.refusals());
        try (var member = member("explicit")) {
            begin(member);
            assertThat(doctor.examine("workers", 600_000).join().findings()).isEmpty();

            clients.produce("jobs", 1, 3);
            var given = poll(member, 3);
            assertThat(doctor.examine("workers", 600_000).join().findings())
                    .singleElement()
                    .satisfies(finding -> {
                        assertThat(finding.kind()).isEqualTo(Finding.Kind.RECORDS_HELD);
                        assertThat(finding.evidence())
                                .containsEntry("firstHeldOffset", 0L)
                                .containsKey("firstLockEndsIso");
                    });

            given.forEach(record -> member.acknowledge(record, AcknowledgeType.RELEASE));
            member.commitSync();
            assertThat(poll(member, 3)).hasSize(3);
            assertThat(doctor.examine("workers", 600_000).join().findings())
                    .extracting(Finding::kind)
                    .containsExactly(Finding.Kind.RECORDS_REDELIVERED, Finding.Kind.RECORDS_HELD);
        }
    }

    private GroupTimeline timeline() {
        return broker.broker().timelines().find("workers").orElseThrow();
    }

    private Generation generation() {
        return timeline().generations().getLast();
    }

    /// As a consumer could seek behind it.
    @Test
    void whatCanNotBeReadAnyMoreIsLeftOutAndTold() throws Exception {
        try (var member = member("explicit")) {
            begin(member);
        }
        for (var value : List.of("first", "second", "third")) {
            append(value);
        }
        broker.close();
        damage(Batches.of("first").remaining() + RecordBatch.MAGIC);
        start();

        try (var member = member("implicit")) {
            assertThat(poll(member, 2)).extracting(ConsumerRecord::value).containsExactly("first", "third");
            member.commitSync();

            await().atMost(SOON).until(() -> startOffset() == 3);
            var view = broker.broker().shares().views("workers").getFirst();
            assertThat(view.unreadable()).singleElement().satisfies(leftOut -> {
                assertThat(leftOut.firstOffset()).isEqualTo(1);
                assertThat(leftOut.lastOffset()).isEqualTo(1);
                assertThat(leftOut.reason()).contains("can't be read");
            });
            assertThat(broker.broker().shares().totals().unreadable()).isEqualTo(1);
        }
    }

    @Test
    void whoReadsCommittedRecordsIsNotGivenWhatWasAborted() throws Exception {
        try (var admin = clients.admin()) {
            var group = new ConfigResource(ConfigResource.Type.GROUP, "workers");
            var committed = new ConfigEntry("share.isolation.level", "read_committed");
            admin.incrementalAlterConfigs(Map.of(group, List.of(new AlterConfigOp(committed, OpType.SET))))
                    .all()
                    .get();
        }
        try (var member = member("implicit");
                var producer = new TransactionClients(broker.bootstrapServers()).producer("jobs")) {
            begin(member);
            producer.initTransactions();
            for (int round = 0; round < 20; round++) {
                producer.beginTransaction();
                TransactionClients.send(producer, "jobs", 0, "aborted", "aborted too");
                producer.abortTransaction();
                producer.beginTransaction();
                TransactionClients.send(producer, "jobs", 0, "committed " + round);
                producer.commitTransaction();
            }

            assertThat(poll(member, 20))
                    .extracting(ConsumerRecord::value)
                    .containsExactlyElementsOf(IntStream.range(0, 20)
                            .mapToObj(round -> "committed " + round)
                            .toList());
            member.commitSync();

            await().atMost(SOON).until(() -> startOffset() >= 99);
        }
    }

    @Test
    void recordsLeaveFromTheirFilesAsFetchedOnesDo() throws Exception {
        try (var member = member("implicit")) {
            begin(member);
            append("x".repeat(300_000));
            append("y".repeat(300_000));

            assertThat(poll(member, 2)).extracting(ConsumerRecord::offset).containsExactly(0L, 1L);
        }
        await().atMost(SOON).until(() -> broker.broker().listener().bytesSentFromFiles() > 600_000);
    }

    /// After a start the indexes of a closed segment are in their files.
    @Test
    void whatADiskHasToBeWaitedForIsLoadedFirst() throws Exception {
        try (var member = member("explicit")) {
            begin(member, Map.of("segment.bytes", "1048576"));
        }
        for (int i = 0; i < 20; i++) {
            append(i + "x".repeat(100_000));
        }
        broker.close();
        start();
        var coldReads = broker.broker().partitions().coldReads();

        try (var member = member("implicit")) {
            assertThat(poll(member, 20)).extracting(ConsumerRecord::offset).startsWith(0L, 1L);
        }
        assertThat(coldReads.loadedBytes()).isGreaterThan(1_000_000);
    }

    @Test
    void whoWaitsIsShown() {
        try (var member = member("implicit")) {
            begin(member);
            await().atMost(SOON).untilAsserted(() -> {
                member.poll(Duration.ofMillis(1));
                assertThat(broker.broker().purgatory().list(0, 10, 10)).anySatisfy(waiting -> {
                    assertThat(waiting.api()).isEqualTo("ShareFetch");
                    assertThat(waiting.partitions()).containsExactly("jobs-0");
                    assertThat(waiting.deadline()).isAfter(waiting.since());
                });
            });
        }
        await().atMost(SOON).until(() -> broker.broker().purgatory().size() == 0);
    }

    private void append(String value) throws Exception {
        broker.broker()
                .partitions()
                .find(new io.vitrine.metadata.TopicPartition("jobs", 0))
                .orElseThrow()
                .append(Batches.of(value), Durability.PAGE_CACHE, true)
                .get();
    }

    /// Changes a byte of the log.
    private void damage(int position) throws IOException {
        try (var channel =
                FileChannel.open(directory.resolve("jobs-0/00000000000000000000.log"), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {77}), position);
        }
    }

    private static GroupState describe(Admin admin) throws Exception {
        var described = Objects.requireNonNull(
                admin.describeShareGroups(List.of("workers")).all().get().get("workers"));
        return described.groupState();
    }

    private KafkaShareConsumer<String, String> member(String acknowledgement) {
        var member = new KafkaShareConsumer<>(
                Map.<String, Object>of(
                        "bootstrap.servers",
                        broker.bootstrapServers(),
                        "group.id",
                        "workers",
                        "share.acknowledgement.mode",
                        acknowledgement),
                new StringDeserializer(),
                new StringDeserializer());
        member.subscribe(List.of("jobs"));
        return member;
    }

    /// A group begins at the end, so records come when its start is kept.
    @SafeVarargs
    private void begin(KafkaShareConsumer<String, String>... members) {
        broker.createTopic("jobs", 1);
        awaitStart(members);
    }

    private void begin(KafkaShareConsumer<String, String> member, Map<String, String> configs) {
        broker.createTopic("jobs", 1, configs);
        awaitStart(member);
    }

    @SafeVarargs
    private void awaitStart(KafkaShareConsumer<String, String>... members) {
        await().atMost(SOON).until(() -> {
            for (var member : members) {
                member.poll(POLL);
            }
            return startOffset() == 0;
        });
    }

    private static List<ConsumerRecord<String, String>> poll(KafkaShareConsumer<String, String> member, int count) {
        var records = new ArrayList<ConsumerRecord<String, String>>();
        await().atMost(SOON).until(() -> {
            if (records.size() < count) {
                member.poll(POLL).forEach(records::add);
            }
            return records.size() >= count;
        });
        return records;
    }

    /// From where on the group is given records; -1 if nobody has said so.
    private long startOffset() {
        try (var admin = clients.admin()) {
            return offsets(admin).getOrDefault(JOBS, -1L);
        } catch (Exception e) {
            return -1;
        }
    }

    private static Map<TopicPartition, Long> offsets(Admin admin) throws Exception {
        var offsets = new HashMap<TopicPartition, Long>();
        var found = admin.listShareGroupOffsets(Map.of("workers", new ListShareGroupOffsetsSpec()))
                .partitionsToOffsetInfo("workers")
                .get();
        found.forEach((partition, info) -> {
            if (info != null) {
                offsets.put(partition, info.startOffset());
            }
        });
        return offsets;
    }
}
