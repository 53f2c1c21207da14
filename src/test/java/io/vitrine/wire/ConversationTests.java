package io.vitrine.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.ErrorAuditor;
import io.vitrine.RunningBroker;
import io.vitrine.WireClient;
import io.vitrine.wire.HexFile.Exchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// Whole conversations, written down byte by byte.
class ConversationTests {
    static final List<String> CONVERSATIONS = List.of(
            "api-versions-v4",
            "api-versions-unsupported",
            "describe-topic-partitions-v0",
            "produce-v11-single-record",
            "produce-v11-successive-requests",
            "produce-v11-many-records",
            "produce-v11-several-partitions",
            "produce-v12-several-topics",
            "produce-v11-mixed",
            "fetch-v16");

    @TempDir
    Path directory;

    @ParameterizedTest(name = "{0}")
    @FieldSource("CONVERSATIONS")
    void isAnsweredAndStoredByteForByte(String name) throws IOException {
        Fixture.writeTo(directory);
        var conversation = HexFile.conversation(name);
        assertThat(conversation).isNotEmpty();

        try (var broker = RunningBroker.in(directory);
                var client = new WireClient(broker.port())) {
            for (var exchange : conversation) {
                client.sendRaw(exchange.request().array());

                assertThat(hex(withLength(client.receiveFrame())))
                        .isEqualTo(hex(exchange.answer().array()));
                assertThat(logsOnDisk()).isEqualTo(logsAfter(conversation, exchange));
            }
        }
    }

    /// The journal has every error in them, too.
    @ParameterizedTest(name = "{0}")
    @FieldSource("CONVERSATIONS")
    void leavesNoErrorUnexplained(String name) throws IOException {
        Fixture.writeTo(directory);

        try (var broker = RunningBroker.in(directory);
                var auditor = new ErrorAuditor(broker);
                var client = new WireClient(auditor.port())) {
            for (var exchange : HexFile.conversation(name)) {
                client.sendRaw(exchange.request().array());
                client.receiveFrame();
            }

            assertThat(auditor.complaints()).isEmpty();
        }
    }

    /// What the partitions must hold once `last` is answered: what was there, and the accepted batches as they were
    /// sent, but for the base offset and the leader epoch.
    private static Map<String, String> logsAfter(List<Exchange> conversation, Exchange last) {
        var logs = new TreeMap<String, ByteArrayOutputStream>();
        Fixture.logsAtStart()
                .forEach((partition, bytes) -> logTo(logs, partition).writeBytes(bytes));
        for (var exchange : conversation.subList(0, conversation.indexOf(last) + 1)) {
            if (exchange.request().getShort(Integer.BYTES) == ApiKeys.PRODUCE.id) {
                addAccepted(exchange, logs);
            }
        }
        var asHex = new TreeMap<String, String>();
        logs.forEach((partition, bytes) -> asHex.put(partition, hex(bytes.toByteArray())));
        return asHex;
    }

    private static void addAccepted(Exchange exchange, Map<String, ByteArrayOutputStream> logs) {
        var request = produceRequest(exchange);
        var answer = produceAnswer(exchange);
        for (var topic : request.topicData()) {
            var answers = answer.responses().find(topic.name(), topic.topicId()).partitionResponses();
            for (int i = 0; i < answers.size(); i++) {
                if (answers.get(i).errorCode() == Errors.NONE.code()) {
                    var sent = topic.partitionData().get(i);
                    logTo(logs, topic.name() + "-" + sent.index())
                            .writeBytes(stored(sent, answers.get(i).baseOffset()));
                }
            }
        }
    }

    private static byte[] stored(PartitionProduceData sent, long baseOffset) {
        var batch = ((MemoryRecords) sent.records()).buffer();
        var bytes = ByteBuffer.allocate(batch.remaining()).put(batch.duplicate());
        int leaderEpoch = 0;
        return bytes.putLong(0, baseOffset).putInt(12, leaderEpoch).array();
    }

    private static ProduceRequestData produceRequest(Exchange exchange) {
        var bytes = new ByteBufferAccessor(afterLength(exchange.request()));
        short version = versionOf(exchange);
        var header = new RequestHeaderData(bytes, ApiKeys.PRODUCE.requestHeaderVersion(version));
        return new ProduceRequestData(bytes, header.requestApiVersion());
    }

    private static ProduceResponseData produceAnswer(Exchange exchange) {
        short version = versionOf(exchange);
        var bytes = new ByteBufferAccessor(afterLength(exchange.answer()));
        var header = new ResponseHeaderData(bytes, ApiKeys.PRODUCE.responseHeaderVersion(version));
        assertThat(header.correlationId()).isPositive();
        return new ProduceResponseData(bytes, version);
    }

    private Map<String, String> logsOnDisk() throws IOException {
        var logs = new TreeMap<String, String>();
        for (var partition : Fixture.logsAtStart().keySet()) {
            logs.put(partition, hex(Files.readAllBytes(directory.resolve(partition, Fixture.LOG))));
        }
        return logs;
    }

    private static ByteArrayOutputStream logTo(Map<String, ByteArrayOutputStream> logs, String partition) {
        return logs.computeIfAbsent(partition, _ -> new ByteArrayOutputStream());
    }

    private static short versionOf(Exchange exchange) {
        return exchange.request().getShort(Integer.BYTES + Short.BYTES);
    }

    private static ByteBuffer afterLength(ByteBuffer frame) {
        return frame.slice(Integer.BYTES, frame.limit() - Integer.BYTES);
    }

    private static byte[] withLength(byte[] frame) {
        return ByteBuffer.allocate(Integer.BYTES + frame.length)
                .putInt(frame.length)
                .put(frame)
                .array();
    }

    private static String hex(byte[] bytes) {
        return HexFormat.ofDelimiter(" ").formatHex(bytes);
    }
}
