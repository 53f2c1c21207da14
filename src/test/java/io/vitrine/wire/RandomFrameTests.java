package io.vitrine.wire;

import static io.vitrine.wire.ProduceRequests.partition;
import static io.vitrine.wire.ProduceRequests.request;
import static io.vitrine.wire.ProduceRequests.topic;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.vitrine.RunningBroker;
import io.vitrine.WireClient;
import io.vitrine.protocol.RefusalEntry;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.TopicRequest;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.record.internal.CompressionType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.slf4j.LoggerFactory;

/// Noise of every kind, for every API and version: requests that begin well and go on as noise, requests with some
/// bytes changed, cut requests, and headers with nothing sensible behind them. Whatever comes, the broker goes on and
/// never blames itself.
class RandomFrameTests {
    static final List<Long> SEEDS = List.of(1L, 2L, 3L, 4L);
    private static final int FRAMES_PER_SEED = 5_500;
    private static final int FRAMES_BETWEEN_LOOKS = 200;
    private static final int MARKER = 0x7fff_0001;
    private static final String TOPIC = "noisy";
    // Key, version, correlation id, client id "wire", tags.
    private static final int HEADER_BYTES = 15;
    // How long a fetch waits stays as it is: the test would wait as well.
    private static final int FETCH_BYTES_KEPT = HEADER_BYTES + 12;

    @TempDir
    private static Path directory;

    private static RunningBroker broker;
    private static Level level;

    private WireClient client;

    /// Thousands of closed connections are thousands of warnings.
    @BeforeAll
    static void start() {
        level = connectionLogger().getLevel();
        connectionLogger().setLevel(Level.ERROR);
        broker = RunningBroker.in(directory, Map.of("auto.create.topics.enable", "false"));
        broker.createTopic(TOPIC, 2);
    }

    @AfterAll
    static void stop() {
        broker.close();
        connectionLogger().setLevel(level);
    }

    @BeforeEach
    void connect() throws IOException {
        client = new WireClient(broker.port());
    }

    @ParameterizedTest(name = "seed {0}")
    @FieldSource("SEEDS")
    void neverTakesTheBrokerDown(long seed) throws IOException {
        var random = new Random(seed);

        for (int i = 1; i <= FRAMES_PER_SEED; i++) {
            var frame = frame(random);
            exchange(frame);
            if (i % FRAMES_BETWEEN_LOOKS == 0) {
                assertThat(broker.broker().refusals().latest(1000)).noneMatch(RandomFrameTests::blamesTheBroker);
            }
        }

        client.close();
        assertWorks();
    }

    /// Sends a frame and a marker behind it, and reads until the marker is answered or the connection is gone.
    private void exchange(byte[] frame) throws IOException {
        try {
            client.sendFrame(frame);
            client.send(ApiKeys.API_VERSIONS, (short) 0, MARKER, new ApiVersionsRequestData());
            while (ByteBuffer.wrap(client.receiveFrame()).getInt() != MARKER) {
                // An answer to the noise.
            }
        } catch (EOFException | SocketException e) {
            client.close();
            client = new WireClient(broker.port());
        }
    }

    private static boolean blamesTheBroker(RefusalEntry refusal) {
        return refusal.reason().equals("BROKER_FAILED")
                || refusal.detail().contains("the broker failed")
                || refusal.detail().contains("could not be encoded");
    }

    private static byte[] frame(Random random) {
        var keys = ApiKeys.values();
        var api = keys[random.nextInt(keys.length)];
        var body = bodyOf(random.nextInt(4) == 0 ? api : served(random), random);
        if (body == null) {
            int version = api.oldestVersion() - 1 + random.nextInt(api.latestVersion() - api.oldestVersion() + 3);
            return headerAndNoise(random.nextInt(20) == 0 ? random.nextInt() : api.id, version, random);
        }
        var valid = validRequest(body, random);
        int kept = Math.min(valid.length - 1, body instanceof FetchRequestData ? FETCH_BYTES_KEPT : HEADER_BYTES);
        return switch (random.nextInt(4)) {
            case 0 -> Arrays.copyOf(valid, Math.max(8, kept + random.nextInt(valid.length - kept)));
            case 1 -> noiseFrom(valid, kept + random.nextInt(valid.length - kept), random);
            case 2 -> valid;
            default -> someBytesChanged(valid, kept, random);
        };
    }

    private static ApiKeys served(Random random) {
        var handlers = List.copyOf(broker.broker().apis().handlers());
        return handlers.get(random.nextInt(handlers.size())).apiKey();
    }

    private static byte[] validRequest(ApiMessage body, Random random) {
        var api = ApiKeys.forId(body.apiKey());
        int lowest = Math.max(body.lowestSupportedVersion(), api == ApiKeys.LIST_OFFSETS ? 1 : 0);
        int version = lowest + random.nextInt(body.highestSupportedVersion() - lowest + 1);
        try {
            return WireClient.encode(api, (short) version, random.nextInt(1000), body);
        } catch (RuntimeException e) {
            // This version has no field for something in the body.
            return headerAndNoise(api.id, version, random);
        }
    }

    private static byte[] headerAndNoise(int apiKey, int version, Random random) {
        var frame = new byte[40 + random.nextInt(100)];
        random.nextBytes(frame);
        ByteBuffer.wrap(frame)
                .putShort((short) apiKey)
                .putShort((short) version)
                .putInt(random.nextInt(1000))
                .putShort((short) -1)
                .put(new byte[14]);
        return frame;
    }

    private static byte[] noiseFrom(byte[] valid, int at, Random random) {
        var frame = Arrays.copyOf(valid, at + random.nextInt(60));
        for (int i = at; i < frame.length; i++) {
            frame[i] = (byte) random.nextInt();
        }
        return frame;
    }

    private static byte[] someBytesChanged(byte[] valid, int kept, Random random) {
        var frame = valid.clone();
        for (int i = 1 + random.nextInt(4); i > 0 && frame.length > kept; i--) {
            frame[kept + random.nextInt(frame.length - kept)] = (byte) random.nextInt();
        }
        return frame;
    }

    /// What a client could ask of this API; null where nothing is known of it.
    private static @Nullable ApiMessage bodyOf(ApiKeys api, Random random) {
        var id = random.nextBoolean() ? Uuid.ZERO_UUID : idOfTheTopic();
        return switch (api) {
            case PRODUCE -> produce(id, random);
            case FETCH -> fetch(id, random);
            case LIST_OFFSETS -> listOffsets(random);
            case METADATA -> metadata(id, random);
            case DESCRIBE_TOPIC_PARTITIONS ->
                new DescribeTopicPartitionsRequestData()
                        .setTopics(List.of(new TopicRequest().setName(TOPIC)))
                        .setCursor(new DescribeTopicPartitionsRequestData.Cursor().setTopicName(TOPIC));
            case API_VERSIONS ->
                new ApiVersionsRequestData().setClientSoftwareName("noise").setClientSoftwareVersion("1");
            default -> null;
        };
    }

    private static ApiMessage produce(Uuid id, Random random) {
        var batch = BatchBytes.of("one", "two", "three");
        var codec = CompressionType.forId(random.nextInt(5));
        var bytes = codec == CompressionType.NONE ? batch : batch.compressed(codec);
        var data = partition(random.nextInt(2), bytes.toByteArray());
        return request(random.nextInt(3) - 1, id.equals(Uuid.ZERO_UUID) ? topic(TOPIC, data) : topic(id, data));
    }

    private static ApiMessage fetch(Uuid id, Random random) {
        var wanted = new FetchPartition()
                .setPartition(random.nextInt(2))
                .setFetchOffset(random.nextInt(3))
                .setPartitionMaxBytes(1000);
        var topic = new FetchTopic().setPartitions(List.of(wanted));
        return new FetchRequestData()
                .setMaxBytes(10_000)
                .setTopics(List.of(id.equals(Uuid.ZERO_UUID) ? topic.setTopic(TOPIC) : topic.setTopicId(id)));
    }

    private static ApiMessage listOffsets(Random random) {
        var wanted =
                new ListOffsetsPartition().setPartitionIndex(random.nextInt(2)).setTimestamp(random.nextInt(8) - 7);
        return new ListOffsetsRequestData()
                .setReplicaId(-1)
                .setTopics(List.of(new ListOffsetsTopic().setName(TOPIC).setPartitions(List.of(wanted))));
    }

    private static ApiMessage metadata(Uuid id, Random random) {
        var byId = new MetadataRequestTopic().setName(null).setTopicId(id);
        var byName = new MetadataRequestTopic().setName(TOPIC);
        return new MetadataRequestData().setTopics(List.of(random.nextBoolean() ? byName : byId));
    }

    private static Uuid idOfTheTopic() {
        return broker.broker().metadata().image().findTopic(TOPIC).orElseThrow().id();
    }

    private static void assertWorks() throws IOException {
        try (var client = new WireClient(broker.port())) {
            var sound = BatchBytes.of("sound").toByteArray();
            var answer = (ProduceResponseData) client.call(
                    ApiKeys.PRODUCE, 11, request(-1, topic(TOPIC, partition(0, sound), partition(1, sound))));

            assertThat(answer.responses().find(TOPIC, Uuid.ZERO_UUID).partitionResponses())
                    .hasSize(2)
                    .allMatch(partition -> partition.errorCode() == 0);
        }
    }

    private static Logger connectionLogger() {
        return (Logger) LoggerFactory.getLogger("io.vitrine.server.KafkaConnection");
    }
}
