package io.vitrine.inspect;

import static io.vitrine.inspect.SampleBroker.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.vitrine.inspect.Payload.KafkaRecord;
import io.vitrine.inspect.Payload.Text;
import io.vitrine.log.LogSettings;
import io.vitrine.metadata.TopicPartition;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RecordCursorTests {
    @TempDir
    Path directory;

    SampleBroker broker;

    @BeforeEach
    void open() throws Exception {
        broker = new SampleBroker(directory, LogSettings.DEFAULTS.withSegmentBytes(4096));
    }

    @AfterEach
    void close() throws Exception {
        broker.close();
    }

    @ParameterizedTest
    @EnumSource
    void recordsComeInOrderWhateverTheCodec(CompressionType codec) throws Exception {
        broker.createTopic("orders", 1);
        for (int i = 0; i < 50; i++) {
            broker.append(
                    "orders", Compression.of(codec).build(), record("k" + 2 * i, "v"), record("k" + (2 * i + 1), "v"));
        }

        var entries = read("orders", 31, RecordOptions.DEFAULTS);

        assertThat(entries).hasSize(69);
        assertThat(entries.getFirst()).isInstanceOfSatisfying(DecodedRecord.class, first -> {
            assertThat(first.offset()).isEqualTo(31);
            assertThat(first.timestamp()).isEqualTo(SampleBroker.TIMESTAMP);
            assertThat(first.key()).isEqualTo(new Text(PayloadFormat.UTF8, "k31", 3, false));
        });
        assertThat(broker.log("orders").segments()).hasSizeGreaterThan(codec == CompressionType.NONE ? 1 : 0);
    }

    @Test
    void nullEmptyAndCutValuesAreToldApart() throws Exception {
        broker.createTopic("orders", 1);
        broker.append(
                "orders",
                Compression.NONE,
                new SimpleRecord(1, (byte[]) null, null),
                new SimpleRecord(2, new byte[0], new byte[0]),
                record("key", "value"));

        var records = records("orders", new RecordOptions(PayloadFormat.AUTO, PayloadFormat.AUTO, 2));

        assertThat(records.get(0).key()).isNull();
        assertThat(records.get(0).value()).isNull();
        assertThat(records.get(1).value()).isEqualTo(new Text(PayloadFormat.UTF8, "", 0, false));
        assertThat(records.get(2).value()).isEqualTo(new Text(PayloadFormat.UTF8, "va", 5, true));
    }

    @Test
    void headersKeepTheirOrderAndRepeat() throws Exception {
        broker.createTopic("orders", 1);
        var headers = new Header[] {
            new RecordHeader("b", new byte[] {1}), new RecordHeader("a", null), new RecordHeader("b", new byte[0])
        };
        broker.append("orders", Compression.NONE, new SimpleRecord(1, null, SampleBroker.bytes("v"), headers));

        var record = records("orders", RecordOptions.DEFAULTS).getFirst();

        assertThat(record.headerCount()).isEqualTo(3);
        assertThat(record.headers())
                .containsExactly(
                        new DecodedRecord.Header("b", new Text(PayloadFormat.BASE64, "AQ==", 1, false)),
                        new DecodedRecord.Header("a", null),
                        new DecodedRecord.Header("b", new Text(PayloadFormat.UTF8, "", 0, false)));
    }

    @Test
    void aHeaderCountOfMinusOneMeansNoHeaders() throws Exception {
        broker.createTopicWith("fruit", SampleBatches.withoutHeaderCount(0), SampleBatches.withoutHeaderCount(1));

        var records = records("fruit", RecordOptions.DEFAULTS);

        assertThat(records).extracting(DecodedRecord::offset).containsExactly(0L, 1L);
        assertThat(records.getFirst().headerCount()).isEqualTo(-1);
        assertThat(records.getFirst().headers()).isEmpty();
    }

    @Test
    void damageInOneBatchDoesNotHideTheNext() throws Exception {
        broker.createTopicWith("fruit", SampleBatches.damaged(0), SampleBatches.withoutHeaderCount(1));

        var entries = read("fruit", 0, RecordOptions.DEFAULTS);

        assertThat(entries.get(0)).isInstanceOfSatisfying(DamagedBatch.class, damaged -> {
            assertThat(damaged.baseOffset()).isZero();
            assertThat(damaged.problem()).isEqualTo(new Problem(67, "the records end in the middle of one"));
        });
        assertThat(entries.get(1))
                .isInstanceOfSatisfying(
                        DecodedRecord.class,
                        record -> assertThat(record.offset()).isEqualTo(1));
    }

    @Test
    void unpackingABombStopsAndSaysWhere() throws Exception {
        broker.createTopicWith("bombs", SampleBatches.bomb());

        var entries = read("bombs", 0, RecordOptions.DEFAULTS);

        assertThat(entries).hasSize(2);
        assertThat(entries.get(0)).isInstanceOf(DecodedRecord.class);
        assertThat(entries.get(1))
                .isInstanceOfSatisfying(
                        DamagedBatch.class,
                        damaged -> assertThat(damaged.problem().reason())
                                .isEqualTo("the records unpack to more than the 104857600 bytes allowed"));
    }

    @Test
    void theEndOfATransactionIsNamed() throws Exception {
        var marker = new EndTransactionMarker(ControlRecordType.COMMIT, 7);
        broker.createTopicWith(
                "orders",
                MemoryRecords.withEndTransactionMarker(0, 1, 0, 42, (short) 3, marker)
                        .buffer());

        var record = records("orders", RecordOptions.DEFAULTS).getFirst();

        assertThat(record.control()).isEqualTo(new ControlMarker("COMMIT", 1, 0));
        assertThat(record.value()).isEqualTo(new Payload.Json("{\"coordinatorEpoch\":7}", 6));
    }

    @Test
    void theMetadataLogIsReadLikeAnyOtherAndDecoded() throws Exception {
        broker.createTopic("orders", 1);

        var records = records(LogCatalog.METADATA_TOPIC, RecordOptions.DEFAULTS);

        assertThat(records)
                .extracting(DecodedRecord::value)
                .filteredOn(KafkaRecord.class::isInstance)
                .extracting(value -> ((KafkaRecord) value).type())
                .contains("FeatureLevelRecord", "TopicRecord", "PartitionRecord");
        assertThat(broker.log(LogCatalog.METADATA_TOPIC).segments()).hasSize(1);
    }

    @Test
    void aDamagedPartIsAnEntryAndWhatLiesBehindItFollows() throws Exception {
        broker.createTopicWith("fruit", SampleBatches.withoutHeaderCount(0), SampleBatches.withoutHeaderCount(1));
        try (var file = new RandomAccessFile(broker.logFile("fruit").toFile(), "rw")) {
            file.seek(72);
            file.writeLong(-50);
        }
        try (var cursor = new RecordCursor(broker.log("fruit"), 0, RecordOptions.DEFAULTS)) {
            assertThat(cursor.next()).isPresent();

            assertThat(cursor.next())
                    .get()
                    .asInstanceOf(type(UnreadableRange.class))
                    .extracting(found -> found.range().toString())
                    .isEqualTo("offsets 1 to 1 can't be read: base offset -50 where 1 is next,"
                            + " bytes 72 to 144 of segment 0");
            assertThat(cursor.next()).isEmpty();
        }
    }

    @Test
    void aPartitionThatIsNotHostedIsNotFound() {
        assertThat(new LogCatalog(broker.metadata(), broker.partitions()).find(new TopicPartition("none", 0)))
                .isEmpty();
    }

    private List<DecodedRecord> records(String topic, RecordOptions options) throws Exception {
        return read(topic, 0, options).stream().map(DecodedRecord.class::cast).toList();
    }

    private List<RecordEntry> read(String topic, long from, RecordOptions options) throws Exception {
        var entries = new ArrayList<RecordEntry>();
        try (var cursor = new RecordCursor(broker.log(topic), from, options)) {
            for (var next = cursor.next(); next.isPresent(); next = cursor.next()) {
                entries.add(next.get());
            }
        }
        return entries;
    }
}
