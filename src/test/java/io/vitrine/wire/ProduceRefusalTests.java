package io.vitrine.wire;

import static io.vitrine.wire.ProduceRequests.partition;
import static io.vitrine.wire.ProduceRequests.request;
import static io.vitrine.wire.ProduceRequests.topic;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.vitrine.RunningBroker;
import io.vitrine.WireClient;
import io.vitrine.protocol.RefusalEntry;
import io.vitrine.wire.BatchBytes.RecordBytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.CompressionType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Everything a Produce request can be refused for, as Apache Kafka 4.4 answered the same bytes, unless a comment
/// says otherwise.
class ProduceRefusalTests {
    private static final Set<Errors> LOG_RAISED =
            Set.of(Errors.INVALID_RECORD, Errors.INVALID_TIMESTAMP, Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
    private static final int VERSION = 11;
    private static final String TOPIC = "refused";
    private static final int HOUR_MS = 3_600_000;
    private static final byte[] HEADER = {2, 'h', 2, 'v'};

    @TempDir
    private static Path directory;

    private static RunningBroker broker;

    private WireClient client;

    @BeforeAll
    static void start() {
        broker = RunningBroker.in(directory);
        broker.createTopic(TOPIC, 2);
        broker.createTopic("compacted", 2, Map.of("cleanup.policy", "compact"));
        broker.createTopic("small", 2, Map.of("max.message.bytes", "200"));
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @BeforeEach
    void connect() throws IOException {
        client = new WireClient(broker.port());
    }

    @ParameterizedTest
    @MethodSource({
        "framing",
        "headers",
        "records",
        "damagedCompression",
    })
    void aBatchThatIsNotSoundIsNotWrittenAndItsNeighbourIs(byte[] records, Errors error) throws IOException {
        assertRefused(VERSION, TOPIC, records, error);
    }

    static List<Arguments> framing() {
        var sound = BatchBytes.of("a").toByteArray();
        return List.of(
                argumentSet("no bytes", new byte[0], Errors.INVALID_RECORD),
                argumentSet("one byte", new byte[1], Errors.INVALID_RECORD),
                argumentSet("cut in the header", Arrays.copyOf(sound, 40), Errors.INVALID_RECORD),
                argumentSet("cut in the record", Arrays.copyOf(sound, sound.length - 1), Errors.INVALID_RECORD),
                argumentSet("two batches", join(sound, sound), Errors.INVALID_RECORD),
                argumentSet("zeros behind the batch", join(sound, new byte[100]), Errors.CORRUPT_MESSAGE),
                argumentSet("magic 0", BatchBytes.of("a").magic(0).toByteArray(), Errors.INVALID_RECORD),
                argumentSet("magic 1", BatchBytes.of("a").magic(1).toByteArray(), Errors.INVALID_RECORD),
                argumentSet("magic 3", BatchBytes.of("a").magic(3).toByteArray(), Errors.CORRUPT_MESSAGE),
                argumentSet("magic -1", BatchBytes.of("a").magic(-1).toByteArray(), Errors.CORRUPT_MESSAGE),
                argumentSet(
                        "length too large", BatchBytes.of("a").lengthError(1).toByteArray(), Errors.INVALID_RECORD),
                argumentSet(
                        "length too small", BatchBytes.of("a").lengthError(-1).toByteArray(), Errors.CORRUPT_MESSAGE),
                argumentSet("length of 1", BatchBytes.of("a").lengthError(-56).toByteArray(), Errors.CORRUPT_MESSAGE),
                argumentSet(
                        "negative length",
                        BatchBytes.of("a").lengthError(-10_000).toByteArray(),
                        Errors.CORRUPT_MESSAGE),
                argumentSet("noise", HexFormat.of().parseHex("deadbeef".repeat(20)), Errors.CORRUPT_MESSAGE));
    }

    static List<Arguments> headers() {
        var far = System.currentTimeMillis() + 2 * HOUR_MS;
        return List.of(
                argumentSet("wrong CRC", BatchBytes.of("a").crcError(1).toByteArray(), Errors.CORRUPT_MESSAGE),
                argumentSet("count too high", BatchBytes.of("a").claimedCount(2).toByteArray(), Errors.INVALID_RECORD),
                argumentSet("count of 0", BatchBytes.of("a").claimedCount(0).toByteArray(), Errors.INVALID_RECORD),
                argumentSet("count of -1", BatchBytes.of("a").claimedCount(-1).toByteArray(), Errors.INVALID_RECORD),
                argumentSet("no records", BatchBytes.of().toByteArray(), Errors.INVALID_RECORD),
                argumentSet(
                        "last offset delta too high",
                        BatchBytes.of("a").lastOffsetDelta(1).toByteArray(),
                        Errors.INVALID_RECORD),
                argumentSet(
                        "last offset delta negative",
                        BatchBytes.of("a").lastOffsetDelta(-1).toByteArray(),
                        Errors.INVALID_RECORD),
                argumentSet(
                        "count and delta agree, the records do not",
                        BatchBytes.of("a").claimedCount(2).lastOffsetDelta(1).toByteArray(),
                        Errors.INVALID_RECORD),
                argumentSet(
                        "a huge count",
                        BatchBytes.of("a")
                                .claimedCount(Integer.MAX_VALUE)
                                .lastOffsetDelta(Integer.MAX_VALUE - 1)
                                .toByteArray(),
                        Errors.INVALID_RECORD),
                argumentSet("base offset", BatchBytes.of("a").baseOffset(1).toByteArray(), Errors.INVALID_RECORD),
                argumentSet("control batch", BatchBytes.of("a").attributes(0x20).toByteArray(), Errors.INVALID_RECORD),
                argumentSet(
                        "producer id without sequence",
                        BatchBytes.of("a").producer(7, 0, -1).toByteArray(),
                        Errors.INVALID_RECORD),
                // Kafka has no code for it: it fails.
                argumentSet(
                        "codec 5", BatchBytes.of("a").attributes(5).toByteArray(), Errors.UNSUPPORTED_COMPRESSION_TYPE),
                argumentSet(
                        "timestamp far ahead",
                        BatchBytes.of("a").timestamps(far, far).toByteArray(),
                        Errors.INVALID_TIMESTAMP),
                argumentSet(
                        "larger than max.message.bytes",
                        BatchBytes.of("x".repeat(1_048_588)).toByteArray(),
                        Errors.MESSAGE_TOO_LARGE));
    }

    /// Each fault inside the records, plain and under each codec. Kafka takes some of them, such as a wrong length
    /// where it only skips the record, or fails on them; here they are refused.
    static List<Arguments> records() {
        var faults = new ArrayList<Arguments>();
        for (var codec : CompressionType.values()) {
            for (var fault : faultyRecords().entrySet()) {
                var batch = fault.getValue();
                if (codec != CompressionType.NONE) {
                    batch.compressed(codec);
                }
                faults.add(argumentSet(codec.name + ", " + fault.getKey(), batch.toByteArray(), Errors.INVALID_RECORD));
            }
        }
        return faults;
    }

    private static Map<String, BatchBytes> faultyRecords() {
        return Map.ofEntries(
                Map.entry("length too high", one(RecordBytes.at(0).value("a").lengthError(1))),
                Map.entry("length too low", one(RecordBytes.at(0).value("a").lengthError(-1))),
                Map.entry("length negative", one(RecordBytes.at(0).value("a").lengthError(-100))),
                Map.entry("header count -1", one(RecordBytes.at(0).value("a").headers(-1))),
                Map.entry(
                        "header count too high",
                        one(RecordBytes.at(0).value("a").headers(2, HEADER))),
                Map.entry(
                        "a huge header count", one(RecordBytes.at(0).value("a").headers(Integer.MAX_VALUE))),
                Map.entry("header without key", one(RecordBytes.at(0).headers(1, (byte) 1, (byte) 2, (byte) 'v'))),
                Map.entry("offset delta 1 first", one(RecordBytes.at(1).value("a"))),
                Map.entry("offset delta twice", one(RecordBytes.at(0)).add(RecordBytes.at(0))),
                Map.entry("bytes behind the records", BatchBytes.of("a").raw((byte) 1, (byte) 2)),
                Map.entry("noise", BatchBytes.of("a").raw(HexFormat.of().parseHex("ff".repeat(30)))),
                Map.entry(
                        "zeros",
                        new BatchBytes().raw(new byte[30]).claimedCount(1).lastOffsetDelta(0)));
    }

    static List<Arguments> damagedCompression() {
        var damaged = new ArrayList<Arguments>();
        for (var codec : CompressionType.values()) {
            if (codec == CompressionType.NONE) {
                continue;
            }
            damaged.add(argumentSet(
                    codec.name + " in name only",
                    BatchBytes.of("a").attributes(codec.id).toByteArray(),
                    Errors.INVALID_RECORD));
            var whole =
                    BatchBytes.of("some text ".repeat(100)).compressed(codec).toByteArray();
            damaged.add(argumentSet(
                    codec.name + " cut off",
                    new BatchBytes()
                            .raw(Arrays.copyOfRange(whole, 61, whole.length - 12))
                            .attributes(codec.id)
                            .claimedCount(1)
                            .lastOffsetDelta(0)
                            .toByteArray(),
                    Errors.INVALID_RECORD));
        }
        return damaged;
    }

    @ParameterizedTest
    @FieldSource("VERSIONS")
    void aRefusalReadsTheSameInEveryVersion(int version) throws IOException {
        assertRefused(version, TOPIC, BatchBytes.of("a").crcError(1).toByteArray(), Errors.CORRUPT_MESSAGE);
    }

    static final List<Integer> VERSIONS = List.of(3, 4, 5, 6, 7, 8, 9, 10, 11, 12);

    /// Kafka never answers these.
    @ParameterizedTest
    @FieldSource("VERSIONS")
    void nullRecordsAreRefused(int version) throws IOException {
        long before = size(TOPIC, 0);

        var answer = call(version, request(1, topic(TOPIC, partition(0, null), partition(1, sound()))));

        assertRefusal(answer.getFirst(), Errors.INVALID_RECORD);
        assertThat(answer.getLast().errorCode()).isZero();
        assertThat(size(TOPIC, 0)).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 6})
    void zstdIsRefusedBeforeVersion7(int version) throws IOException {
        var batch = BatchBytes.of("a").compressed(CompressionType.ZSTD).toByteArray();

        assertRefused(version, TOPIC, batch, Errors.UNSUPPORTED_COMPRESSION_TYPE);
    }

    @Test
    void aCompactedTopicTakesNoRecordWithoutKey() throws IOException {
        var batch =
                one(RecordBytes.at(0).key("k").value("v")).add(RecordBytes.at(1).value("v"));

        assertRefused(VERSION, "compacted", batch.toByteArray(), Errors.INVALID_RECORD);
    }

    @Test
    void aTopicMayAllowLessThanTheBroker() throws IOException {
        assertRefused(VERSION, "small", BatchBytes.of("x".repeat(140)).toByteArray(), Errors.MESSAGE_TOO_LARGE);
        assertThat(call(
                                VERSION,
                                request(
                                        1,
                                        topic(
                                                "small",
                                                partition(
                                                        1,
                                                        BatchBytes.of("x".repeat(100))
                                                                .toByteArray()))))
                        .getFirst()
                        .errorCode())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, -2, 32_767})
    void acksOtherThanNoneOneAndAllAreRefused(int acks) throws IOException {
        long before = size(TOPIC, 0);

        var answer = call(VERSION, request(acks, topic(TOPIC, partition(0, sound()), partition(1, sound()))));

        assertThat(answer).hasSize(2).allSatisfy(one -> assertRefusal(one, Errors.INVALID_REQUIRED_ACKS));
        assertThat(size(TOPIC, 0)).isEqualTo(before);
        assertThat(latestRefusal().error()).isEqualTo("INVALID_REQUIRED_ACKS");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, -1, Integer.MAX_VALUE})
    void aPartitionThatDoesNotExistIsUnknown(int index) throws IOException {
        var answer = call(VERSION, request(1, topic(TOPIC, partition(index, sound()), partition(1, sound()))));

        assertRefusal(answer.getFirst(), Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(answer.getLast().errorCode()).isZero();
        assertThat(latestRefusal().subject()).isEqualTo(TOPIC + "-" + index);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nobody-made-this", "", "a b", "../escape"})
    void aTopicThatDoesNotExistIsUnknown(String name) throws IOException {
        var answer = call(VERSION, request(1, topic(name, partition(0, sound())), topic(TOPIC, partition(1, sound()))));

        assertRefusal(answer.getFirst(), Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(answer.getLast().errorCode()).isZero();
        try (var files = Files.list(directory)) {
            assertThat(files).noneMatch(path -> path.toString().contains("nobody-made-this"));
        }
    }

    @Test
    void anIdThatNoTopicHasIsUnknown() throws IOException {
        var known = broker.broker()
                .metadata()
                .image()
                .findTopic(TOPIC)
                .orElseThrow()
                .id();

        var answer =
                call(13, request(1, topic(new Uuid(1, 2), partition(0, sound())), topic(known, partition(1, sound()))));

        assertRefusal(answer.getFirst(), Errors.UNKNOWN_TOPIC_ID);
        assertThat(answer.getLast().errorCode()).isZero();
    }

    @Test
    void aRefusalThatWantsNoAnswerClosesTheConnection() throws IOException {
        long before = size(TOPIC, 0);

        client.send(
                ApiKeys.PRODUCE,
                (short) VERSION,
                1,
                request(
                        0,
                        topic(TOPIC, partition(0, BatchBytes.of("a").crcError(1).toByteArray()))));

        assertThat(client.isClosedByBroker()).isTrue();
        assertThat(size(TOPIC, 0)).isEqualTo(before);
        assertThat(latestRefusal().error()).isEqualTo(RefusalEntry.CONNECTION_CLOSED);
    }

    @Test
    void whatWantsNoAnswerAndIsSoundGetsNone() throws IOException {
        long before = size(TOPIC, 0);

        client.send(ApiKeys.PRODUCE, (short) VERSION, 1, request(0, topic(TOPIC, partition(0, sound()))));
        client.send(ApiKeys.API_VERSIONS, (short) 0, 2, new ApiVersionsRequestData());

        client.receive(ApiKeys.API_VERSIONS, (short) 0, 2);
        assertThat(size(TOPIC, 0)).isEqualTo(before + sound().length);
    }

    private void assertRefused(int version, String name, byte[] records, Errors error) throws IOException {
        long before = size(name, 0);
        long neighbourBefore = size(name, 1);
        var neighbour = one(RecordBytes.at(0).key("k").value("neighbour")).toByteArray();

        var answer = call(version, request(-1, topic(name, partition(0, records), partition(1, neighbour))));

        assertRefusal(answer.getFirst(), error);
        assertThat(size(name, 0)).isEqualTo(before);
        var kept = latestRefusal();
        assertThat(kept.subject()).isEqualTo(name + "-0");
        assertThat(kept.error()).isEqualTo(error.name());
        assertThat(kept.version()).isEqualTo(version);
        assertThat(kept.detail()).contains("expected").contains("found");
        assertThat(answer.getLast().errorCode()).isZero();
        assertThat(size(name, 1)).isEqualTo(neighbourBefore + neighbour.length);
    }

    private static void assertRefusal(PartitionProduceResponse answer, Errors error) {
        assertThat(Errors.forCode(answer.errorCode())).isEqualTo(error);
        assertThat(answer.baseOffset()).isEqualTo(-1);
        assertThat(answer.logAppendTimeMs()).isEqualTo(-1);
        // Kafka tells the log start where the log itself refused.
        assertThat(answer.logStartOffset()).isIn(LOG_RAISED.contains(error) ? List.of(-1L, 0L) : List.of(-1L));
    }

    /// The answers for all partitions, in their order.
    private List<PartitionProduceResponse> call(int version, ProduceRequestData request) throws IOException {
        var response = (ProduceResponseData) client.call(ApiKeys.PRODUCE, version, request);
        return response.responses().stream()
                .flatMap(topic -> topic.partitionResponses().stream())
                .toList();
    }

    private static RefusalEntry latestRefusal() {
        return broker.broker().refusals().latest(1).getFirst();
    }

    private static long size(String topic, int partition) throws IOException {
        return Files.size(directory.resolve(topic + "-" + partition, "00000000000000000000.log"));
    }

    private static byte[] sound() {
        return BatchBytes.of("sound").toByteArray();
    }

    private static BatchBytes one(RecordBytes record) {
        return new BatchBytes().add(record);
    }

    private static byte[] join(byte[] first, byte[] second) {
        var joined = new ByteArrayOutputStream();
        joined.writeBytes(first);
        joined.writeBytes(second);
        return joined.toByteArray();
    }
}
