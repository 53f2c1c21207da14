package io.vitrine;

import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// Fills a broker of Apache Kafka's with something of everything.
final class KafkaFilling {
    static final String CODECS = "codecs";
    static final String SEGMENTS = "segments";
    static final String COMPACTED = "compacted";
    static final String TRANSACTIONS = "transactions";
    static final String DELETED = "deleted";
    static final List<String> TOPICS = List.of(CODECS, SEGMENTS, COMPACTED, TRANSACTIONS);
    static final List<String> GROUPS = List.of("classic", "modern");
    static final String SHARE_GROUP = "sharing";

    private static final int COMPACTED_RECORDS = 300;

    private final String bootstrapServers;

    KafkaFilling(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    void fill() throws Exception {
        createTopics();
        for (var codec : List.of("none", "gzip", "snappy", "lz4", "zstd")) {
            try (var producer = producer(Map.of("compression.type", codec, "linger.ms", "50"))) {
                for (int i = 0; i < 30; i++) {
                    var record = new ProducerRecord<>(CODECS, i % 3, "key-" + i, codec + "-value-" + i);
                    record.headers().add(new RecordHeader("codec", codec.getBytes(StandardCharsets.UTF_8)));
                    producer.send(record);
                }
            }
        }
        fillSegments();
        fillTransactions();
        fillCompacted();
        commit("classic", "classic");
        commit("modern", "consumer");
        changeAndDelete();
    }

    /// What a member of the share group is given until it has been given `count` records; all of it is acknowledged.
    ///
    /// @return partition and offset of each
    static List<String> share(String bootstrapServers, int count) {
        var settings = new HashMap<String, Object>(
                Map.of("bootstrap.servers", bootstrapServers, "group.id", SHARE_GROUP, "max.poll.records", "10"));
        var given = new ArrayList<String>();
        try (var consumer = new KafkaShareConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(CODECS));
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                for (var record : consumer.poll(Duration.ofMillis(200))) {
                    given.add(record.partition() + "@" + record.offset());
                }
                consumer.commitSync();
                return given.size() >= count;
            });
        }
        return given;
    }

    private void createTopics() throws Exception {
        try (var admin = admin()) {
            admin.createTopics(List.of(
                            new NewTopic(CODECS, 3, (short) 1).configs(Map.of("retention.ms", "777000000")),
                            new NewTopic(SEGMENTS, 1, (short) 1).configs(Map.of("segment.bytes", "1048576")),
                            new NewTopic(TRANSACTIONS, 1, (short) 1),
                            new NewTopic(DELETED, 1, (short) 1),
                            new NewTopic(COMPACTED, 1, (short) 1)
                                    .configs(Map.of(
                                            "cleanup.policy", "compact",
                                            "min.cleanable.dirty.ratio", "0.01",
                                            "segment.ms", "100"))))
                    .all()
                    .get(60, TimeUnit.SECONDS);
        }
    }

    private void fillSegments() throws Exception {
        var random = new Random(5);
        var letters = new char[700_000];
        try (var producer = producer(Map.of())) {
            for (int i = 0; i < 4; i++) {
                for (int at = 0; at < letters.length; at++) {
                    letters[at] = (char) ('a' + random.nextInt(26));
                }
                producer.send(new ProducerRecord<>(SEGMENTS, "large-" + i, new String(letters)))
                        .get(60, TimeUnit.SECONDS);
            }
        }
    }

    private void fillTransactions() throws Exception {
        try (var producer = producer(Map.of("transactional.id", "mover"))) {
            producer.initTransactions();
            transaction(producer, true, "committed-1", "committed-2");
            transaction(producer, false, "aborted-1", "aborted-2");
            try (var plain = producer(Map.of())) {
                plain.send(new ProducerRecord<>(TRANSACTIONS, "outside")).get(60, TimeUnit.SECONDS);
            }
            transaction(producer, true, "committed-3");
        }
    }

    /// Leaves a transaction of this id open, as a producer does that is killed.
    static void leaveOpen(String bootstrapServers, String transactionalId, String value) throws Exception {
        var producer = new KafkaFilling(bootstrapServers)
                .producer(Map.of("transactional.id", transactionalId, "transaction.timeout.ms", "600000"));
        producer.initTransactions();
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(TRANSACTIONS, value)).get(60, TimeUnit.SECONDS);
        producer.close(Duration.ZERO);
    }

    /// Comes back as the producer of this id, which ends what it has left open, commits one value and aborts another.
    static void comeBack(String bootstrapServers, String transactionalId, String committed, String aborted) {
        try (var producer = new KafkaFilling(bootstrapServers).producer(Map.of("transactional.id", transactionalId))) {
            producer.initTransactions();
            transaction(producer, true, committed);
            transaction(producer, false, aborted);
        }
    }

    private static void transaction(KafkaProducer<String, String> producer, boolean commits, String... values) {
        producer.beginTransaction();
        for (var value : values) {
            producer.send(new ProducerRecord<>(TRANSACTIONS, value));
        }
        producer.flush();
        if (commits) {
            producer.commitTransaction();
        } else {
            producer.abortTransaction();
        }
    }

    /// Until the cleaner has been through.
    private void fillCompacted() throws Exception {
        try (var producer = producer(Map.of("linger.ms", "5"))) {
            for (int i = 0; i < COMPACTED_RECORDS; i++) {
                producer.send(new ProducerRecord<>(COMPACTED, "key-" + i % 5, "value-" + i));
            }
            producer.flush();
            await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(300))
                    .until(() -> {
                        // A segment has to be closed before it is compacted, which takes one more record.
                        producer.send(new ProducerRecord<>(COMPACTED, "last", "last"))
                                .get(60, TimeUnit.SECONDS);
                        return Inventory.of(bootstrapServers, "read_uncommitted", List.of(COMPACTED), List.of())
                                        .recordsOf(COMPACTED, 0)
                                        .size()
                                < COMPACTED_RECORDS / 2;
                    });
        }
    }

    private void commit(String group, String protocol) {
        var settings = new HashMap<String, Object>(Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "group.id",
                group,
                "group.protocol",
                protocol,
                "auto.offset.reset",
                "earliest",
                "enable.auto.commit",
                "false",
                "max.poll.records",
                "10"));
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(CODECS));
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> !consumer.poll(Duration.ofMillis(200)).isEmpty());
            consumer.commitSync();
        }
    }

    private void changeAndDelete() throws Exception {
        try (var admin = admin()) {
            var group = new ConfigResource(ConfigResource.Type.GROUP, SHARE_GROUP);
            var fromStart = new AlterConfigOp(new ConfigEntry("share.auto.offset.reset", "earliest"), OpType.SET);
            admin.incrementalAlterConfigs(Map.of(group, List.of(fromStart)))
                    .all()
                    .get(60, TimeUnit.SECONDS);
            var cluster = new ConfigResource(ConfigResource.Type.BROKER, "");
            var change = new AlterConfigOp(new ConfigEntry("log.retention.ms", "888000000"), OpType.SET);
            admin.incrementalAlterConfigs(Map.of(cluster, List.of(change)))
                    .all()
                    .get(60, TimeUnit.SECONDS);
            admin.deleteTopics(List.of(DELETED)).all().get(60, TimeUnit.SECONDS);
        }
    }

    private Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", bootstrapServers));
    }

    private KafkaProducer<String, String> producer(Map<String, String> more) {
        var settings = new HashMap<String, Object>(Map.of("bootstrap.servers", bootstrapServers));
        settings.putAll(more);
        return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }
}
