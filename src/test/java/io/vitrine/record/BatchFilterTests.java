package io.vitrine.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.record.BatchFilter.Retention;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BatchFilterTests {
    private static final Retention GOES_EMPTY = new Retention(false, false);
    private static final Retention STAYS_EMPTY = new Retention(true, false);
    private static final long MAX_UNCOMPRESSED_BYTES = 1_000_000;

    private final BatchFilter filter = new BatchFilter(5000, 100, MAX_UNCOMPRESSED_BYTES);

    @ParameterizedTest
    @EnumSource(Codec.class)
    void keepsWhatIsWanted(Codec codec) {
        var batch = batch(codec, 10);

        var filtered = filter.filter(batch, GOES_EMPTY, record -> record.offset() % 3 == 0);

        var kept = MemoryRecords.readableRecords(filtered.bytes())
                .batches()
                .iterator()
                .next();
        kept.ensureValid();
        assertThat(kept).extracting(record -> record.offset()).containsExactly(102L, 105L, 108L);
        assertThat(kept.baseOffset()).isEqualTo(100);
        assertThat(kept.lastOffset()).isEqualTo(109);
        assertThat(kept.compressionType().id).isEqualTo((byte) codec.id());
        assertThat(filtered.recordsRead()).isEqualTo(10);
        assertThat(filtered.recordsKept()).isEqualTo(3);
    }

    @Test
    void aBatchThatKeepsAllIsNotTouched() {
        var batch = batch(Codec.ZSTD, 10);

        assertThat(filter.filter(batch, GOES_EMPTY, _ -> true).bytes()).isEqualTo(batch.bytes());
    }

    @Test
    void anEmptyBatchGoesOrStays() {
        assertThat(filter.filter(batch(Codec.NONE, 2), GOES_EMPTY, _ -> false)
                        .bytes()
                        .hasRemaining())
                .isFalse();

        var stays = filter.filter(batch(Codec.NONE, 2), STAYS_EMPTY, _ -> false).bytes();

        assertThat(stays.remaining()).isEqualTo(RecordBatch.HEADER_SIZE_IN_BYTES);
        assertThat(RecordBatch.at(stays, 0).lastOffset()).isEqualTo(101);
        var again = filter.filter(RecordBatch.at(copy(stays), 0), STAYS_EMPTY, _ -> false);
        assertThat(again.bytes()).isEqualTo(stays);
    }

    @Test
    void aTombstoneThatStaysStartsTheHorizonOnce() {
        var bytes = Batches.of(Codec.NONE, new SimpleRecord(Batches.TIMESTAMP, key(1), null));

        var marked = copy(
                filter.filter(RecordBatch.at(bytes, 0), GOES_EMPTY, _ -> true).bytes());

        var batch = RecordBatch.at(marked, 0);
        assertThat(batch.attributes().hasDeleteHorizon()).isTrue();
        assertThat(batch.baseTimestamp()).isEqualTo(5100);
        assertThat(batch.maxTimestamp()).isEqualTo(Batches.TIMESTAMP);
        var later = new BatchFilter(9000, 100, MAX_UNCOMPRESSED_BYTES);
        assertThat(later.filter(batch, GOES_EMPTY, _ -> true).bytes()).isEqualTo(marked);
    }

    @ParameterizedTest
    @EnumSource(Codec.class)
    void whatIsDamagedStaysAsItIs(Codec codec) {
        var random = new Random(codec.id());
        for (int i = 0; i < 200; i++) {
            var bytes = batch(codec, 10).bytes();
            int at = RecordBatch.ATTRIBUTES + random.nextInt(bytes.limit() - RecordBatch.ATTRIBUTES);
            bytes.put(at, (byte) (bytes.get(at) ^ (1 << random.nextInt(8))));
            var before = copy(bytes);

            var badChecksum = filter.filter(RecordBatch.at(bytes, 0), GOES_EMPTY, _ -> false);

            assertThat(badChecksum.damage()).isNotNull();
            assertThat(badChecksum.bytes()).isEqualTo(before);
            // With a good checksum it is either read or left; nothing is thrown.
            var filtered = filter.filter(RecordBatch.at(Batches.withCrc(bytes), 0), GOES_EMPTY, _ -> true);
            assertThat(filtered.damage() == null || filtered.bytes().equals(bytes))
                    .isTrue();
        }
    }

    @Test
    void aBatchThatUnpacksToTooMuchStaysAsItIs() {
        var value = new byte[2_000_000];
        var bytes = Batches.of(Codec.ZSTD, new SimpleRecord(Batches.TIMESTAMP, key(1), value));

        var filtered = filter.filter(RecordBatch.at(bytes, 0), GOES_EMPTY, _ -> false);

        assertThat(filtered.damage()).contains("more than the 1000000 bytes allowed");
        assertThat(filtered.bytes()).isEqualTo(bytes);
    }

    private static RecordBatch batch(Codec codec, int records) {
        var value = new byte[50];
        Arrays.fill(value, (byte) 'v');
        var batch = RecordBatch.at(
                Batches.of(
                        codec,
                        IntStream.range(0, records)
                                .mapToObj(i -> new SimpleRecord(Batches.TIMESTAMP + i, key(i), value))
                                .toArray(SimpleRecord[]::new)),
                0);
        batch.assign(100, 3);
        return batch;
    }

    private static byte[] key(int number) {
        return ("key" + number).getBytes(StandardCharsets.UTF_8);
    }

    private static ByteBuffer copy(ByteBuffer bytes) {
        return ByteBuffer.allocate(bytes.remaining()).put(bytes.duplicate()).flip();
    }
}
