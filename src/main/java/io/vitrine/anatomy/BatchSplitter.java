package io.vitrine.anatomy;

import io.vitrine.anatomy.MessageAnatomy.EmbeddedBatch;
import io.vitrine.inspect.AnatomyField;
import io.vitrine.inspect.AnatomyOptions;
import io.vitrine.inspect.BatchAnatomy;
import io.vitrine.inspect.Problem;
import io.vitrine.inspect.RecordKind;
import io.vitrine.record.RecordBatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Cuts bytes into the batches they consist of, and takes these apart. All batches of one question share what may be
/// shown and what may be unpacked, so that a thousand small ones cost no more than a large one.
final class BatchSplitter {
    private static final int MAX_BATCHES = 1_000;
    private static final long UNPACKED_BYTES = 64L * 1024 * 1024;
    private static final long UNPACKED_BYTES_OF_ONE = 16L * 1024 * 1024;
    private static final long SHOWN_BYTES = 4L * 1024 * 1024;
    private static final int FIELD_COST_IN_BYTES = 64;
    private static final int HEX_CHARS_PER_BYTE = 3;

    private final RecordKind kind;
    private final int maxValueBytes;
    private final List<EmbeddedBatch> batches = new ArrayList<>();
    private int recordsLeft;
    private long unpackedLeft = UNPACKED_BYTES;
    private long shownLeft = SHOWN_BYTES;

    /// @param recordLimit how many records are shown, of all batches
    BatchSplitter(RecordKind kind, int recordLimit, int maxValueBytes) {
        this.kind = kind;
        this.recordsLeft = recordLimit;
        this.maxValueBytes = maxValueBytes;
    }

    List<EmbeddedBatch> batches() {
        return batches;
    }

    /// Takes apart what should be batches, up to where it is none.
    ///
    /// @param field that has these bytes; null if they are all there is
    /// @param start position of the first one
    /// @return where and why they are none, counted as `start` is; null if they are batches to the end
    @Nullable
    Problem split(@Nullable String field, int start, ByteBuffer bytes) {
        int at = 0;
        while (at < bytes.remaining()) {
            var problem = batches.size() < MAX_BATCHES
                    ? problemAt(bytes, at)
                    : new Problem(at, "no more than %d batches are explained at once".formatted(MAX_BATCHES));
            if (problem != null) {
                var placed = new Problem(start + problem.position(), problem.reason());
                batches.add(new EmbeddedBatch(field, start + at, bytes.remaining() - at, null, placed));
                return placed;
            }
            var batch = RecordBatch.at(bytes, at);
            batches.add(new EmbeddedBatch(field, start + at, batch.sizeInBytes(), takeApart(batch), null));
            at += batch.sizeInBytes();
        }
        return null;
    }

    /// Whether a whole batch begins there, as far as its length and its format can tell.
    static boolean beginsAt(ByteBuffer bytes, int at) {
        return problemAt(bytes, at) == null;
    }

    private static @Nullable Problem problemAt(ByteBuffer bytes, int at) {
        int left = bytes.remaining() - at;
        if (left < RecordBatch.HEADER_SIZE_IN_BYTES) {
            return cutOff(
                    bytes,
                    "a batch has %d bytes at least, %d are there".formatted(RecordBatch.HEADER_SIZE_IN_BYTES, left));
        }
        var batch = RecordBatch.at(bytes, at);
        if (batch.magic() != RecordBatch.CURRENT_MAGIC) {
            return new Problem(
                    at + RecordBatch.MAGIC, "format version %d; only 2 is explained".formatted(batch.magic()));
        }
        if (batch.batchLength() < RecordBatch.HEADER_SIZE_IN_BYTES - RecordBatch.LENGTH_OVERHEAD) {
            return new Problem(at + RecordBatch.BATCH_LENGTH, "a batch length of %d".formatted(batch.batchLength()));
        }
        return batch.batchLength() > left - RecordBatch.LENGTH_OVERHEAD
                ? cutOff(
                        bytes,
                        "the batch has %d bytes, %d are there"
                                .formatted((long) batch.batchLength() + RecordBatch.LENGTH_OVERHEAD, left))
                : null;
    }

    /// Where the bytes end is where they can't be understood. It is no fault in a Fetch, which may cut the last batch.
    private static Problem cutOff(ByteBuffer bytes, String reason) {
        return new Problem(bytes.remaining(), reason);
    }

    private BatchAnatomy takeApart(RecordBatch batch) {
        long mayUnpack = Math.min(unpackedLeft, UNPACKED_BYTES_OF_ONE);
        var bounds = new AnatomyOptions.Bounds(mayUnpack, Math.max(shownLeft, 0));
        var anatomy = BatchAnatomy.of(batch, kind, new AnatomyOptions(0, recordsLeft, maxValueBytes, bounds));
        recordsLeft -= anatomy.records().size();
        var compression = anatomy.compression();
        unpackedLeft -= compression == null ? 0 : compression.unpackedBytes().orElse(mayUnpack);
        shownLeft -= shown(anatomy);
        return anatomy;
    }

    private static long shown(BatchAnatomy anatomy) {
        return Stream.concat(
                        anatomy.header().stream(),
                        anatomy.records().stream().flatMap(record -> record.fields().stream()))
                .mapToLong(BatchSplitter::shown)
                .sum();
    }

    private static long shown(AnatomyField field) {
        return (long) field.hex().length() / HEX_CHARS_PER_BYTE + FIELD_COST_IN_BYTES;
    }
}
