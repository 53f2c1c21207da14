package io.vitrine;

import static io.vitrine.GroupClients.QUICK_GROUPS;
import static io.vitrine.GroupClients.partitions;
import static io.vitrine.GroupClients.poll;
import static io.vitrine.GroupClients.settle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vitrine.group.GroupRefusedException;
import io.vitrine.inspect.Finding;
import io.vitrine.inspect.Finding.Kind;
import io.vitrine.inspect.Finding.Severity;
import io.vitrine.inspect.GroupDoctor;
import io.vitrine.metadata.TopicPartition;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Consumers that don't get on, each for another reason, and what is found out about it.
class GroupDiagnosisTests {
    private static final org.apache.kafka.common.TopicPartition FIRST =
            new org.apache.kafka.common.TopicPartition("orders", 0);
    private static final int LONG_MS = 600_000;

    @TempDir
    Path directory;

    private RunningBroker broker;
    private GroupClients clients;
    private GroupDoctor doctor;

    @BeforeEach
    void start() {
        open(Map.of());
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private void open(Map<String, String> more) {
        var settings = new HashMap<>(QUICK_GROUPS);
        settings.putAll(more);
        broker = RunningBroker.in(directory, settings);
        clients = new GroupClients(broker);
        var parts = broker.broker();
        doctor = new GroupDoctor(
                new GroupDoctor.Groups(parts.groups(), parts.timelines(), parts.shares()),
                parts.metadata(),
                parts.partitions(),
                parts.refusals());
    }

    @Test
    void nothingIsFoundWhereAllIsWell() {
        broker.createTopic("orders", 2);
        clients.produce("orders", 2, 5);
        try (var member = member(Map.of())) {
            poll(member, 10);
            member.commitSync();

            assertThat(examine(LONG_MS)).isEmpty();
        }
    }

    @Test
    void aGroupThatThereIsNotIsRefused() {
        assertThatThrownBy(() -> doctor.examine("nobody", LONG_MS).join())
                .hasRootCauseInstanceOf(GroupRefusedException.class);
    }

    @Test
    void aGroupWithoutMembersTellsWhatHappenedLast() {
        broker.createTopic("orders", 1);
        clients.produce("orders", 1, 1);
        try (var member = member(Map.of())) {
            poll(member, 1);
            member.commitSync();
        }

        await().untilAsserted(
                        () -> assertThat(find(Kind.ALL_READ).evidence()).containsKeys("lastEvent", "lastEventIso"));
        clients.produce("orders", 1, 1);
        await().untilAsserted(
                        () -> assertThat(find(Kind.NO_MEMBERS).evidence()).containsKeys("lastEvent", "lastEventIso"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void aMemberMoreThanThereArePartitionsHasNothingToRead(String protocol) {
        broker.createTopic("orders", 1);
        var settings = Map.of("group.protocol", protocol);
        try (var first = member(settings);
                var second = member(settings)) {
            await().ignoreExceptionsInstanceOf(CompletionException.class).untilAsserted(() -> {
                first.poll(Duration.ofMillis(20));
                second.poll(Duration.ofMillis(20));
                var idle = find(Kind.MEMBER_WITHOUT_PARTITIONS);
                assertThat(idle.memberId().orElseThrow())
                        .isIn(
                                first.groupMetadata().memberId(),
                                second.groupMetadata().memberId());
                assertThat(idle.evidence()).containsEntry("members", 2).containsEntry("partitions", 1);
            });
        }
    }

    @Test
    void aTopicThatThereIsNot() {
        broker.createTopic("orders", 1);
        try (var member = clients.member("readers", Map.of("allow.auto.create.topics", "false"))) {
            member.subscribe(List.of("orders", "nowhere"));
            settle(partitions("orders", 1), List.of(member));

            assertThat(find(Kind.TOPIC_MISSING).evidence()).containsEntry("topic", "nowhere");
        }
    }

    @Test
    void aGroupThatWaitsForAMemberToJoinAgain() {
        broker.createTopic("orders", 2);
        try (var busy = member(Map.of());
                var newcomer = member(Map.of())) {
            settle(partitions("orders", 2), List.of(busy));
            await().untilAsserted(() -> {
                newcomer.poll(Duration.ofMillis(20));
                assertThat(find(Kind.REBALANCING).evidence())
                        .containsEntry("state", "PreparingRebalance")
                        .containsEntry("waitsFor", List.of(busy.groupMetadata().memberId()))
                        .containsKey("sinceIso");
            });
            assertThat(broker.broker().timelines().waiting()).singleElement().satisfies(waiting -> {
                assertThat(waiting.api()).isEqualTo("JoinGroup");
                assertThat(waiting.waitsFor())
                        .containsExactly(busy.groupMetadata().memberId());
            });
        }
    }

    @Test
    void aMemberThatIsNotHeardOf() {
        broker.createTopic("orders", 1);
        try (var member = member(Map.of("heartbeat.interval.ms", "40000", "session.timeout.ms", "45000"))) {
            settle(partitions("orders", 1), List.of(member));

            await().untilAsserted(() ->
                    assertThat(find(Kind.MEMBER_SILENT, 1_000).evidence()).containsEntry("sessionTimeoutMs", 45_000));
        }
    }

    @Test
    void whoHasReadAllIsNotStuckWhateverWouldHoldItUp() {
        broker.createTopic("orders", 1);
        clients.produce("orders", 1, 3);
        try (var member = member(Map.of("heartbeat.interval.ms", "40000", "session.timeout.ms", "45000"))) {
            poll(member, 3);
            member.commitSync();

            await().untilAsserted(() ->
                    assertThat(find(Kind.MEMBER_SILENT, 500).severity()).isEqualTo(Severity.WARNING));
            clients.produce("orders", 1, 1);
            assertThat(find(Kind.MEMBER_SILENT, 500).severity()).isEqualTo(Severity.STUCK);
        }
    }

    @Test
    void whatWasRefusedBeforeTheLastCommitIsOver() {
        broker.createTopic("orders", 1);
        clients.produce("orders", 1, 3);
        commit(100);
        try (var member = member(Map.of("auto.offset.reset", "earliest"))) {
            // Its first fetch is refused for the offset.
            poll(member, 3);
            assertThat(broker.broker().refusals().latest(10))
                    .anyMatch(refused -> refused.api().equals("Fetch"));
            clients.produce("orders", 1, 1);
            assertThat(examine(LONG_MS)).anyMatch(found -> found.kind() == Kind.FETCH_REFUSED);

            member.commitSync();

            assertThat(examine(LONG_MS)).noneMatch(found -> found.severity() == Severity.STUCK);
        }
    }

    @Test
    void aPartitionThatIsPaused() {
        broker.createTopic("orders", 2);
        try (var member = member(Map.of())) {
            clients.produce("orders", 2, 1);
            poll(member, 2);
            member.pause(List.of(FIRST));
            clients.produce("orders", 2, 1);

            await().untilAsserted(() -> {
                member.poll(Duration.ofMillis(20));
                var findings = examine(2_000);
                assertThat(findings)
                        .filteredOn(found -> found.kind() == Kind.NOT_FETCHING)
                        .singleElement()
                        .satisfies(found -> {
                            assertThat(found.partition()).contains(new TopicPartition("orders", 0));
                            assertThat(found.memberId())
                                    .contains(member.groupMetadata().memberId());
                            assertThat(found.evidence())
                                    .containsEntry("fetchOffset", 1L)
                                    .containsEntry("highWatermark", 2L);
                        });
            });
        }
    }

    @Test
    void nothingCommitted() {
        broker.createTopic("orders", 1);
        try (var member = member(Map.of())) {
            settle(partitions("orders", 1), List.of(member));

            assertThat(find(Kind.NOTHING_COMMITTED).partition()).contains(new TopicPartition("orders", 0));
        }
    }

    @Test
    void anOffsetBehindTheEnd() {
        broker.createTopic("orders", 1);
        clients.produce("orders", 1, 3);
        commit(100);

        assertThat(find(Kind.COMMITTED_BEYOND_END).evidence())
                .containsEntry("committedOffset", 100L)
                .containsEntry("logEndOffset", 3L);
    }

    @Test
    void recordsThatRetentionTookBeforeTheyWereRead() {
        broker.close();
        open(Map.of("log.retention.check.interval.ms", "100", "log.initial.task.delay.ms", "0"));
        broker.createTopic(
                "orders", 1, Map.of("segment.bytes", "1048576", "retention.bytes", "0", "file.delete.delay.ms", "0"));
        clients.produce("orders", 1, 1);
        commit(0);

        await().untilAsserted(
                        () -> assertThat(find(Kind.COMMITTED_BELOW_LOG_START).evidence())
                                .containsEntry("lostOffsets", 1L)
                                .containsEntry("logStartOffset", 1L));
    }

    @Test
    void commitsOfWhoIsNoMember() {
        broker.createTopic("orders", 1);
        try (var member = member(Map.of())) {
            settle(partitions("orders", 1), List.of(member));
            assertThatThrownBy(() -> commit(0)).isInstanceOf(CommitFailedException.class);

            assertThat(find(Kind.COMMITS_REFUSED).evidence()).containsEntry("error", "UNKNOWN_MEMBER_ID");
        }
    }

    @Test
    void aGroupThatFallsBehind() {
        broker.createTopic("orders", 1);
        clients.produce("orders", 1, 10);
        commit(5);
        assertThat(examine(LONG_MS)).noneMatch(found -> found.kind() == Kind.LAG_GROWS);
        clients.produce("orders", 1, 10);
        commit(7);

        assertThat(find(Kind.LAG_GROWS).evidence())
                .containsEntry("lagBefore", 5L)
                .containsEntry("lag", 13L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"in its header", "in its records"})
    void aDamagedBatch(String where) throws IOException {
        broker.createTopic("orders", 1);
        for (int i = 0; i < 3; i++) {
            clients.produce("orders", 1, 1);
        }
        commit(1);
        broker.close();
        boolean inHeader = where.equals("in its header");
        flipByteOfSecondBatch(inHeader);
        open(Map.of());

        try (var member = member(Map.of())) {
            assertThatThrownBy(() -> poll(member, 2)).isInstanceOf(KafkaException.class);

            assertThat(find(Kind.DAMAGED_RANGE).evidence())
                    .containsEntry("committedOffset", 1L)
                    .containsEntry("nextOffset", 2L);
            if (inHeader) {
                assertThat(find(Kind.FETCH_REFUSED).evidence()).containsEntry("error", "CORRUPT_MESSAGE");
            }
        }
    }

    @Test
    void aPartitionThatIsOffline() throws IOException {
        broker.createTopic("orders", 1);
        commit(0);
        broker.close();
        Files.writeString(directory.resolve("orders-0/partition.metadata"), "version: 1\n");
        open(Map.of());

        await().untilAsserted(() ->
                assertThat(find(Kind.PARTITION_OFFLINE).partition()).contains(new TopicPartition("orders", 0)));
    }

    /// Whoever keeps the offsets forgets them with the topic, if it hears that the topic is deleted.
    @Test
    void aTopicThatWasDeletedWhileTheGroupWasNotServed() throws Exception {
        broker.createTopic("orders", 1);
        broker.createTopic("payments", 1);
        commit(0);
        broker.close();
        var marks = new HashMap<Path, byte[]>();
        for (int i = 0; i < 4; i++) {
            var mark = directory.resolve("__consumer_offsets-%d/partition.metadata".formatted(i));
            marks.put(mark, Files.readAllBytes(mark));
            Files.writeString(mark, "version: 0\n");
        }
        open(Map.of());
        var metadata = broker.broker().metadata();
        var id = metadata.image().findTopic("orders").orElseThrow().id();
        metadata.topicChanges().delete(List.of(id));
        broker.close();
        for (var mark : marks.entrySet()) {
            Files.write(mark.getKey(), mark.getValue());
        }
        open(Map.of());

        await().ignoreExceptions()
                .untilAsserted(
                        () -> assertThat(find(Kind.TOPIC_GONE).evidence()).containsEntry("topic", "orders"));
        assertThat(find(Kind.NO_MEMBERS).severity()).isEqualTo(Severity.STUCK);
        try (var rest = new Rest(broker)) {
            var offset =
                    rest.get("/api/v1/groups/readers/offsets").path("items").get(0);
            assertThat(offset.path("topic").stringValue()).isEqualTo("orders");
            assertThat(offset.path("committed").intValue()).isZero();
            assertThat(offset.path("problem").stringValue()).contains("no such partition");
            assertThat(offset.has("lag")).isFalse();
        }
    }

    @Test
    void aGroupThatCannotBeAsked() throws IOException {
        broker.createTopic("orders", 1);
        commit(0);
        broker.close();
        for (int i = 0; i < 4; i++) {
            Files.writeString(
                    directory.resolve("__consumer_offsets-%d/partition.metadata".formatted(i)), "version: 1\n");
        }
        open(Map.of());

        assertThat(examine(LONG_MS)).singleElement().extracting(Finding::kind).isEqualTo(Kind.GROUP_NOT_SERVED);
    }

    private KafkaConsumer<String, String> member(Map<String, String> settings) {
        var member = clients.member("readers", settings);
        member.subscribe(List.of("orders"));
        return member;
    }

    /// Commits as one who is no member.
    private void commit(long offset) {
        try (var outsider = clients.member("readers", Map.of())) {
            outsider.assign(List.of(FIRST));
            outsider.commitSync(Map.of(FIRST, new OffsetAndMetadata(offset)));
        }
    }

    /// The header's first bytes are not covered by the checksum, which only the consumer checks.
    private void flipByteOfSecondBatch(boolean inHeader) throws IOException {
        try (var file = new RandomAccessFile(
                directory.resolve("orders-0/00000000000000000000.log").toFile(), "rw")) {
            long size = file.length() / 3;
            long position = inHeader ? size + Long.BYTES - 1 : 2 * size - 1;
            file.seek(position);
            int found = file.read();
            file.seek(position);
            file.write(found ^ 1);
        }
    }

    private List<Finding> examine(long silentMs) {
        return doctor.examine("readers", silentMs).join().findings();
    }

    private Finding find(Kind kind) {
        return find(kind, LONG_MS);
    }

    private Finding find(Kind kind, long silentMs) {
        var findings = examine(silentMs);
        return findings.stream()
                .filter(found -> found.kind() == kind)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no %s in %s".formatted(kind, findings)));
    }
}
