package io.vitrine.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.record.Refusal.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;

/// What is stored where a topic wants another codec than the producer's; Kafka's client library reads it back.
class RecompressionTests {
    private static final int MAX_BATCH_BYTES = 1_048_588;
    private static final long NOW = Batches.TIMESTAMP + 1000;
    static final List<Long> SEEDS = List.of(1L, 2L, 3L, 4L);

    @ParameterizedTest(name = "seed {0}")
    @FieldSource("SEEDS")
    void allButTheCodecStaysWhateverWasSent(long seed) {
        var random = new Random(seed);
        for (var sentCodec : Codec.values()) {
            for (var type : StoredCompression.Type.values()) {
                var sent = sent(sentCodec, random);
                var before = copy(sent);

                var stored = stored(sent, compressing(type, -1, 9, 3), MAX_BATCH_BYTES);

                var expected = type == StoredCompression.Type.PRODUCER ? sentCodec : codec(type);
                assertThat(stored.attributes().codecId()).isEqualTo(expected.id());
                assertThat(stored.attributes().withCodec(Codec.NONE))
                        .isEqualTo(RecordBatch.at(before, 0).attributes().withCodec(Codec.NONE));
                assertThat(stored.computedCrc()).isEqualTo(stored.crc());
                assertThat(contentOf(stored.bytes())).isEqualTo(contentOf(before));
                assertThat(sent).as("what was sent").isEqualTo(before);
                if (expected == sentCodec) {
                    assertThat(stored.bytes()).isEqualTo(before);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"GZIP,1,9", "LZ4,1,17", "ZSTD,-100,19"})
    void aHigherLevelMakesItSmaller(StoredCompression.Type type, int low, int high) {
        var text = new StringBuilder();
        var random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            text.append(Integer.toString(random.nextInt(500), 36)).append(i % 7 == 0 ? '\n' : ' ');
        }

        var quick = stored(Batches.of(text.toString()), compressing(type, low, low, low), MAX_BATCH_BYTES);
        var small = stored(Batches.of(text.toString()), compressing(type, high, high, high), MAX_BATCH_BYTES);

        assertThat(small.sizeInBytes()).isLessThan(quick.sizeInBytes());
        assertThat(contentOf(small.bytes())).isEqualTo(contentOf(quick.bytes()));
    }

    @ParameterizedTest
    @EnumSource(
            value = StoredCompression.Type.class,
            names = {"GZIP", "LZ4", "ZSTD"})
    void anotherLevelAloneIsNoReasonToCompressAnew(StoredCompression.Type type) {
        var sent = Batches.of(codec(type), "a".repeat(1000));

        var stored = stored(sent, compressing(type, 9, 17, 22), MAX_BATCH_BYTES);

        assertThat(stored.bytes()).isEqualTo(sent);
    }

    /// As Apache Kafka 4.4.0 answers: the limit holds for what is sent and for what is stored.
    @ParameterizedTest
    @CsvSource({
        "NONE, 50000, ZSTD, false",
        "GZIP, 50000, ZSTD, true",
        "GZIP, 50000, UNCOMPRESSED, false",
        "GZIP, 5000, UNCOMPRESSED, true",
        "NONE, 5000, ZSTD, true"
    })
    void theLargestSizeHoldsBeforeAndAfter(Codec sent, int length, StoredCompression.Type type, boolean fits) {
        var verdict = check(Batches.of(sent, "0".repeat(length)), compressing(type, -1, 9, 3), 10_000);

        if (fits) {
            assertThat(verdict).isInstanceOf(BatchVerdict.Sound.class);
        } else {
            assertThat(verdict)
                    .isInstanceOfSatisfying(
                            BatchVerdict.Unsound.class,
                            unsound -> assertThat(unsound.refusal().reason()).isEqualTo(Reason.TOO_LARGE));
        }
    }

    /// What fits barely as snappy's framing goes, and grows beyond the limit in another codec.
    @Test
    void whatBecomesTooLargeByAnotherCodecIsRefused() {
        var noise = new byte[50_000];
        new Random(3).nextBytes(noise);
        var sent = Batches.of(Codec.NONE, new SimpleRecord(Batches.TIMESTAMP, noise));

        var verdict = check(sent, compressing(StoredCompression.Type.SNAPPY, -1, 9, 3), sent.limit());

        assertThat(verdict)
                .isInstanceOfSatisfying(
                        BatchVerdict.Unsound.class,
                        unsound -> assertThat(unsound.refusal().message())
                                .contains(
                                        "at most %d bytes (max.message.bytes)".formatted(sent.limit()),
                                        "compressed with snappy"));
    }

    @Test
    void aMarkerOfATransactionStaysAsItIs() {
        var bytes = Batches.of("marker");
        bytes.putShort(RecordBatch.ATTRIBUTES, (short) 0x30);

        assertThat(compressing(StoredCompression.Type.GZIP, -1, 9, 3).differsFrom(RecordBatch.at(bytes, 0)))
                .isFalse();
    }

    private static RecordBatch stored(ByteBuffer sent, StoredCompression compression, int maxBatchBytes) {
        return ((BatchVerdict.Sound) check(sent, compression, maxBatchBytes)).batch();
    }

    private static BatchVerdict check(ByteBuffer sent, StoredCompression compression, int maxBatchBytes) {
        var rules = new BatchRules(
                maxBatchBytes, false, Long.MAX_VALUE, Long.MAX_VALUE, false, 100 * 1024 * 1024, compression);
        return new BatchCheck(rules).check(sent, true, NOW);
    }

    private static StoredCompression compressing(StoredCompression.Type type, int gzip, int lz4, int zstd) {
        return new StoredCompression(type, gzip, lz4, zstd);
    }

    private static Codec codec(StoredCompression.Type type) {
        return type == StoredCompression.Type.UNCOMPRESSED
                ? Codec.NONE
                : Codec.valueOf(type.name().toUpperCase(Locale.ROOT));
    }

    /// Of an idempotent producer, in direct memory, as from the network.
    private static ByteBuffer sent(Codec codec, Random random) {
        var records = new SimpleRecord[1 + random.nextInt(300)];
        for (int i = 0; i < records.length; i++) {
            var headers = new ArrayList<Header>();
            for (int header = random.nextInt(3); header > 0; header--) {
                headers.add(new RecordHeader("h" + header, header == 2 ? null : text(random)));
            }
            records[i] = new SimpleRecord(
                    Batches.TIMESTAMP + random.nextInt(2000) - 1000,
                    random.nextBoolean() ? null : text(random),
                    random.nextInt(4) == 0 ? null : text(random),
                    headers.toArray(Header[]::new));
        }
        var compression = Compression.of(CompressionType.forId(codec.id())).build();
        var bytes = MemoryRecords.withIdempotentRecords(compression, 4711, (short) 2, 99, records)
                .buffer();
        return ByteBuffer.allocateDirect(bytes.remaining()).put(bytes).flip();
    }

    private static byte[] text(Random random) {
        return "text %d "
                .formatted(random.nextInt(50))
                .repeat(random.nextInt(40))
                .getBytes(StandardCharsets.UTF_8);
    }

    private static ByteBuffer copy(ByteBuffer bytes) {
        return ByteBuffer.allocate(bytes.limit()).put(bytes.duplicate()).flip();
    }

    /// Header and records, as Kafka's client library reads them.
    private static List<Object> contentOf(ByteBuffer bytes) {
        var content = new ArrayList<Object>();
        for (var batch : MemoryRecords.readableRecords(bytes).batches()) {
            batch.ensureValid();
            content.addAll(List.of(
                    batch.baseOffset(),
                    batch.lastOffset(),
                    batch.maxTimestamp(),
                    batch.producerId(),
                    batch.producerEpoch(),
                    batch.baseSequence(),
                    batch.timestampType()));
            for (Record record : batch) {
                record.ensureValid();
                content.add(new SimpleRecord(record));
                content.add(List.of(record.offset(), record.sequence()));
            }
        }
        return content;
    }
}
