package io.vitrine.wire;

import static io.vitrine.wire.ProduceRequests.partition;
import static io.vitrine.wire.ProduceRequests.request;
import static io.vitrine.wire.ProduceRequests.topic;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.vitrine.RunningBroker;
import io.vitrine.WireClient;
import io.vitrine.protocol.RefusalEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What nobody should send: that connection is closed with a reason, and nobody else notices.
class BadInputTests {
    private static final int MAX_REQUEST_BYTES = 100 * 1024 * 1024;
    private static final String TOPIC = "bystander";
    private static final String HEX_OF_TOPIC = "0009" + "62797374616e646572";

    @TempDir
    private static Path directory;

    private static RunningBroker broker;

    private WireClient client;
    private WireClient bystander;

    @BeforeAll
    static void start() {
        broker = RunningBroker.in(directory);
        broker.createTopic(TOPIC, 1);
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @BeforeEach
    void connect() throws IOException {
        client = new WireClient(broker.port());
        bystander = new WireClient(broker.port());
    }

    @AfterEach
    void othersAreServedAllTheTime() throws IOException {
        assertServed(bystander);
        bystander.close();
        client.close();
    }

    @ParameterizedTest
    @MethodSource({"lengths", "strangers", "requests"})
    void closesTheConnectionAndKeepsTheReason(byte[] bytes) throws IOException {
        long before = broker.broker().refusals().total();

        client.sendRaw(bytes);

        assertThat(client.isClosedByBroker()).isTrue();
        assertThat(broker.broker().refusals().total()).isEqualTo(before + 1);
        var kept = broker.broker().refusals().latest(1).getFirst();
        assertThat(kept.error()).isEqualTo(RefusalEntry.CONNECTION_CLOSED);
        assertThat(kept.detail()).isNotBlank();
    }

    static List<Arguments> lengths() {
        return IntStream.of(-1, Integer.MIN_VALUE, 0, 1, 7, MAX_REQUEST_BYTES + 1, Integer.MAX_VALUE)
                .<Arguments>mapToObj(length -> argumentSet("length " + length, ints(length)))
                .toList();
    }

    static List<Arguments> strangers() {
        return List.of(
                argumentSet("HTTP", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII)),
                argumentSet("TLS", HexFormat.of().parseHex("16030100c8010000c4030300")),
                argumentSet("SSH", "SSH-2.0-OpenSSH_9.6\r\n".getBytes(StandardCharsets.US_ASCII)),
                argumentSet("a line", "hello\r\n".getBytes(StandardCharsets.US_ASCII)));
    }

    static List<Arguments> requests() {
        return List.of(
                argumentSet("unknown API key", frame(1000, 0, "ffff")),
                argumentSet("negative API key", frame(-1, 0, "ffff")),
                argumentSet("an API that is not served", frame(ApiKeys.CONTROLLED_SHUTDOWN.id, 0, "ffff")),
                argumentSet("Produce version 2", frame(0, 2, "ffff")),
                argumentSet("Produce version 14", frame(0, 14, "ffff")),
                argumentSet("Fetch version 3", frame(1, 3, "ffff")),
                argumentSet("Metadata version -1", frame(3, -1, "ffff")),
                argumentSet("client id longer than the frame", frame(18, 0, "0063")),
                argumentSet("client id cut off", frame(18, 4, "00")),
                argumentSet("header tags cut off", frame(18, 4, "ffff" + "05")),
                argumentSet("no body", frame(3, 1, "ffff")),
                argumentSet("array longer than the frame", frame(3, 1, "ffff" + "7fffffff")),
                argumentSet(
                        "more topics than there can be", frame(3, 1, "ffff" + "000f4241" + "0000".repeat(1_000_001))),
                argumentSet("a null that must not be", frame(3, 1, "ffff" + "00000001" + "ffff")),
                argumentSet("an endless variable-length integer", frame(3, 9, "ffff" + "00" + "ff".repeat(20))),
                argumentSet("text that is not UTF-8 is a name, a cut one is not", frame(3, 1, "ffff000000010005ff")));
    }

    @Test
    void memoryDoesNotGrowByWhatIsDeclared() throws IOException {
        var connections = new ArrayList<WireClient>();
        long before = directMemory();

        for (int i = 0; i < 500; i++) {
            var declaring = new WireClient(broker.port());
            connections.add(declaring);
            declaring.sendRaw(
                    ByteBuffer.allocate(1000).putInt(MAX_REQUEST_BYTES).array());
        }

        await().until(() -> broker.broker().listener().connectionCount() >= 500);
        assertServed(bystander);
        assertThat(directMemory() - before).isLessThan(100L * 1024 * 1024);
        for (var declaring : connections) {
            declaring.close();
        }
        await().until(() -> broker.broker().listener().connectionCount() == 2);
    }

    @Test
    void whoeverGoesAwayInTheMiddleOfARequestIsForgotten() throws IOException {
        for (int i = 0; i < 50; i++) {
            try (var leaving = new WireClient(broker.port())) {
                leaving.sendRaw(ByteBuffer.allocate(100 + i).putInt(5000).array());
            }
        }

        await().until(() -> broker.broker().listener().connectionCount() == 2);
    }

    @Test
    void aRequestThatComesByteByByteIsAnswered() throws IOException {
        var request = WireClient.encode(
                ApiKeys.PRODUCE,
                (short) 11,
                9,
                request(1, topic(TOPIC, partition(0, BatchBytes.of("slowly").toByteArray()))));

        for (byte one : ByteBuffer.allocate(Integer.BYTES + request.length)
                .putInt(request.length)
                .put(request)
                .array()) {
            client.sendRaw(new byte[] {one});
        }

        var answer = (ProduceResponseData) client.receive(ApiKeys.PRODUCE, (short) 11, 9);
        assertThat(answer.responses()
                        .find(TOPIC, Uuid.ZERO_UUID)
                        .partitionResponses()
                        .getFirst()
                        .errorCode())
                .isZero();
    }

    @Test
    void othersAreAnsweredWhileOneStallsAndOneWaits() throws IOException {
        try (var waiting = new WireClient(broker.port())) {
            client.sendRaw(ints(1000, 0));
            waiting.send(ApiKeys.FETCH, (short) 12, 1, endlessFetch());

            for (int i = 0; i < 20; i++) {
                try (var other = new WireClient(broker.port())) {
                    assertServed(other);
                }
            }
        }
    }

    /// Kafka's own collections of topics need time that grows with the cube of how often one name is in them. What
    /// becomes of the second request is open; others must not notice.
    @Test
    void theSameTopicThousandsOfTimesIsNoMoreWorkThanOthers() throws IOException {
        int count = 20_000;
        var names = HexFormat.of().formatHex(ints(count)) + HEX_OF_TOPIC.repeat(count);
        var emptyTopics =
                "ffff" + "0001" + "00001388" + HexFormat.of().formatHex(ints(count)) + "000000000000".repeat(count);

        client.sendRaw(frame(ApiKeys.METADATA.id, 3, "ffff" + names));
        client.receive(ApiKeys.METADATA, (short) 3, 7);
        client.sendRaw(frame(ApiKeys.PRODUCE.id, 3, "ffff" + emptyTopics));
        try (var third = new WireClient(broker.port())) {
            third.sendRaw(frame(
                    ApiKeys.OFFSET_FOR_LEADER_EPOCH.id,
                    2,
                    HexFormat.of().formatHex(ints(count)) + "000000000000".repeat(count)));
            assertThat(third.isClosedByBroker()).isTrue();
        }
        for (int i = 0; i < 10; i++) {
            try (var other = new WireClient(broker.port())) {
                assertServed(other);
            }
        }
    }

    private static FetchRequestData endlessFetch() {
        var end = new FetchPartition()
                .setPartition(0)
                .setFetchOffset(broker.broker()
                        .partitions()
                        .partitions()
                        .iterator()
                        .next()
                        .findOffsets()
                        .orElseThrow()
                        .highWatermark())
                .setPartitionMaxBytes(1000);
        return new FetchRequestData()
                .setMaxWaitMs(60_000)
                .setMinBytes(Integer.MAX_VALUE)
                .setTopics(List.of(new FetchTopic().setTopic(TOPIC).setPartitions(List.of(end))));
    }

    private static void assertServed(WireClient client) throws IOException {
        client.call(ApiKeys.API_VERSIONS, 0, new ApiVersionsRequestData());
    }

    private static long directMemory() {
        return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT)
                .metric()
                .usedDirectMemory();
    }

    private static byte[] ints(int... values) {
        var bytes = ByteBuffer.allocate(Integer.BYTES * values.length);
        IntStream.of(values).forEach(bytes::putInt);
        return bytes.array();
    }

    /// A request header with correlation id 7, and what comes after that.
    private static byte[] frame(int apiKey, int version, String rest) {
        var tail = HexFormat.of().parseHex(rest);
        return ByteBuffer.allocate(Integer.BYTES + 8 + tail.length)
                .putInt(8 + tail.length)
                .putShort((short) apiKey)
                .putShort((short) version)
                .putInt(7)
                .put(tail)
                .array();
    }
}
