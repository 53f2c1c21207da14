package io.vitrine.wire;

import static io.vitrine.wire.ProduceRequests.partition;
import static io.vitrine.wire.ProduceRequests.request;
import static io.vitrine.wire.ProduceRequests.topic;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.RunningBroker;
import io.vitrine.WireClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Many requests on one connection: answers come in the order of the requests, however long each takes.
class AnswerOrderTests {
    private static final short PRODUCE_VERSION = 11;
    private static final short FETCH_VERSION = 12;
    private static final int CONNECTIONS = 8;
    private static final int ROUNDS = 40;

    @TempDir
    private static Path directory;

    private static RunningBroker broker;

    @BeforeAll
    static void start() {
        broker = RunningBroker.in(directory);
        broker.createTopic("pipelined", CONNECTIONS);
        broker.createTopic("empty", 1);
        broker.createTopic("last-words", 1);
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void aThousandPipelinedRequestsAreAnsweredInOrder() throws IOException {
        var requests = new ByteArrayOutputStream();
        for (int i = 0; i < 1000; i++) {
            requests.writeBytes(frame(ApiKeys.API_VERSIONS, (short) 0, i, new ApiVersionsRequestData()));
        }

        try (var client = new WireClient(broker.port())) {
            client.sendRaw(requests.toByteArray());

            for (int i = 0; i < 1000; i++) {
                client.receive(ApiKeys.API_VERSIONS, (short) 0, i);
            }
        }
    }

    @Test
    void slowAndFastRequestsAreAnsweredInOrderOnEveryConnection() throws Exception {
        try (var executor = Executors.newFixedThreadPool(CONNECTIONS)) {
            var running = new ArrayList<Future<Void>>();
            for (int i = 0; i < CONNECTIONS; i++) {
                running.add(executor.submit(conversation(i)));
            }

            for (var one : running) {
                one.get();
            }
        }
    }

    /// Each round waits for the disk, waits for records that never come, and waits for nothing.
    private static Callable<Void> conversation(int partition) {
        return () -> {
            try (var client = new WireClient(broker.port())) {
                var requests = new ByteArrayOutputStream();
                for (int i = 0; i < ROUNDS; i++) {
                    requests.writeBytes(frame(ApiKeys.PRODUCE, PRODUCE_VERSION, 4 * i, produce(-1, partition)));
                    requests.writeBytes(frame(ApiKeys.FETCH, FETCH_VERSION, 4 * i + 1, fetchFromTheEmpty()));
                    requests.writeBytes(frame(ApiKeys.PRODUCE, PRODUCE_VERSION, 4 * i + 2, produce(1, partition)));
                    requests.writeBytes(frame(ApiKeys.PRODUCE, PRODUCE_VERSION, 4 * i + 3, produce(0, partition)));
                }
                client.sendRaw(requests.toByteArray());

                for (int i = 0; i < ROUNDS; i++) {
                    assertThat(baseOffset(client, 4 * i)).isEqualTo(3L * i);
                    client.receive(ApiKeys.FETCH, FETCH_VERSION, 4 * i + 1);
                    assertThat(baseOffset(client, 4 * i + 2)).isEqualTo(3L * i + 1);
                }
            }
            return null;
        };
    }

    @ParameterizedTest(name = "acks {0}")
    @ValueSource(ints = {1, -1})
    void whatCameBeforeABadFrameIsStillAnswered(int acks) throws IOException {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(frame(ApiKeys.PRODUCE, PRODUCE_VERSION, 1, produce(acks, "last-words")));
        bytes.writeBytes("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

        try (var client = new WireClient(broker.port())) {
            client.sendRaw(bytes.toByteArray());

            client.receive(ApiKeys.PRODUCE, PRODUCE_VERSION, 1);
            assertThat(client.isClosedByBroker()).isTrue();
        }
    }

    @Test
    void whatCameBeforeARefusalWithoutAnswerIsStillAnswered() throws IOException {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(frame(ApiKeys.PRODUCE, PRODUCE_VERSION, 1, produce(1, "last-words")));
        bytes.writeBytes(frame(ApiKeys.PRODUCE, PRODUCE_VERSION, 2, produce(0, "unknown")));

        try (var client = new WireClient(broker.port())) {
            client.sendRaw(bytes.toByteArray());

            client.receive(ApiKeys.PRODUCE, PRODUCE_VERSION, 1);
            assertThat(client.isClosedByBroker()).isTrue();
        }
    }

    private static long baseOffset(WireClient client, int correlationId) throws IOException {
        var answer = (ProduceResponseData) client.receive(ApiKeys.PRODUCE, PRODUCE_VERSION, correlationId);
        return answer.responses()
                .find("pipelined", Uuid.ZERO_UUID)
                .partitionResponses()
                .getFirst()
                .baseOffset();
    }

    private static ProduceRequestData produce(int acks, int index) {
        return request(
                acks, topic("pipelined", partition(index, BatchBytes.of("a").toByteArray())));
    }

    private static ProduceRequestData produce(int acks, String name) {
        return request(acks, topic(name, partition(0, BatchBytes.of("a").toByteArray())));
    }

    private static FetchRequestData fetchFromTheEmpty() {
        var wanted = new FetchPartition().setPartition(0).setPartitionMaxBytes(1000);
        return new FetchRequestData()
                .setMaxWaitMs(5)
                .setMinBytes(1)
                .setTopics(List.of(new FetchTopic().setTopic("empty").setPartitions(List.of(wanted))));
    }

    private static byte[] frame(ApiKeys api, short version, int correlationId, ApiMessage body) {
        var frame = WireClient.encode(api, version, correlationId, body);
        return ByteBuffer.allocate(Integer.BYTES + frame.length)
                .putInt(frame.length)
                .put(frame)
                .array();
    }
}
