package io.vitrine.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.vitrine.inspect.AnatomyField.Value;
import io.vitrine.log.LogSettings;
import io.vitrine.record.RecordBatch;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.group.GroupCoordinatorRecordSerde;
import org.apache.kafka.coordinator.group.generated.OffsetCommitKey;
import org.apache.kafka.coordinator.group.generated.OffsetCommitValue;
import org.apache.kafka.server.common.ApiMessageAndVersion;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How the records of `__consumer_offsets` are shown.
class GroupRecordsTests {
    private static final String TOPIC = "__consumer_offsets";
    private static final byte[] KEY;
    private static final byte[] VALUE;

    static {
        var commit = CoordinatorRecord.record(
                new OffsetCommitKey().setGroup("readers").setTopic("orders").setPartition(3),
                new ApiMessageAndVersion(new OffsetCommitValue().setOffset(17), (short) 3));
        var serde = new GroupCoordinatorRecordSerde();
        KEY = serde.serializeKey(commit);
        VALUE = serde.serializeValue(commit);
    }

    @TempDir
    Path directory;

    private SampleBroker broker;

    @BeforeEach
    void open() throws Exception {
        broker = new SampleBroker(directory, LogSettings.DEFAULTS);
        broker.createTopic(TOPIC, 1);
        broker.createTopic("orders", 1);
    }

    @AfterEach
    void close() throws Exception {
        broker.close();
    }

    @Test
    void keyAndValueAreDecodedByName() throws Exception {
        append(TOPIC, KEY, VALUE);

        var record = records(TOPIC, RecordOptions.DEFAULTS).getFirst();

        assertThat(record.key())
                .asInstanceOf(type(Payload.KafkaRecord.class))
                .satisfies(key -> assertThat(key.type()).isEqualTo("OffsetCommitKey"))
                .satisfies(key -> assertThat(key.json()).contains("\"group\":\"readers\""));
        assertThat(record.value())
                .asInstanceOf(type(Payload.KafkaRecord.class))
                .satisfies(value -> assertThat(value.version()).isEqualTo(3))
                .satisfies(value -> assertThat(value.json()).contains("\"offset\":17"));
        assertThat(record.deletes()).isNull();
    }

    @Test
    void aTombstoneSaysWhatItDeletes() throws Exception {
        append(TOPIC, KEY, null);

        var record = records(TOPIC, RecordOptions.DEFAULTS).getFirst();

        assertThat(record.value()).isNull();
        assertThat(record.deletes()).isEqualTo("what group 'readers' has committed of orders-3");
    }

    @Test
    void whatCannotBeDecodedIsShownAsItIsWithTheReason() throws Exception {
        append(TOPIC, SampleBroker.bytes("key"), SampleBroker.bytes("value"));
        append(TOPIC, null, SampleBroker.bytes("value"));
        append(TOPIC, KEY, new byte[] {0, 9, 1});
        append(TOPIC, KEY, VALUE);

        var records = records(TOPIC, RecordOptions.DEFAULTS);

        assertThat(records).hasSize(4);
        assertThat(undecoded(records.get(0).key()).raw())
                .isEqualTo(new Payload.Text(PayloadFormat.UTF8, "key", 3, false));
        assertThat(undecoded(records.get(0).value()).reason()).startsWith("Not a record of groups: ");
        assertThat(undecoded(records.get(1).value()).reason())
                .isEqualTo("Not a record of a coordinator: it has no key");
        assertThat(records.get(2).key()).isInstanceOf(Payload.KafkaRecord.class);
        assertThat(undecoded(records.get(2).value()).reason()).contains("9");
        assertThat(records.get(3).value()).isInstanceOf(Payload.KafkaRecord.class);
    }

    @Test
    void whatCannotBeDecodedIsCutLikeAnyOtherValue() throws Exception {
        append(TOPIC, KEY, new byte[KafkaRecords.MAX_BYTES - 200]);

        var value = records(TOPIC, new RecordOptions(PayloadFormat.AUTO, PayloadFormat.AUTO, 10))
                .getFirst()
                .value();

        assertThat(undecoded(value).raw())
                .asInstanceOf(type(Payload.Text.class))
                .satisfies(raw -> assertThat(raw.data()).hasSizeLessThan(20))
                .satisfies(raw -> assertThat(raw.truncated()).isTrue());
    }

    @Test
    void whoAsksForBytesGetsBytes() throws Exception {
        append(TOPIC, KEY, VALUE);

        var record = records(TOPIC, new RecordOptions(PayloadFormat.HEX, PayloadFormat.BASE64, 1000))
                .getFirst();

        assertThat(record.key())
                .asInstanceOf(type(Payload.Text.class))
                .satisfies(key -> assertThat(key.data()).startsWith("0001"));
        assertThat(record.value())
                .asInstanceOf(type(Payload.Text.class))
                .satisfies(value -> assertThat(value.format()).isEqualTo(PayloadFormat.BASE64));
    }

    @Test
    void otherTopicsHoldWhatTheyHold() throws Exception {
        append("orders", KEY, VALUE);

        assertThat(records("orders", RecordOptions.DEFAULTS).getFirst().key()).isInstanceOf(Payload.Text.class);
    }

    @Test
    void aBatchIsTakenApartDownToTheFields() {
        var batch = MemoryRecords.withRecords(
                        Compression.NONE,
                        new SimpleRecord(0, KEY, VALUE),
                        new SimpleRecord(0, KEY, (byte[]) null),
                        new SimpleRecord(0, new byte[] {0, 99}, VALUE))
                .buffer();

        var anatomy = BatchAnatomy.of(RecordBatch.at(batch, 0), RecordKind.GROUPS, AnatomyOptions.DEFAULTS);

        var commit = anatomy.records().get(0).fields();
        assertThat(field(commit, "key.type").value()).isEqualTo(new Value.Numeric(1));
        assertThat(field(commit, "key.type").meaning()).isEqualTo("OffsetCommitKey");
        assertThat(field(commit, "key.type").position())
                .isEqualTo(field(commit, "key").position());
        assertThat(field(commit, "key.data").length()).isEqualTo(KEY.length - 2);
        assertThat(field(commit, "value.version").value()).isEqualTo(new Value.Numeric(3));
        assertThat(field(commit, "value.data").value()).isInstanceOf(Value.Json.class);
        assertThat(field(anatomy.records().get(1).fields(), "valueLength").meaning())
                .isEqualTo("null, deletes what group 'readers' has committed of orders-3");
        assertThat(field(anatomy.records().get(2).fields(), "key").meaning()).startsWith("Not a record of groups");
        assertThat(anatomy.problem()).isNull();
    }

    private static AnatomyField field(List<AnatomyField> fields, String name) {
        return fields.stream()
                .filter(field -> field.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Payload.Undecoded undecoded(@Nullable Payload payload) {
        assertThat(payload).isInstanceOf(Payload.Undecoded.class);
        return (Payload.Undecoded) Objects.requireNonNull(payload);
    }

    private void append(String topic, byte @Nullable [] key, byte @Nullable [] value) {
        var record = new SimpleRecord(
                SampleBroker.TIMESTAMP,
                key == null ? null : ByteBuffer.wrap(key),
                value == null ? null : ByteBuffer.wrap(value),
                new org.apache.kafka.common.header.Header[0]);
        broker.append(topic, Compression.NONE, record);
    }

    private List<DecodedRecord> records(String topic, RecordOptions options) throws Exception {
        var records = new ArrayList<DecodedRecord>();
        try (var cursor = new RecordCursor(broker.log(topic), 0, options)) {
            for (var entry = cursor.next(); entry.isPresent(); entry = cursor.next()) {
                records.add((DecodedRecord) entry.get());
            }
        }
        return records;
    }
}
