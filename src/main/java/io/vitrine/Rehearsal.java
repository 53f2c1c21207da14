package io.vitrine;

import io.vitrine.config.SettingsFile;
import io.vitrine.log.Offsets;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.Partition;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.springframework.util.FileSystemUtils;

/// A start for the sake of the JVM, which notes in it what it has to load, link and compile, and keeps that for real
/// starts (`-XX:AOTCacheOutput`): a broker on an empty directory and ports of its own, a few requests of each kind
/// that clients begin with, and a stop.
final class Rehearsal {
    private static final String TOPIC = "rehearsal";
    // So many that the JVM knows by then which ways through the code are the usual ones.
    private static final int ROUNDS = 3000;
    private static final List<String> PATHS = List.of(
            "/actuator/health",
            "/actuator/info",
            "/actuator/prometheus",
            "/api/v1/cluster",
            "/api/v1/topics",
            "/api/v1/topics/" + TOPIC,
            "/api/v1/topics/" + TOPIC + "/partitions",
            "/api/v1/topics/" + TOPIC + "/partitions/0/batches/0?annotate=true",
            "/api/v1/topics/" + TOPIC + "/records?limit=10",
            "/api/v1/topics/nowhere",
            "/api/v1/groups");

    private Rehearsal() {}

    /// Ends the process, with 0 if all has been done.
    public static void main(String[] args) throws Exception {
        var directory = Files.createTempDirectory("vitrine-rehearsal");
        try {
            rehearse(directory);
        } finally {
            FileSystemUtils.deleteRecursively(directory);
        }
        System.exit(0);
    }

    /// @throws IllegalStateException if what was produced is not in the log
    static void rehearse(Path directory) throws Exception {
        var properties = new Properties();
        properties.setProperty("listeners", "PLAINTEXT://127.0.0.1:0");
        properties.setProperty("log.dirs", directory.toString());
        properties.setProperty("vitrine.http.port", "0");
        try (var broker = Broker.start(SettingsFile.parse(properties))) {
            int port = Objects.requireNonNull(broker.listener().addresses().get("PLAINTEXT"))
                    .getPort();
            try (var context = WebSide.start(broker)) {
                askInKafkasProtocol(port);
                var web = context.getEnvironment().getRequiredProperty("local.server.port");
                for (var path : PATHS) {
                    get(URI.create("http://127.0.0.1:" + web + path));
                }
            }
            requireProduced(broker);
        }
    }

    private static void requireProduced(Broker broker) {
        long end = broker.partitions()
                .find(new TopicPartition(TOPIC, 0))
                .flatMap(Partition::findOffsets)
                .map(Offsets::logEndOffset)
                .orElse(0L);
        if (end != ROUNDS) {
            throw new IllegalStateException("%d records were produced and %d are there".formatted(ROUNDS, end));
        }
    }

    private static void askInKafkasProtocol(int port) throws IOException {
        try (var client = new Client(port)) {
            client.ask(
                    ApiKeys.API_VERSIONS,
                    new ApiVersionsRequestData()
                            .setClientSoftwareName("rehearsal")
                            .setClientSoftwareVersion("1"));
            // Makes the topic, and is asked again until it is there.
            for (int times = 0; times < 3; times++) {
                client.ask(
                        ApiKeys.METADATA,
                        new MetadataRequestData()
                                .setAllowAutoTopicCreation(true)
                                .setTopics(List.of(new MetadataRequestData.MetadataRequestTopic().setName(TOPIC))));
            }
            client.ask(
                    ApiKeys.INIT_PRODUCER_ID,
                    new InitProducerIdRequestData().setTransactionalId(null).setTransactionTimeoutMs(60_000));
            client.ask(ApiKeys.LIST_OFFSETS, listOffsets());
            for (int round = 0; round < ROUNDS; round++) {
                client.ask(ApiKeys.PRODUCE, (short) 12, produce(round % 100 == 0 ? -1 : 1));
                client.ask(ApiKeys.FETCH, (short) 12, fetch(round));
            }
            client.ask(
                    ApiKeys.FIND_COORDINATOR,
                    new FindCoordinatorRequestData().setKeyType((byte) 0).setCoordinatorKeys(List.of(TOPIC)));
            client.ask(ApiKeys.OFFSET_COMMIT, (short) 9, commit());
            client.ask(ApiKeys.OFFSET_FETCH, (short) 9, committed());
        }
    }

    private static ListOffsetsRequestData listOffsets() {
        return new ListOffsetsRequestData()
                .setReplicaId(-1)
                .setTopics(List.of(new ListOffsetsRequestData.ListOffsetsTopic()
                        .setName(TOPIC)
                        .setPartitions(List.of(new ListOffsetsRequestData.ListOffsetsPartition().setTimestamp(-1)))));
    }

    private static ProduceRequestData produce(int acks) {
        var record = new SimpleRecord(
                System.currentTimeMillis(),
                "key".getBytes(StandardCharsets.US_ASCII),
                "value".getBytes(StandardCharsets.US_ASCII));
        var topics = new ProduceRequestData.TopicProduceDataCollection();
        topics.add(new ProduceRequestData.TopicProduceData()
                .setName(TOPIC)
                .setPartitionData(List.of(new ProduceRequestData.PartitionProduceData()
                        .setIndex(0)
                        .setRecords(MemoryRecords.withRecords(Compression.NONE, record)))));
        return new ProduceRequestData()
                .setAcks((short) acks)
                .setTimeoutMs(30_000)
                .setTopicData(topics);
    }

    private static FetchRequestData fetch(long offset) {
        return new FetchRequestData()
                .setMaxWaitMs(500)
                .setMinBytes(1)
                .setMaxBytes(1 << 20)
                .setTopics(List.of(new FetchRequestData.FetchTopic()
                        .setTopic(TOPIC)
                        .setPartitions(List.of(new FetchRequestData.FetchPartition()
                                .setFetchOffset(offset)
                                .setPartitionMaxBytes(1 << 20)))));
    }

    private static OffsetCommitRequestData commit() {
        return new OffsetCommitRequestData()
                .setGroupId(TOPIC)
                .setTopics(List.of(new OffsetCommitRequestData.OffsetCommitRequestTopic()
                        .setName(TOPIC)
                        .setPartitions(List.of(
                                new OffsetCommitRequestData.OffsetCommitRequestPartition().setCommittedOffset(1)))));
    }

    private static OffsetFetchRequestData committed() {
        return new OffsetFetchRequestData()
                .setGroups(List.of(new OffsetFetchRequestData.OffsetFetchRequestGroup()
                        .setGroupId(TOPIC)
                        .setTopics(List.of(new OffsetFetchRequestData.OffsetFetchRequestTopics()
                                .setName(TOPIC)
                                .setPartitionIndexes(List.of(0))))));
    }

    /// Whatever is answered: a 404 is rehearsed too.
    private static void get(URI uri) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), uri.getPort())) {
            var target = uri.getRawQuery() == null ? uri.getRawPath() : uri.getRawPath() + "?" + uri.getRawQuery();
            socket.getOutputStream()
                    .write("GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                            .formatted(target)
                            .getBytes(StandardCharsets.US_ASCII));
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        }
    }

    /// Sends single requests and waits for what comes back. It does not look at answers: they are not what is tried.
    private static final class Client implements AutoCloseable {
        private final Socket socket;
        private final DataInputStream in;

        Client(int port) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            in = new DataInputStream(socket.getInputStream());
        }

        void ask(ApiKeys api, ApiMessage body) throws IOException {
            ask(api, api.latestVersion(false), body);
        }

        void ask(ApiKeys api, short version, ApiMessage body) throws IOException {
            var header = MessageUtil.toByteBufferAccessor(
                            new RequestHeaderData()
                                    .setRequestApiKey(api.id)
                                    .setRequestApiVersion(version)
                                    .setClientId(TOPIC),
                            api.requestHeaderVersion(version))
                    .buffer();
            var content = MessageUtil.toByteBufferAccessor(body, version).buffer();
            int size = header.remaining() + content.remaining();
            socket.getOutputStream()
                    .write(ByteBuffer.allocate(Integer.BYTES + size)
                            .putInt(size)
                            .put(header)
                            .put(content)
                            .array());
            in.skipNBytes(in.readInt());
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
