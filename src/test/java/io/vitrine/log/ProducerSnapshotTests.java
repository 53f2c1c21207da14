package io.vitrine.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.vitrine.record.Batches;
import io.vitrine.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32C;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.storage.internals.log.ProducerStateEntry;
import org.apache.kafka.storage.internals.log.ProducerStateManager;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class ProducerSnapshotTests {
    static final List<Long> SEEDS = List.of(1L, 2L, 3L);
    private static final short TRANSACTIONAL = 0x10;
    private static final List<ProducerSnapshotEntry> TWO = List.of(
            new ProducerSnapshotEntry(4, (short) 1, 9, 104, 4, 1_000, -1, -1),
            new ProducerSnapshotEntry(5, (short) 2, -1, -1, 0, 2_000, 7, 90));

    private final Map<Long, Integer> sequences = new HashMap<>();

    @TempDir
    Path directory;

    @ParameterizedTest(name = "seed {0}")
    @FieldSource("SEEDS")
    void kafkaReadsWhatWeWriteAndWritesTheSame(long seed) throws IOException {
        var entries = randomEntries(new Random(seed));
        var file = directory.resolve("00000000000000000100.snapshot");
        Files.write(file, ProducerSnapshot.encode(entries).array());

        var read = ProducerStateManager.readSnapshot(file.toFile());

        assertThat(read.stream().map(ProducerSnapshotTests::toOurs)).isEqualTo(entries);
        var ofKafka = directory.resolve("00000000000000000200.snapshot");
        var states = new LinkedHashMap<Long, ProducerStateEntry>();
        read.forEach(entry -> states.put(entry.producerId(), entry));
        ProducerStateManager.writeSnapshot(ofKafka.toFile(), states, false);
        assertThat(Files.readAllBytes(ofKafka)).isEqualTo(Files.readAllBytes(file));
        assertThat(ProducerSnapshot.decode(ByteBuffer.wrap(Files.readAllBytes(ofKafka))))
                .isEqualTo(entries);
    }

    @ParameterizedTest(name = "seed {0}")
    @FieldSource("SEEDS")
    void theProducersOfALogAreThoseThatKafkaFinds(long seed) throws Exception {
        var random = new Random(seed);
        var producers = new ProducerStates();
        var partition = directory.resolve("topic-0");
        long end = 0;
        try (var log = new KafkaLog(partition, Map.of())) {
            for (int i = 0; i < 100; i++) {
                var batch = RecordBatch.at(nextBatch(random, i), 0);
                batch.assign(end, 1);
                end = batch.nextOffset();
                producers.add(batch, _ -> {});
                log.append(batch.bytes(), 1);
            }
        }

        var file = partition.resolve("%020d.snapshot".formatted(end));
        var found = ProducerSnapshot.decode(ByteBuffer.wrap(Files.readAllBytes(file)));

        assertThat(producers.snapshot()).hasSize(4).containsExactlyInAnyOrderElementsOf(found);
    }

    @Test
    void everyCutAndEveryFlippedBitIsFound() {
        Damage.each(
                ProducerSnapshot.encode(TWO),
                file -> assertThatIOException()
                        .isThrownBy(() -> ProducerSnapshot.decode(file))
                        .withMessageContaining("producer snapshot"));
    }

    @Test
    void saysWhatIsWrong() {
        assertThatDecoding(ByteBuffer.allocate(3))
                .isEqualTo("A producer snapshot has at least 10 bytes, this one has 3");
        assertThatDecoding(ProducerSnapshot.encode(TWO).putShort(0, (short) 2))
                .isEqualTo("The producer snapshot is of version 2, known is 1");
        assertThatDecoding(ProducerSnapshot.encode(List.of()).putInt(2, 1))
                .startsWith("The producer snapshot is damaged: CRC-32C 0x00000001 stored, 0x");
        assertThatDecoding(withCrc(ProducerSnapshot.encode(TWO).putInt(6, Integer.MAX_VALUE)))
                .isEqualTo("The producer snapshot names 2147483647 producers of 46 bytes where 92 bytes follow");
        assertThatDecoding(withCrc(ProducerSnapshot.encode(TWO).putLong(10, -3)))
                .isEqualTo("Entry 0 of the producer snapshot can't be: producer id -3, offset delta 4");
    }

    private static AbstractStringAssert<?> assertThatDecoding(ByteBuffer file) {
        try {
            ProducerSnapshot.decode(file);
            return assertThat("nothing");
        } catch (IOException e) {
            return assertThat(e.getMessage());
        }
    }

    private static ByteBuffer withCrc(ByteBuffer file) {
        var crc = new CRC32C();
        crc.update(file.slice(6, file.limit() - 6));
        return file.putInt(2, (int) crc.getValue());
    }

    private static List<ProducerSnapshotEntry> randomEntries(Random random) {
        var entries = new ArrayList<ProducerSnapshotEntry>();
        int count = random.nextInt(20);
        for (long id = 1; id <= count; id++) {
            boolean hasBatch = random.nextBoolean();
            int delta = hasBatch ? random.nextInt(100) : 0;
            entries.add(new ProducerSnapshotEntry(
                    id,
                    (short) random.nextInt(Short.MAX_VALUE),
                    hasBatch ? random.nextInt(Integer.MAX_VALUE) : -1,
                    hasBatch ? delta + random.nextLong(1L << 40) : -1,
                    delta,
                    random.nextLong(1L << 40),
                    random.nextInt(5) - 1,
                    random.nextInt(5) - 1));
        }
        return entries;
    }

    private static ProducerSnapshotEntry toOurs(ProducerStateEntry entry) {
        var last = entry.batchMetadata().stream().findFirst();
        return new ProducerSnapshotEntry(
                entry.producerId(),
                entry.producerEpoch(),
                last.map(batch -> batch.lastSeq()).orElse(-1),
                last.map(batch -> batch.lastOffset()).orElse(-1L),
                last.map(batch -> batch.offsetDelta()).orElse(0),
                entry.lastTimestamp(),
                entry.coordinatorEpoch(),
                entry.currentTxnFirstOffset().orElse(-1));
    }

    /// Producers 1 and 2 are idempotent, 3 and 4 have transactions; their epochs rise now and then.
    private ByteBuffer nextBatch(Random random, int i) {
        long producerId = 1 + random.nextLong(4);
        int epoch = i / 40;
        boolean transactional = producerId > 2;
        if (transactional && random.nextInt(4) == 0) {
            return marker(producerId, epoch, Batches.TIMESTAMP + i);
        }
        var values = new String[1 + random.nextInt(3)];
        Arrays.fill(values, "value");
        int sequence = sequences.merge(producerId * 100 + epoch, values.length, Integer::sum) - values.length;
        var batch = Batches.idempotent(producerId, epoch, sequence, values);
        if (transactional) {
            batch.putShort(RecordBatch.ATTRIBUTES, TRANSACTIONAL);
        }
        return Batches.withCrc(batch.putLong(RecordBatch.MAX_TIMESTAMP, Batches.TIMESTAMP + i));
    }

    private static ByteBuffer marker(long producerId, int epoch, long timestamp) {
        // The coordinator's epoch is not in the header of a batch, so it is the one that stands for unknown.
        var marker = new EndTransactionMarker(ControlRecordType.COMMIT, -1);
        return MemoryRecords.withEndTransactionMarker(0, timestamp, 1, producerId, (short) epoch, marker)
                .buffer();
    }
}
