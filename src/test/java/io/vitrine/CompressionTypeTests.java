package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.AppendOutcome;
import io.vitrine.partition.Durability;
import io.vitrine.record.Batches;
import io.vitrine.record.Codec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `compression.type` says how batches are stored, whatever their producer chose: for real clients, REST, and a broker
/// that starts again.
class CompressionTypeTests {
    private static final List<String> CODECS = List.of("none", "gzip", "snappy", "lz4", "zstd");
    private static final List<String> TYPES = List.of("producer", "uncompressed", "gzip", "snappy", "lz4", "zstd");
    private static final int COUNT = 40;
    private static final long TIMESTAMP = Batches.TIMESTAMP;

    @TempDir
    Path directory;

    private RunningBroker broker;
    private @Nullable Rest rest;

    @BeforeEach
    void start() {
        var settings = new HashMap<>(GroupClients.QUICK_GROUPS);
        settings.put("compression.type", "lz4");
        settings.put("compression.gzip.level", "9");
        broker = RunningBroker.in(directory, settings);
    }

    @AfterEach
    void stop() {
        if (rest != null) {
            rest.close();
            rest = null;
        }
        broker.close();
    }

    @Test
    void everyProducersRecordsAreStoredAsTheTopicWantsAndReadBack() throws Exception {
        for (var type : TYPES) {
            broker.createTopic(type, 1, Map.of("compression.type", type));
            for (var codec : CODECS) {
                produce(type, codec);
            }
        }
        restart();

        for (var type : TYPES) {
            assertThat(Set.copyOf(storedCodecs(type))).as(type).isEqualTo(expectedCodecs(type));
            var records = consume(type, COUNT * CODECS.size());
            for (int i = 0; i < records.size(); i++) {
                var record = records.get(i);
                var codec = CODECS.get(i / COUNT);
                assertThat(record.offset()).isEqualTo(i);
                assertThat(record.value()).isEqualTo(value(codec, i % COUNT));
                assertThat(record.key()).isEqualTo("key-" + i % COUNT);
                assertThat(record.timestamp()).isEqualTo(TIMESTAMP + i % COUNT);
                assertThat(new String(record.headers().lastHeader("codec").value(), StandardCharsets.UTF_8))
                        .isEqualTo(codec);
            }
        }
    }

    @Test
    void aTopicThatSaysNothingHasItFromTheBrokerAsItIsSetNow() throws Exception {
        broker.createTopic("inherits", 1);
        broker.createTopic("own", 1, Map.of("compression.type", "producer"));
        var allBrokers = new ConfigResource(ConfigResource.Type.BROKER, "");

        produceBoth("zstd");
        alter(allBrokers, "compression.type", "gzip");
        produceBoth("zstd");
        alter(new ConfigResource(ConfigResource.Type.TOPIC, "inherits"), "compression.type", "uncompressed");
        produceBoth("zstd");

        assertThat(storedCodecs("inherits")).containsExactly("lz4", "gzip", "none");
        assertThat(storedCodecs("own")).containsOnly("zstd");
    }

    @Test
    void theBrokersClockCountsHereToo() throws Exception {
        broker.createTopic("clock", 1, Map.of("compression.type", "zstd", "message.timestamp.type", "LogAppendTime"));
        long before = System.currentTimeMillis();

        produce("clock", "gzip");

        assertThat(storedCodecs("clock")).containsOnly("zstd");
        assertThat(consume("clock", COUNT)).allSatisfy(record -> {
            assertThat(record.timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
            assertThat(record.timestamp()).isBetween(before, System.currentTimeMillis());
        });
    }

    @Test
    void aRetryIsKnownAsOneAlsoAfterARestart() throws Exception {
        broker.createTopic("retried", 1, Map.of("compression.type", "gzip"));
        long nowMs = System.currentTimeMillis();

        assertThat(append(0, nowMs)).isEqualTo(new AppendOutcome.Appended(0, -1, 0));
        assertThat(append(2, nowMs)).isEqualTo(new AppendOutcome.Appended(2, -1, 0));
        assertThat(append(0, nowMs)).isEqualTo(new AppendOutcome.Duplicate(0, nowMs, 0));
        restart();

        assertThat(append(2, nowMs)).isEqualTo(new AppendOutcome.Duplicate(2, nowMs, 0));
        assertThat(append(4, nowMs)).isEqualTo(new AppendOutcome.Appended(4, -1, 0));
        assertThat(storedCodecs("retried")).containsExactly("gzip", "gzip", "gzip");
    }

    @Test
    void whatIsPostedIsStoredSoToo() throws Exception {
        broker.createTopic("posted", 1, Map.of("compression.type", "snappy"));

        var answer =
                rest().ask(201, "POST", "/api/v1/topics/posted/records?codec=gzip", "[{\"value\":1},{\"value\":2}]");

        assertThat(answer.path("items").get(1).path("offset").intValue()).isEqualTo(1);
        assertThat(storedCodecs("posted")).containsExactly("snappy");
        assertThat(consume("posted", 2)).extracting(ConsumerRecord::value).containsExactly("1", "2");
    }

    @Test
    void committedOffsetsAreFoundWhereTheirTopicIsCompressed() throws Exception {
        broker.createTopic("orders", 1);
        produce("orders", "none");
        commit(1);
        assertThat(storedCodecsOfGroup()).containsOnly("none");
        alter(new ConfigResource(ConfigResource.Type.TOPIC, "__consumer_offsets"), "compression.type", "zstd");

        commit(7);

        assertThat(storedCodecsOfGroup()).contains("zstd");
        var shown = rest().get("/api/v1/groups/readers/offsets").path("items").get(0);
        assertThat(shown.path("committed").intValue()).isEqualTo(7);
        assertThat(shown.path("commitTime").longValue()).isPositive();
        restart();
        assertThat(rest().get("/api/v1/groups/readers/offsets")
                        .path("items")
                        .get(0)
                        .path("committed")
                        .intValue())
                .isEqualTo(7);
    }

    /// Started when it is asked, as that takes a second.
    private Rest rest() {
        var started = rest;
        if (started == null) {
            started = new Rest(broker);
            rest = started;
        }
        return started;
    }

    private void restart() {
        stop();
        start();
    }

    private void produceBoth(String codec) throws Exception {
        for (var topic : List.of("inherits", "own")) {
            try (var producer = producer(codec)) {
                producer.send(new ProducerRecord<>(topic, value(codec, 0))).get();
            }
        }
    }

    private void produce(String topic, String codec) throws Exception {
        try (var producer = producer(codec)) {
            for (int i = 0; i < COUNT; i++) {
                var record = new ProducerRecord<>(topic, 0, TIMESTAMP + i, "key-" + i, value(codec, i));
                record.headers().add("codec", codec.getBytes(StandardCharsets.UTF_8));
                producer.send(record);
            }
        }
    }

    private KafkaProducer<String, String> producer(String codec) {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", broker.bootstrapServers(), "compression.type", codec, "linger.ms", "20");
        return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }

    private static String value(String codec, int number) {
        return "%s-value-%d ".formatted(codec, number).repeat(20);
    }

    private AppendOutcome append(int sequence, long timestamp) throws Exception {
        var partition = broker.broker()
                .partitions()
                .find(new TopicPartition("retried", 0))
                .orElseThrow();
        var records = MemoryRecords.withIdempotentRecords(
                Compression.NONE,
                4711,
                (short) 0,
                sequence,
                new SimpleRecord(timestamp, "a".getBytes(StandardCharsets.UTF_8)),
                new SimpleRecord(timestamp, "b".getBytes(StandardCharsets.UTF_8)));
        return partition.append(records.buffer(), Durability.DISK, true).get();
    }

    private List<ConsumerRecord<String, String>> consume(String topic, int count) {
        var partition = new org.apache.kafka.common.TopicPartition(topic, 0);
        Map<String, Object> settings = Map.of("bootstrap.servers", broker.bootstrapServers());
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            var records = new ArrayList<ConsumerRecord<String, String>>();
            long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (records.size() < count && System.nanoTime() < deadline) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
            assertThat(records).hasSize(count);
            return records;
        }
    }

    private void commit(long offset) {
        try (var member = new GroupClients(broker).member("readers", Map.of())) {
            member.assign(List.of(new org.apache.kafka.common.TopicPartition("orders", 0)));
            member.commitSync(
                    Map.of(new org.apache.kafka.common.TopicPartition("orders", 0), new OffsetAndMetadata(offset)));
        }
    }

    private void alter(ConfigResource resource, String name, String value) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            Map<ConfigResource, Collection<AlterConfigOp>> changes =
                    Map.of(resource, List.of(new AlterConfigOp(new ConfigEntry(name, value), OpType.SET)));
            admin.incrementalAlterConfigs(changes).all().get();
        }
    }

    private List<String> storedCodecsOfGroup() {
        return IntStream.range(0, 4)
                .mapToObj(index -> storedCodecs("__consumer_offsets", index))
                .flatMap(List::stream)
                .toList();
    }

    private List<String> storedCodecs(String topic) {
        return storedCodecs(topic, 0);
    }

    private List<String> storedCodecs(String topic, int partition) {
        var batches = rest().get("/api/v1/topics/%s/partitions/%d/batches".formatted(topic, partition))
                .path("items");
        assertThat(batches).allMatch(batch -> batch.path("crcValid").booleanValue());
        return StreamSupport.stream(batches.spliterator(), false)
                .map(batch -> batch.path("codec").stringValue())
                .toList();
    }

    private static Set<String> expectedCodecs(String type) {
        return switch (type) {
            case "producer" -> Set.copyOf(CODECS);
            case "uncompressed" -> Set.of(Codec.NONE.kafkaName());
            default -> Set.of(type);
        };
    }
}
