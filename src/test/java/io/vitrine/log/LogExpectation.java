package io.vitrine.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.record.Batches;
import io.vitrine.record.Codec;
import io.vitrine.record.RecordBatch;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.apache.kafka.common.record.internal.SimpleRecord;

/// What a log holds, record by record, kept in plain lists.
final class LogExpectation {
    private static final int MAX_RECORDS = 3;

    private final List<Entry> entries = new ArrayList<>();

    /// A batch as it was appended, and the time of each of its records.
    record Entry(RecordBatch batch, List<Long> timestamps) {
        boolean holds(long offset) {
            return offset >= batch.baseOffset() && offset <= batch.lastOffset();
        }
    }

    /// A batch of some records around a time, of an idempotent producer if `producerId` is no less than 0.
    static Entry batch(Random random, Codec codec, long time, long producerId, int sequence) {
        var timestamps = LongStream.generate(() -> time + random.nextInt(-20, 20))
                .limit(1 + random.nextInt(MAX_RECORDS))
                .boxed()
                .toList();
        var records = timestamps.stream()
                .map(timestamp -> new SimpleRecord(timestamp, value(random)))
                .toArray(SimpleRecord[]::new);
        var bytes = Batches.of(codec, records);
        if (producerId >= 0) {
            bytes.putLong(RecordBatch.PRODUCER_ID, producerId);
            bytes.putShort(RecordBatch.PRODUCER_EPOCH, (short) 0);
            bytes.putInt(RecordBatch.BASE_SEQUENCE, sequence);
            Batches.withCrc(bytes);
        }
        return new Entry(RecordBatch.at(bytes, 0), timestamps);
    }

    void add(Entry entry) {
        entries.add(entry);
    }

    List<Entry> entries() {
        return entries;
    }

    long endOffset() {
        return entries.isEmpty() ? 0 : entries.getLast().batch().nextOffset();
    }

    Entry at(long offset) {
        return entries.stream().filter(entry -> entry.holds(offset)).findFirst().orElseThrow();
    }

    /// The first record of that time or later, at `fromOffset` or behind it, in a batch that counts.
    Optional<TimestampSearch.Found> firstFrom(long timestamp, long fromOffset, Predicate<RecordBatch> counts) {
        for (var entry : entries) {
            var batch = entry.batch();
            for (int i = 0; i < entry.timestamps().size() && counts.test(batch); i++) {
                long offset = batch.baseOffset() + i;
                if (entry.timestamps().get(i) >= timestamp && offset >= fromOffset) {
                    return Optional.of(
                            new TimestampSearch.Found(offset, entry.timestamps().get(i), batch.partitionLeaderEpoch()));
                }
            }
        }
        return Optional.empty();
    }

    /// The first record that has the greatest time.
    Optional<TimestampSearch.Found> greatest(long fromOffset, Predicate<RecordBatch> counts) {
        long greatest = -1;
        for (var entry : entries) {
            for (int i = 0; i < entry.timestamps().size() && counts.test(entry.batch()); i++) {
                if (entry.batch().baseOffset() + i >= fromOffset) {
                    greatest = Math.max(greatest, entry.timestamps().get(i));
                }
            }
        }
        return firstFrom(greatest, fromOffset, counts);
    }

    /// Every time that makes a difference to a search.
    long[] times() {
        return entries.stream()
                .flatMapToLong(entry -> entry.timestamps().stream().mapToLong(Long::longValue))
                .flatMap(time -> LongStream.of(time, time + 1))
                .distinct()
                .toArray();
    }

    static void requireSame(RecordBatch found, RecordBatch expected) {
        assertThat(found.bytes())
                .as("the batch with offsets %d..%d", expected.baseOffset(), expected.lastOffset())
                .isEqualTo(expected.bytes());
    }

    private static byte[] value(Random random) {
        var letter = Character.toString('a' + random.nextInt(26));
        return letter.repeat(random.nextInt(60)).getBytes(StandardCharsets.UTF_8);
    }

    /// A copy that a test may change.
    static RecordBatch copy(RecordBatch batch) {
        var bytes = ByteBuffer.allocate(batch.sizeInBytes());
        return RecordBatch.at(bytes.put(batch.bytes()).flip(), 0);
    }
}
