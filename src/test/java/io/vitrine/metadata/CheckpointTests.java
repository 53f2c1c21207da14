package io.vitrine.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.kafka.common.metadata.BeginTransactionRecord;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.server.common.KRaftVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTests {
    private static final long NEVER = 0;
    private static final long ONE_SEGMENT = Long.MAX_VALUE;

    @TempDir
    Path logDir;

    @Test
    void aCheckpointAndTheLogBehindItGiveWhatTheLogGave() throws Exception {
        MetadataImage before;
        try (var metadata = open(keepAll())) {
            metadata.createTopic("kept", 3, Map.of("retention.ms", "777000"));
            metadata.allocateProducerIds();
            assertThat(metadata.upkeep().writeCheckpoint()).isPresent();
            metadata.createTopic("behind", 1, Map.of());
            before = kafkaImage(metadata);
        }

        try (var metadata = open(keepAll())) {
            assertSame(kafkaImage(metadata), before);
            assertThat(metadata.segmentCount()).isEqualTo(2);
            assertThat(metadata.image().findTopic("kept").orElseThrow().configs())
                    .containsExactly(Map.entry("retention.ms", "777000"));
        }
    }

    @Test
    void whatLiesBeforeTheCheckpointIsNotRead() throws Exception {
        try (var metadata = open(keepAll())) {
            metadata.createTopic("kept", 1, Map.of());
            metadata.upkeep().writeCheckpoint();
            metadata.createTopic("behind", 1, Map.of());
        }
        Files.writeString(log().resolve(LogBytes.SEGMENT), "not a batch");

        try (var metadata = open(keepAll())) {
            assertThat(topics(metadata)).containsExactly("behind", "kept");
        }
    }

    @Test
    void theVotersAreCarriedOnFromCheckpointToCheckpoint() throws Exception {
        try (var metadata = open(keepAll())) {
            metadata.createTopic("first", 1, Map.of());
            metadata.upkeep().writeCheckpoint();
        }
        try (var metadata = open(keepAll())) {
            metadata.createTopic("second", 1, Map.of());
            metadata.upkeep().writeCheckpoint();
        }

        var newest = Checkpoint.findAll(files()).getLast().control();
        assertThat(newest.version()).isEqualTo(KRaftVersion.KRAFT_VERSION_1);
        assertThat(newest.voters().orElseThrow().voterIds()).containsExactly(1);
        assertThat(newest.checkpointTimestampMs()).isPositive();
    }

    @Test
    void aCheckpointIsWrittenWhenEnoughHasBeenAndNotBefore() throws Exception {
        try (var metadata = open(new MetadataLogSettings(1_000, NEVER, ONE_SEGMENT, ONE_SEGMENT, -1, -1))) {
            metadata.createTopic("small", 1, Map.of());
            metadata.upkeep().runOnce();
            assertThat(metadata.history().checkpointStatus().written()).isZero();

            metadata.createTopic("large", 20, Map.of());
            metadata.upkeep().runOnce();
            assertThat(metadata.history().checkpointStatus().endOffset()).isEqualTo(metadata.logEndOffset());

            metadata.upkeep().runOnce();
            assertThat(metadata.history().checkpointStatus().written()).isEqualTo(1);
        }
    }

    @Test
    void aCheckpointIsWrittenAfterSomeTimeIfThereIsAnythingNew() throws Exception {
        try (var metadata = open(new MetadataLogSettings(Long.MAX_VALUE, 1, ONE_SEGMENT, ONE_SEGMENT, -1, -1))) {
            metadata.startUpkeep();
            await().atMost(10, TimeUnit.SECONDS)
                    .until(() -> metadata.history().checkpointStatus().endOffset() == metadata.logEndOffset());
            long written = metadata.history().checkpointStatus().written();

            metadata.createTopic("new", 1, Map.of());

            await().atMost(10, TimeUnit.SECONDS)
                    .until(() -> metadata.history().checkpointStatus().written() == written + 1);
        }
    }

    @Test
    void theLogDoesNotGrowForEver() throws Exception {
        var tight = new MetadataLogSettings(1_000, NEVER, ONE_SEGMENT, ONE_SEGMENT, 10_000, -1);
        long largest = 0;
        try (var metadata = open(tight)) {
            for (int i = 0; i < 300; i++) {
                metadata.allocateProducerIds();
                metadata.upkeep().runOnce();
                largest = Math.max(largest, size());
            }
            assertThat(metadata.logStartOffset()).isGreaterThan(200);
        }

        assertThat(largest).isLessThan(15_000);
        try (var metadata = open(tight)) {
            assertThat(metadata.allocateProducerIds().firstId()).isEqualTo(300_000);
        }
    }

    @Test
    void oldCheckpointsGoByAgeButTheNewestStays() throws Exception {
        try (var metadata = open(new MetadataLogSettings(Long.MAX_VALUE, NEVER, ONE_SEGMENT, ONE_SEGMENT, -1, 0))) {
            metadata.createTopic("first", 1, Map.of());
            metadata.upkeep().writeCheckpoint();
            metadata.createTopic("second", 1, Map.of());
            var newest = metadata.upkeep().writeCheckpoint().orElseThrow();
            metadata.createTopic("third", 1, Map.of());
            await().until(() -> System.currentTimeMillis() > newest.control().checkpointTimestampMs());

            metadata.upkeep().runOnce();

            assertThat(Checkpoint.findAll(files())).containsExactly(newest);
            assertThat(metadata.logStartOffset()).isEqualTo(newest.endOffset());
        }
        try (var metadata = open(keepAll())) {
            assertThat(topics(metadata)).containsExactly("first", "second", "third");
        }
    }

    @Test
    void aSegmentEndsWhenItIsFull() throws Exception {
        try (var metadata = open(new MetadataLogSettings(Long.MAX_VALUE, NEVER, 2_000, ONE_SEGMENT, -1, -1))) {
            for (int i = 0; i < 10; i++) {
                metadata.createTopic("topic-" + i, 5, Map.of());
            }
            assertThat(metadata.segmentCount()).isGreaterThan(2);
        }

        assertThat(files().stream().filter(file -> file.toString().endsWith(".log")))
                .allSatisfy(file -> assertThat(Files.size(file)).isLessThanOrEqualTo(2_000L));
        try (var metadata = open(keepAll())) {
            assertThat(metadata.image().topics()).hasSize(10);
        }
    }

    @Test
    void aDamagedCheckpointIsPassedOverWhereTheLogHasItAllAndReplaced() throws Exception {
        try (var metadata = open(keepAll())) {
            metadata.createTopic("kept", 1, Map.of());
            metadata.upkeep().writeCheckpoint();
        }
        var newest = Checkpoint.findAll(files()).getLast().file();
        flipLastByte(newest);

        try (var metadata = open(keepAll())) {
            assertThat(topics(metadata)).containsExactly("kept");
            metadata.upkeep().runOnce();
        }

        var control = new ControlRecords();
        Checkpoint.findAll(files()).getLast().replay(new MetadataReplay(MetadataImage.EMPTY), control);
        assertThat(control.voters()).isPresent();
    }

    @Test
    void aDamagedCheckpointThatNothingCanReplaceIsRefusedWithItsPlace() throws Exception {
        var tight = new MetadataLogSettings(1, NEVER, ONE_SEGMENT, ONE_SEGMENT, 0, -1);
        try (var metadata = open(tight)) {
            metadata.createTopic("kept", 1, Map.of());
            metadata.upkeep().runOnce();
            metadata.createTopic("behind", 1, Map.of());
            metadata.upkeep().runOnce();
        }
        var newest = Checkpoint.findAll(files()).getLast().file();
        flipLastByte(newest);

        assertThatThrownBy(() -> open(tight))
                .isInstanceOf(MetadataException.class)
                .hasMessageStartingWith(newest + ", byte ")
                .hasMessageContaining("the checksum is");
    }

    @Test
    void aTransactionIsNotTornApartByACheckpoint() throws Exception {
        LogBytes.fixture()
                .batch(LogBytes.record(new BeginTransactionRecord(), 0), LogBytes.topic("held", LogBytes.DIRECTORY_ID))
                .writeTo(logDir);

        try (var metadata = open(keepAll())) {
            assertThat(metadata.upkeep().writeCheckpoint()).isEmpty();
            metadata.createTopic("after", 1, Map.of());
            assertThat(metadata.upkeep().writeCheckpoint()).isPresent();
        }

        try (var metadata = open(keepAll())) {
            assertThat(topics(metadata)).containsExactly("after", "mango");
        }
    }

    @Test
    void whatACrashLeftOfACheckpointIsIgnoredAndDeleted() throws Exception {
        var part = log().resolve("00000000000000000099-0000000001.checkpoint.part");
        try (var metadata = open(keepAll())) {
            metadata.createTopic("kept", 1, Map.of());
        }
        Files.writeString(part, "half of");

        try (var metadata = open(keepAll())) {
            assertThat(topics(metadata)).containsExactly("kept");
            metadata.upkeep().runOnce();
        }

        assertThat(part).doesNotExist();
    }

    private MetadataService open(MetadataLogSettings log) throws IOException, MetadataException {
        return MetadataService.open(new MetadataSettings(1, List.of(logDir), logDir, log));
    }

    private static MetadataLogSettings keepAll() {
        return new MetadataLogSettings(Long.MAX_VALUE, NEVER, ONE_SEGMENT, ONE_SEGMENT, -1, -1);
    }

    private static List<String> topics(MetadataService metadata) {
        return metadata.image().topics().stream().map(Topic::name).toList();
    }

    private static MetadataImage kafkaImage(MetadataService metadata) {
        var found = new AtomicReference<MetadataImage>();
        metadata.addKafkaListener((_, image) -> found.set(image));
        return Objects.requireNonNull(found.get());
    }

    private static void assertSame(MetadataImage actual, MetadataImage expected) {
        assertThat(actual.topics()).isEqualTo(expected.topics());
        assertThat(actual.configs()).isEqualTo(expected.configs());
        assertThat(actual.features()).isEqualTo(expected.features());
        assertThat(actual.producerIds()).isEqualTo(expected.producerIds());
        assertThat(actual.offset()).isEqualTo(expected.offset());
    }

    private static void flipLastByte(Path file) throws IOException {
        var bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
    }

    private long size() throws IOException {
        long size = 0;
        for (var file : files()) {
            size += Files.size(file);
        }
        return size;
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(log())) {
            return new ArrayList<>(files.sorted().toList());
        }
    }

    private Path log() {
        return logDir.resolve(MetadataLog.DIRECTORY_NAME);
    }
}
