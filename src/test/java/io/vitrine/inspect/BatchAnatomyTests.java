package io.vitrine.inspect;

import static io.vitrine.inspect.SampleBroker.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.inspect.AnatomyField.Value;
import io.vitrine.record.RecordBatch;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BatchAnatomyTests {
    /// The first batch of the metadata log that the course describes byte for byte.
    private static final String FEATURE_LEVEL = """
            00 00 00 00 00 00 00 00 00 00 00 4f 00 00 00 01 02 b0 69 45 7c 00 00 00 00 00 00
            00 00 01 91 e0 5a f8 18 00 00 01 91 e0 5a f8 18 ff ff ff ff ff ff ff ff ff ff ff ff ff ff 00 00 00 01
            3a 00 00 00 01 2e 01 0c 00 11 6d 65 74 61 64 61 74 61 2e 76 65 72 73 69 6f 6e 00 14 00 00
            """;

    @Test
    void theHeaderIsShownFieldByField() {
        var anatomy = BatchAnatomy.of(featureLevel(), RecordKind.METADATA, AnatomyOptions.DEFAULTS);

        assertThat(anatomy.problem()).isNull();
        assertThat(field(anatomy.header(), "batchLength"))
                .isEqualTo(new AnatomyField(
                        "batchLength",
                        8,
                        4,
                        "00 00 00 4f",
                        false,
                        new Value.Numeric(79),
                        "bytes that follow this field"));
        assertThat(field(anatomy.header(), "crc").meaning()).isEqualTo("valid CRC-32C of everything that follows");
        assertThat(field(anatomy.header(), "baseTimestamp").meaning()).isEqualTo("2024-09-11T09:12:23.832Z");
    }

    @Test
    void aMetadataRecordIsShownDownToItsFrame() {
        var record = BatchAnatomy.of(featureLevel(), RecordKind.METADATA, AnatomyOptions.DEFAULTS)
                .records()
                .getFirst();

        assertThat(field(record.fields(), "length"))
                .isEqualTo(new AnatomyField(
                        "length", 61, 1, "3a", false, new Value.Numeric(29), "bytes of the record that follow"));
        assertThat(field(record.fields(), "keyLength").meaning()).isEqualTo("null");
        assertThat(field(record.fields(), "value.type"))
                .isEqualTo(new AnatomyField(
                        "value.type", 68, 1, "0c", false, new Value.Numeric(12), "FeatureLevelRecord"));
        assertThat(field(record.fields(), "value.data").value())
                .isEqualTo(new Value.Json("{\"name\":\"metadata.version\",\"featureLevel\":20}"));
    }

    @Test
    void fieldsFollowOneAnotherWithoutGaps() {
        var headers = new Header[] {new RecordHeader("trace", new byte[] {1, 2})};
        var batch = batch(
                CompressionType.NONE,
                new SimpleRecord(1, SampleBroker.bytes("k"), new byte[300], headers),
                record("key", "value"));

        var anatomy = BatchAnatomy.of(batch, RecordKind.PLAIN, AnatomyOptions.DEFAULTS);

        long position = 0;
        var all = Stream.concat(
                anatomy.header().stream(), anatomy.records().stream().flatMap(record -> record.fields().stream()));
        for (var field : all.toList()) {
            assertThat(field.position()).as(field.name()).isEqualTo(position);
            position += field.length();
        }
        assertThat(position).isEqualTo(batch.sizeInBytes());
    }

    @ParameterizedTest
    @EnumSource(names = {"GZIP", "SNAPPY", "LZ4", "ZSTD"})
    void positionsInACompressedBatchCountFromItsFirstUnpackedRecord(CompressionType codec) {
        var anatomy = BatchAnatomy.of(batch(codec, record("k", "v")), RecordKind.PLAIN, AnatomyOptions.DEFAULTS);

        assertThat(anatomy.place()).isEqualTo(RecordsPlace.UNCOMPRESSED);
        assertThat(anatomy.records().getFirst().fields().getFirst().position()).isZero();
        assertThat(field(anatomy.header(), "attributes").meaning())
                .isEqualTo("codec %s, CreateTime".formatted(codec.name));
    }

    @ParameterizedTest
    @EnumSource(names = {"GZIP", "SNAPPY", "LZ4", "ZSTD"})
    void whatCompressionHasMadeOfTheRecordsIsShown(CompressionType codec) {
        var records = new SimpleRecord[] {new SimpleRecord(1, null, new byte[1000]), record("k", "v")};
        var batch = batch(codec, records);

        var anatomy =
                BatchAnatomy.of(batch, RecordKind.PLAIN, new AnatomyOptions(0, 1, 16, AnatomyOptions.Bounds.DEFAULTS));

        int plain = batch(CompressionType.NONE, records).sizeInBytes() - RecordBatch.HEADER_SIZE_IN_BYTES;
        int packed = batch.sizeInBytes() - RecordBatch.HEADER_SIZE_IN_BYTES;
        assertThat(anatomy.compression())
                .isEqualTo(new BatchAnatomy.Compression(codec.name, packed, OptionalLong.of(plain)));
        assertThat(anatomy.nextRecord()).isOne();
        assertThat(anatomy.header().getLast())
                .returns("records", AnatomyField::name)
                .returns((long) RecordBatch.RECORDS, AnatomyField::position)
                .returns(packed, AnatomyField::length)
                .returns("%s, unpacks to %d bytes".formatted(codec.name, plain), AnatomyField::meaning);
    }

    @Test
    void unpackingStopsWhereItIsToldTo() {
        var batch = batch(CompressionType.ZSTD, new SimpleRecord(1, null, new byte[100_000]));

        var anatomy = BatchAnatomy.of(
                batch, RecordKind.PLAIN, new AnatomyOptions(0, 1, 16, new AnatomyOptions.Bounds(50_000, 1_000)));

        assertThat(anatomy.problem()).isNotNull();
        assertThat(anatomy.compression())
                .isNotNull()
                .returns(true, it -> it.unpackedBytes().isEmpty());
    }

    @Test
    void aHeaderCountOfMinusOneIsShownAsItIs() {
        var batch = RecordBatch.at(SampleBatches.withoutHeaderCount(0), 0);

        var anatomy = BatchAnatomy.of(batch, RecordKind.PLAIN, AnatomyOptions.DEFAULTS);

        assertThat(anatomy.problem()).isNull();
        assertThat(field(anatomy.records().getFirst().fields(), "headerCount"))
                .isEqualTo(new AnatomyField(
                        "headerCount", 71, 1, "01", false, new Value.Numeric(-1), "no headers, written as -1"));
    }

    @Test
    void damageIsShownWhereItBegins() {
        var anatomy =
                BatchAnatomy.of(RecordBatch.at(SampleBatches.damaged(0), 0), RecordKind.PLAIN, AnatomyOptions.DEFAULTS);

        assertThat(anatomy.problem()).isEqualTo(new Problem(67, "the records end in the middle of one"));
        assertThat(anatomy.records().getFirst().fields())
                .extracting(AnatomyField::name)
                .containsExactly("length", "attributes", "timestampDelta", "offsetDelta", "keyLength", "valueLength");
    }

    @Test
    void everyFlippedByteIsAnAnswerAndNeverAFailure() {
        var original = batch(CompressionType.ZSTD, record("key", "value".repeat(50)), record("k", "v"));
        int size = original.sizeInBytes();
        for (int at = RecordBatch.ATTRIBUTES; at < size; at++) {
            var copy = ByteBuffer.allocate(size).put(original.bytes()).flip();
            copy.put(at, (byte) ~copy.get(at));

            var anatomy = BatchAnatomy.of(RecordBatch.at(copy, 0), RecordKind.PLAIN, AnatomyOptions.DEFAULTS);

            assertThat(field(anatomy.header(), "crc").meaning()).startsWith("damaged");
        }
    }

    @Test
    void longFieldsAreCutAndSayIt() {
        var batch = batch(CompressionType.NONE, new SimpleRecord(1, null, SampleBatches.repeated('x', 100_000)));

        var value = field(
                BatchAnatomy.of(batch, RecordKind.PLAIN, AnatomyOptions.DEFAULTS)
                        .records()
                        .getFirst()
                        .fields(),
                "value");

        assertThat(value.length()).isEqualTo(100_000);
        assertThat(value.hex()).hasSize(256 * 3 - 1);
        assertThat(value.truncated()).isTrue();
    }

    @Test
    void manyRecordsComeInParts() {
        var records = Stream.generate(() -> record("k", "v")).limit(10).toArray(SimpleRecord[]::new);
        var batch = batch(CompressionType.GZIP, records);

        var anatomy =
                BatchAnatomy.of(batch, RecordKind.PLAIN, new AnatomyOptions(3, 4, 256, AnatomyOptions.Bounds.DEFAULTS));

        assertThat(anatomy.records()).extracting(RecordAnatomy::index).containsExactly(3, 4, 5, 6);
        assertThat(anatomy.nextRecord()).isEqualTo(7);
    }

    @Test
    void whatIsShownIsBoundedHoweverMuchIsAskedFor() {
        var records = Stream.generate(() -> new SimpleRecord(1, null, new byte[10_000]))
                .limit(1_000)
                .toArray(SimpleRecord[]::new);
        var batch = batch(CompressionType.ZSTD, records);

        var anatomy = BatchAnatomy.of(
                batch, RecordKind.PLAIN, new AnatomyOptions(0, 100_000, 100_000, AnatomyOptions.Bounds.DEFAULTS));

        assertThat(anatomy.records()).hasSizeBetween(300, 500);
        assertThat(anatomy.nextRecord()).isEqualTo(anatomy.records().size());
    }

    @Test
    void theKeyOfAControlRecordIsNamed() {
        var marker = new EndTransactionMarker(ControlRecordType.ABORT, 7);
        var bytes =
                MemoryRecords.withEndTransactionMarker(42, (short) 3, marker).buffer();

        var record = BatchAnatomy.of(RecordBatch.at(bytes, 0), RecordKind.PLAIN, AnatomyOptions.DEFAULTS)
                .records()
                .getFirst();

        assertThat(field(record.fields(), "key.type").meaning()).isEqualTo("ABORT");
        assertThat(field(record.fields(), "value.data").value()).isEqualTo(new Value.Json("{\"coordinatorEpoch\":7}"));
    }

    @Test
    void aTerminalGetsAnAnnotatedDump() {
        var located = new LocatedBatch(featureLevel(), 0, 0);

        var dump =
                AnatomyText.of(located, BatchAnatomy.of(featureLevel(), RecordKind.METADATA, AnatomyOptions.DEFAULTS));

        assertThat(dump.lines())
                .contains(
                        "batch 0..0, 91 bytes, at byte 0 of segment 0",
                        "     8  00 00 00 4f                                      |...O|              "
                                + "# batchLength: 79, bytes that follow this field",
                        "    68  0c                                               |.|                 "
                                + "# value.type: 12, FeatureLevelRecord",
                        "    90  00                                               |.|                 "
                                + "# headerCount: 0");
    }

    @Test
    void noRecordMovesATerminalsCursor() {
        var batch = batch(CompressionType.NONE, record("k", "{\"a\":\"\u009b2J\"}"), record("k", "\u001b[2J\n"));

        var dump = AnatomyText.of(
                new LocatedBatch(batch, 0, 0), BatchAnatomy.of(batch, RecordKind.PLAIN, AnatomyOptions.DEFAULTS));

        assertThat(dump.replace("\n", "").chars()).noneMatch(Character::isISOControl);
    }

    private static RecordBatch featureLevel() {
        return RecordBatch.at(
                ByteBuffer.wrap(SampleBatches.hex(FEATURE_LEVEL.strip().replace('\n', ' '))), 0);
    }

    private static RecordBatch batch(CompressionType codec, SimpleRecord... records) {
        return RecordBatch.at(
                MemoryRecords.withRecords(Compression.of(codec).build(), records)
                        .buffer(),
                0);
    }

    private static AnatomyField field(List<AnatomyField> fields, String name) {
        return fields.stream()
                .filter(field -> field.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
