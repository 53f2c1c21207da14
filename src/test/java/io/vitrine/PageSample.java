package io.vitrine;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// What the page has to show, written by Kafka's own clients: several codecs, transactions, a compacted topic, a group,
/// values that mean harm, and names and sizes at their limits.
final class PageSample {
    static final String LONG_NAME = "n".repeat(249);
    static final String SCRIPT = "<script>alert(1)</script>";
    static final List<String> CODECS = List.of("none", "gzip", "snappy", "lz4", "zstd");
    static final int LARGE_VALUE_BYTES = 10 * 1024 * 1024;

    private static final String SMALL_SEGMENTS = String.valueOf(1024 * 1024);

    private final String servers;

    PageSample(String servers) {
        this.servers = servers;
    }

    /// Fills a running broker from outside: `PageSample 127.0.0.1:9092`.
    public static void main(String[] arguments) throws Exception {
        new PageSample(arguments[0]).write();
    }

    void write() throws Exception {
        createTopics();
        orders();
        payments();
        clicks();
        prices();
        hostile();
        readOrders();
    }

    /// Writes a few records more.
    void trickle() throws Exception {
        try (var producer = producer(Map.of())) {
            for (int i = 0; i < 10; i++) {
                producer.send(record("orders", 2, "order-9", "{\"id\":9}")).get();
            }
        }
    }

    /// Writes batches of one record, all of one size.
    void writeBatches(String topic, int count) throws Exception {
        try (var producer = producer(Map.of())) {
            for (int i = 0; i < count; i++) {
                producer.send(record(topic, 0, "k", "batch " + i)).get();
            }
        }
    }

    private void createTopics() throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", servers))) {
            var compacted = Map.of("cleanup.policy", "compact", "min.cleanable.dirty.ratio", "0.1");
            admin.createTopics(List.of(
                            topic("orders", 3, Map.of("retention.ms", "604800000")),
                            topic("payments", 1, Map.of()),
                            topic("clicks", 2, Map.of("segment.bytes", SMALL_SEGMENTS)),
                            topic("prices", 1, compacted),
                            topic("hostile", 1, Map.of("max.message.bytes", String.valueOf(2 * LARGE_VALUE_BYTES))),
                            topic("empty", 1, Map.of()),
                            topic(LONG_NAME, 1, Map.of())))
                    .all()
                    .get();
        }
    }

    private static NewTopic topic(String name, int partitions, Map<String, String> configs) {
        return new NewTopic(name, partitions, (short) 1).configs(configs);
    }

    /// A batch of each codec in the first partition, and a few records in the others.
    private void orders() throws Exception {
        for (var codec : CODECS) {
            try (var producer = producer(Map.of("compression.type", codec, "linger.ms", 200))) {
                for (int i = 0; i < 5; i++) {
                    var value = "{\"id\":%d,\"item\":\"%s\",\"price\":%d.50,\"count\":%d}"
                            .formatted(9_007_199_254_740_993L + i, codec, 3 + i, i);
                    var order = record("orders", 0, "order-" + i, value);
                    order.headers().add("codec", codec.getBytes(StandardCharsets.UTF_8));
                    producer.send(order);
                }
            }
        }
        try (var producer = producer(Map.of())) {
            producer.send(record("orders", 1, "order-7", "{\"id\":7,\"item\":\"apple\"}"));
            producer.send(record("orders", 2, "order-8", "not JSON at all")).get();
        }
    }

    /// A transaction that is committed and one that is aborted.
    private void payments() throws Exception {
        try (var producer = producer(Map.of("transactional.id", "till-1"))) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(record("payments", 0, "a", "{\"amount\":12}"));
            producer.commitTransaction();
            producer.beginTransaction();
            producer.send(record("payments", 0, "b", "{\"amount\":13}"));
            producer.flush();
            producer.abortTransaction();
        }
    }

    /// Several segments, and many small batches.
    private void clicks() throws Exception {
        var random = new Random(7);
        try (var producer = producer(Map.of("batch.size", 4096, "linger.ms", 5))) {
            for (int i = 0; i < 3_000; i++) {
                var page = new byte[1024];
                random.nextBytes(page);
                producer.send(new ProducerRecord<>("clicks", i % 10 == 0 ? 1 : 0, bytes("visitor-" + i % 97), page));
            }
        }
    }

    private void prices() throws Exception {
        try (var producer = producer(Map.of())) {
            for (int i = 0; i < 60; i++) {
                producer.send(record("prices", 0, "fruit-" + i % 4, i % 11 == 10 ? null : String.valueOf(i)));
            }
        }
    }

    private void hostile() throws Exception {
        var random = new Random(11);
        var noise = new byte[300];
        random.nextBytes(noise);
        var large = new byte[LARGE_VALUE_BYTES];
        random.nextBytes(large);
        try (var producer = producer(Map.of("linger.ms", 0))) {
            producer.send(record("hostile", 0, SCRIPT, SCRIPT)).get();
            producer.send(new ProducerRecord<>("hostile", 0, null, noise)).get();
            producer.send(record("hostile", 0, "none", null)).get();
            producer.send(record("hostile", 0, "", "")).get();
            producer.send(new ProducerRecord<>("hostile", 0, bytes("large"), large))
                    .get();
            producer.send(record(LONG_NAME, 0, "key", "value")).get();
        }
    }

    private void readOrders() {
        var settings = Map.<String, Object>of(
                "bootstrap.servers", servers, "group.id", "billing", "auto.offset.reset", "earliest");
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of("orders"));
            for (int read = 0; read < 20; ) {
                read += consumer.poll(Duration.ofSeconds(1)).count();
            }
            consumer.commitSync();
        }
    }

    private static ProducerRecord<byte[], byte[]> record(
            String topic, int partition, String key, @Nullable String value) {
        return new ProducerRecord<>(topic, partition, bytes(key), value == null ? null : bytes(value));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        var settings = new HashMap<String, Object>(Map.of(
                "bootstrap.servers", servers, "max.request.size", 2 * LARGE_VALUE_BYTES, "client.id", "page-sample"));
        settings.putAll(more);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }
}
