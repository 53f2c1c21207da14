package io.vitrine.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.metadata.CreateTopicOutcome.AlreadyExists;
import io.vitrine.metadata.CreateTopicOutcome.Created;
import io.vitrine.metadata.CreateTopicOutcome.Refusal;
import io.vitrine.metadata.CreateTopicOutcome.Refused;
import io.vitrine.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metadata.ConfigRecord;
import org.apache.kafka.common.metadata.PartitionChangeRecord;
import org.apache.kafka.common.metadata.PartitionRecord;
import org.apache.kafka.common.metadata.RemoveTopicRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetadataServiceTests {
    @TempDir
    Path root;

    private MetadataSettings settings;

    @BeforeEach
    void nameTheDirectory() {
        settings = MetadataSettings.of(1, root.resolve("data"));
    }

    @Test
    void aCreatedTopicIsThereAfterReopening() throws Exception {
        Topic created;
        try (var metadata = MetadataService.open(settings)) {
            var outcome =
                    metadata.createTopic("orders", 3, Map.of("retention.ms", "1000", "cleanup.policy", "compact"));
            created = ((Created) outcome).topic();
            assertThat(metadata.image().findTopic("orders")).contains(created);
        }

        try (var metadata = MetadataService.open(settings)) {
            assertThat(metadata.image().topics()).containsExactly(created);
            assertThat(created.configs()).hasSize(2).containsEntry("retention.ms", "1000");
            var directoryId =
                    metadata.description().findDirectoryId(root.resolve("data")).orElseThrow();
            assertThat(created.partitions())
                    .hasSize(3)
                    .first()
                    .isEqualTo(new TopicPartitionState(0, 1, 0, 0, List.of(1), List.of(1), List.of(directoryId)));
        }
    }

    @Test
    void aTopicIsOneBatch() throws Exception {
        try (var metadata = MetadataService.open(settings)) {
            long before = metadata.logEndOffset();

            metadata.createTopic("orders", 5, Map.of("retention.ms", "1000"));

            var batch = metadata.readLog(before, Integer.MAX_VALUE)
                    .batches()
                    .iterator()
                    .next();
            assertThat(batch.recordCount()).isEqualTo(7);
            assertThat(batch.nextOffset()).isEqualTo(metadata.logEndOffset());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "../a", "a b", "ä", "a\u0000"})
    void aNameThatCannotBeADirectoryIsRefused(String name) throws Exception {
        try (var metadata = MetadataService.open(settings)) {
            long before = metadata.sizeInBytes();

            assertRefused(metadata.createTopic(name, 1, Map.of()), Refusal.INVALID_NAME);

            assertThat(metadata.sizeInBytes()).isEqualTo(before);
        }
    }

    @Test
    void wishesThatBreakARuleAreRefusedWithTheRule() throws Exception {
        var withNull = new HashMap<String, String>();
        withNull.put("retention.ms", null);
        try (var metadata = MetadataService.open(settings)) {
            metadata.createTopic("a.b_c", 1, Map.of());

            assertRefused(metadata.createTopic("x".repeat(250), 1, Map.of()), Refusal.INVALID_NAME);
            assertRefused(metadata.createTopic("__cluster_metadata", 1, Map.of()), Refusal.RESERVED_NAME);
            assertRefused(metadata.createTopic("a_b.c", 1, Map.of()), Refusal.NAME_COLLISION);
            assertRefused(metadata.createTopic("new", 0, Map.of()), Refusal.INVALID_PARTITIONS);
            assertRefused(metadata.createTopic("new", -2, Map.of()), Refusal.INVALID_PARTITIONS);
            assertRefused(metadata.createTopic("new", 10_000, Map.of()), Refusal.TOO_MANY_RECORDS);
            assertRefused(metadata.createTopic("new", Integer.MAX_VALUE, Map.of()), Refusal.TOO_MANY_RECORDS);
            assertRefused(metadata.createTopic("new", 1, withNull), Refusal.INVALID_CONFIG);
            assertRefused(
                    metadata.createTopic("new", 1, Map.of("retention.ms", "1".repeat(2_000_000))),
                    Refusal.INVALID_CONFIG);
            assertThat(metadata.image().topics()).hasSize(1);
        }
    }

    @Test
    void asManyPartitionsAsFitIntoOneChangeAreCreated() throws Exception {
        try (var metadata = MetadataService.open(settings)) {
            assertThat(metadata.createTopic("wide", 9_999, Map.of())).isInstanceOf(Created.class);
        }

        try (var metadata = MetadataService.open(settings)) {
            assertThat(metadata.image().findTopic("wide").orElseThrow().partitions())
                    .hasSize(9_999)
                    .last()
                    .extracting(TopicPartitionState::index)
                    .isEqualTo(9_998);
        }
    }

    @Test
    void ofEightThreadsOneCreatesTheTopicAndTheOthersFindIt() throws Exception {
        var together = new CountDownLatch(8);
        try (var metadata = MetadataService.open(settings);
                var threads = Executors.newFixedThreadPool(8)) {
            Callable<CreateTopicOutcome> create = () -> {
                together.countDown();
                together.await();
                return metadata.createTopic("orders", 1, Map.of());
            };

            var outcomes = new ArrayList<CreateTopicOutcome>();
            for (var future : threads.invokeAll(Collections.nCopies(8, create))) {
                outcomes.add(future.get());
            }

            assertThat(outcomes).filteredOn(Created.class::isInstance).hasSize(1);
            assertThat(outcomes).filteredOn(AlreadyExists.class::isInstance).hasSize(7);
            assertThat(metadata.image().topics()).hasSize(1);
        }
    }

    @Test
    void listenersSeeEveryChangeInOrderBeforeItIsAnswered() throws Exception {
        var seen = new ArrayList<Integer>();
        try (var metadata = MetadataService.open(settings)) {
            metadata.addListener(image -> seen.add(image.topics().size()));

            metadata.createTopic("a", 1, Map.of());
            assertThat(seen).containsExactly(1);
            metadata.createTopic("a", 1, Map.of());
            metadata.createTopic("b", 1, Map.of());

            assertThat(seen).containsExactly(1, 2);
        }
    }

    @Test
    void aListenerThatFailsKeepsNeitherTheChangeNorTheOthersBack() throws Exception {
        var seen = new ArrayList<Integer>();
        try (var metadata = MetadataService.open(settings)) {
            metadata.addListener(_ -> {
                throw new IllegalArgumentException("no");
            });
            metadata.addListener(image -> seen.add(image.topics().size()));

            assertThatThrownBy(() -> metadata.createTopic("a", 1, Map.of())).hasRootCauseMessage("no");

            assertThat(seen).containsExactly(1);
            assertThat(metadata.createTopic("a", 1, Map.of())).isInstanceOf(AlreadyExists.class);
        }
    }

    @Test
    void anOlderImageDoesNotChange() throws Exception {
        try (var metadata = MetadataService.open(settings)) {
            metadata.createTopic("a", 1, Map.of());
            var before = metadata.image();

            metadata.createTopic("b", 1, Map.of());

            assertThat(before.topics()).extracting(Topic::name).containsExactly("a");
            assertThat(metadata.image().findTopic("a").orElseThrow())
                    .as("shared, not built again")
                    .isSameAs(before.findTopic("a").orElseThrow());
        }
    }

    @Test
    void producerIdsNeverRepeatAlsoAcrossRestarts() throws Exception {
        var given = new HashSet<Long>();
        for (int restart = 0; restart < 3; restart++) {
            try (var metadata = MetadataService.open(settings)) {
                for (int i = 0; i < 3; i++) {
                    var block = metadata.allocateProducerIds();
                    assertThat(block.size()).isEqualTo(1000);
                    assertThat(given.add(block.firstId())).isTrue();
                }
            }
        }
        assertThat(Collections.max(given)).isEqualTo(8000);
    }

    @Test
    void onlyPartitionsThatNobodyElseCouldLeadAreClaimed() throws Exception {
        var id = LogBytes.TOPIC_ID;
        LogBytes.from(0)
                .batch(LogBytes.feature("metadata.version", 33))
                .batch(
                        LogBytes.topic("mixed", id),
                        LogBytes.record(leaderless(0, List.of(1), List.of()), 2),
                        LogBytes.record(leaderless(1, List.of(1, 2), List.of(1)), 2),
                        LogBytes.record(leaderless(2, List.of(1, 2), List.of()), 2),
                        LogBytes.record(leaderless(3, List.of(1, 2), List.of(1, 2)), 2),
                        LogBytes.record(leaderless(4, List.of(1, 2), List.of(2)), 2),
                        LogBytes.record(leaderless(5, List.of(2), List.of()), 2),
                        LogBytes.record(
                                leaderless(6, List.of(1, 2), List.of()).setEligibleLeaderReplicas(List.of(1)), 2))
                .writeTo(root.resolve("data"));

        try (var metadata = MetadataService.open(settings)) {
            assertThat(metadata.placement().claimLeaderless()).isEqualTo(3);
            assertThat(metadata.image().findTopic("mixed").orElseThrow().partitions())
                    .extracting(TopicPartitionState::leader)
                    .containsExactly(1, 1, -1, -1, -1, -1, 1);
        }
    }

    @Test
    void partitionsOfEveryRecordVersionAreRead() throws Exception {
        var id = LogBytes.TOPIC_ID;
        var log =
                LogBytes.from(0).batch(LogBytes.feature("metadata.version", 33)).batch(LogBytes.topic("old", id));
        for (int version = 0; version <= 2; version++) {
            var directories = version == 0 ? List.<Uuid>of() : List.of(LogBytes.DIRECTORY_ID);
            var record =
                    leaderless(version, List.of(1), List.of(1)).setLeader(1).setDirectories(directories);
            log.batch(LogBytes.record(record, version));
        }
        log.writeTo(root.resolve("data"));

        try (var metadata = MetadataService.open(settings)) {
            assertThat(metadata.image().findTopic("old").orElseThrow().partitions())
                    .extracting(TopicPartitionState::leader)
                    .containsExactly(1, 1, 1);
        }
    }

    @Test
    void aListenerMustNotChangeTheMetadata() throws Exception {
        try (var metadata = MetadataService.open(settings)) {
            metadata.addListener(
                    _ -> assertThatThrownBy(metadata::allocateProducerIds).isInstanceOf(IllegalStateException.class));

            metadata.createTopic("a", 1, Map.of());

            assertThat(metadata.allocateProducerIds().firstId()).isZero();
        }
    }

    @Test
    void removedTopicsAndChangedConfigsAreFollowed() throws Exception {
        var again = new Uuid(5, 6);
        LogBytes.fixture()
                .batch(LogBytes.record(config("mango", "1000"), 0))
                .batch(LogBytes.record(new RemoveTopicRecord().setTopicId(LogBytes.TOPIC_ID), 0))
                .batch(LogBytes.topic("mango", again), LogBytes.partition(again, 0))
                .batch(LogBytes.record(config("mango", "2000"), 0))
                .batch(LogBytes.record(
                        new PartitionChangeRecord()
                                .setTopicId(again)
                                .setPartitionId(0)
                                .setLeader(2),
                        0))
                .writeTo(root.resolve("data"));

        try (var metadata = MetadataService.open(settings)) {
            var topic = metadata.image().findTopic("mango").orElseThrow();
            assertThat(topic.id()).isEqualTo(again);
            assertThat(topic.configs()).containsExactly(Map.entry("retention.ms", "2000"));
            assertThat(topic.partitions().getFirst().leader()).isEqualTo(2);
            assertThat(topic.partitions().getFirst().leaderEpoch()).isEqualTo(1);
            assertThat(metadata.image().findTopic(LogBytes.TOPIC_ID)).isEmpty();
        }
    }

    @Test
    void theLogCanBeReadBatchByBatch() throws Exception {
        var log = LogBytes.fixture();
        log.writeTo(root.resolve("data"));

        try (var metadata = MetadataService.open(settings)) {
            var all = metadata.readLog(0, Integer.MAX_VALUE);
            assertThat(all.bytes()).isEqualTo(ByteBuffer.wrap(log.toByteArray()));
            assertThat(all.batches()).extracting(RecordBatch::baseOffset).containsExactly(1L, 2L);
            var second = metadata.readLog(3, 1);
            assertThat(second.position()).isEqualTo(log.positions().get(1).longValue());
            assertThat(second.batches()).extracting(RecordBatch::baseOffset).containsExactly(2L);
            assertThat(metadata.readLog(1, 100).batches())
                    .extracting(RecordBatch::baseOffset)
                    .containsExactly(1L);
            assertThat(metadata.readLog(5, 100).isEmpty()).isTrue();
            assertThat(metadata.logStartOffset()).isZero();
            assertThat(metadata.logEndOffset()).isEqualTo(5);
            assertThat(metadata.segmentCount()).isEqualTo(1);
        }
    }

    @Test
    void aFailedWriteLeavesTheLogAsItWasAndTheNextOneGoesOn() throws Exception {
        var disk = new FaultyDisk();
        try (var metadata = MetadataService.open(settings, disk)) {
            metadata.createTopic("before", 1, Map.of());
            var before = Files.readAllBytes(segment());

            disk.failsToWrite = true;
            assertThatThrownBy(() -> metadata.createTopic("lost", 1, Map.of())).isInstanceOf(IOException.class);
            assertThat(Files.readAllBytes(segment())).isEqualTo(before);
            assertThat(metadata.image().findTopic("lost")).isEmpty();
            disk.failsToWrite = false;

            assertThat(metadata.createTopic("after", 1, Map.of())).isInstanceOf(Created.class);
        }
        try (var metadata = MetadataService.open(settings)) {
            assertThat(metadata.image().topics()).extracting(Topic::name).containsExactly("after", "before");
        }
    }

    @Test
    void afterAFailedSyncNothingIsWrittenAnyMore() throws Exception {
        var disk = new FaultyDisk();
        try (var metadata = MetadataService.open(settings, disk)) {
            metadata.createTopic("before", 1, Map.of());
            disk.failsToSync = true;
            assertThatThrownBy(() -> metadata.createTopic("lost", 1, Map.of())).isInstanceOf(IOException.class);
            disk.failsToSync = false;

            assertThatThrownBy(() -> metadata.createTopic("after", 1, Map.of()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("closed to writes")
                    .hasRootCauseMessage("the disk did not answer");
            assertThat(metadata.image().topics()).hasSize(1);
        }
        try (var metadata = MetadataService.open(settings)) {
            assertThat(metadata.image().topics()).extracting(Topic::name).containsExactly("before");
        }
    }

    @Test
    void anInterruptedThreadStillWritesAndHarmsNobody() throws Exception {
        try (var metadata = MetadataService.open(settings)) {
            metadata.createTopic("a", 1, Map.of());
            Thread.currentThread().interrupt();

            assertThat(metadata.createTopic("b", 1, Map.of())).isInstanceOf(Created.class);

            assertThat(Thread.interrupted()).isTrue();
            assertThat(metadata.createTopic("c", 1, Map.of())).isInstanceOf(Created.class);
        }
    }

    @Test
    void aLogThatVanishedIsNotWrittenAnew() throws Exception {
        LogBytes.fixture().writeTo(root.resolve("data"));
        try (var metadata = MetadataService.open(settings)) {
            Files.delete(segment());

            assertThatThrownBy(() -> metadata.createTopic("a", 1, Map.of())).isInstanceOf(IOException.class);

            assertThat(segment()).doesNotExist();
            assertThat(metadata.image().findTopic("a")).isEmpty();
        }
    }

    @Test
    void closedMetadataCanBeReadButNotChanged() throws Exception {
        var metadata = MetadataService.open(settings);
        metadata.createTopic("a", 1, Map.of());

        metadata.close();
        metadata.close();

        assertThat(metadata.image().findTopic("a")).isPresent();
        assertThatThrownBy(() -> metadata.createTopic("b", 1, Map.of())).isInstanceOf(IOException.class);
    }

    private Path segment() {
        return root.resolve("data").resolve("__cluster_metadata-0").resolve(LogBytes.SEGMENT);
    }

    private static void assertRefused(CreateTopicOutcome outcome, Refusal kind) {
        assertThat(outcome).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.kind()).isEqualTo(kind);
            assertThat(refused.reason()).isNotBlank().doesNotContain("\u0000");
        });
    }

    private static ConfigRecord config(String topic, String retentionMs) {
        return new ConfigRecord()
                .setResourceType((byte) 2)
                .setResourceName(topic)
                .setName("retention.ms")
                .setValue(retentionMs);
    }

    private static PartitionRecord leaderless(int index, List<Integer> replicas, List<Integer> inSync) {
        return new PartitionRecord()
                .setTopicId(LogBytes.TOPIC_ID)
                .setPartitionId(index)
                .setReplicas(replicas)
                .setIsr(inSync)
                .setLeader(-1)
                .setLeaderEpoch(4)
                .setDirectories(Collections.nCopies(replicas.size(), LogBytes.DIRECTORY_ID));
    }

    /// A disk that writes half of what it is given, or cannot say whether it has it.
    private static final class FaultyDisk extends MetadataDisk {
        private boolean failsToWrite;
        private boolean failsToSync;

        @Override
        LogFile open(Path path) throws IOException {
            return new LogFile(path) {
                @Override
                void write(ByteBuffer bytes, long position) throws IOException {
                    if (failsToWrite) {
                        super.write(bytes.slice(0, bytes.remaining() / 2), position);
                        throw new IOException("the disk is full");
                    }
                    super.write(bytes, position);
                }

                @Override
                void sync() throws IOException {
                    if (failsToSync) {
                        throw new IOException("the disk did not answer");
                    }
                    super.sync();
                }
            };
        }
    }
}
