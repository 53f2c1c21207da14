package io.vitrine;

import static io.vitrine.KafkaFilling.CODECS;
import static io.vitrine.KafkaFilling.COMPACTED;
import static io.vitrine.KafkaFilling.DELETED;
import static io.vitrine.KafkaFilling.GROUPS;
import static io.vitrine.KafkaFilling.SEGMENTS;
import static io.vitrine.KafkaFilling.TOPICS;
import static io.vitrine.KafkaFilling.TRANSACTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real Apache Kafka and this broker take turns on one directory. What a client sees has to be the same each time.
class TwoWayDoorTests {
    private static final String EVERYTHING = "read_uncommitted";
    private static final int CODEC_RECORDS = 150;

    @TempDir
    Path logDir;

    @TempDir
    Path work;

    @Test
    void fromKafkaToVitrineAndBackAndOnceMoreAfterAKill() throws Exception {
        var topics = new ArrayList<>(TOPICS);
        KafkaProcess.format(work, logDir);
        Inventory before;
        List<String> committed;
        List<String> shared;
        try (var kafka = KafkaProcess.start(work, logDir, busyMetadata())) {
            new KafkaFilling(kafka.bootstrapServers()).fill();
            KafkaFilling.leaveOpen(kafka.bootstrapServers(), "left-at-kafka", "open-at-kafka");
            shared = KafkaFilling.share(kafka.bootstrapServers(), 20);
            before = inventory(kafka.bootstrapServers(), topics);
            committed = committed(kafka.bootstrapServers());
            assertThat(committed).hasSize(4);
            kafka.stop();
        }
        assertThat(metadataFiles(".log")).hasSizeGreaterThan(1);
        assertThat(metadataFiles(".checkpoint")).isNotEmpty();

        Inventory atVitrine;
        try (var vitrine = RunningBroker.in(logDir, busyMetadata())) {
            assertThat(inventory(vitrine.bootstrapServers(), topics)).isEqualTo(before);
            assertThat(committed(vitrine.bootstrapServers())).isEqualTo(committed);
            KafkaFilling.comeBack(vitrine.bootstrapServers(), "left-at-kafka", "committed-here", "aborted-here");
            KafkaFilling.leaveOpen(vitrine.bootstrapServers(), "left-here", "open-here");
            committed = committed(vitrine.bootstrapServers());
            assertThat(committed).hasSize(5).last().asString().contains("committed-here");
            assertMetadataIsThere(vitrine);
            shared.addAll(KafkaFilling.share(vitrine.bootstrapServers(), CODEC_RECORDS - shared.size()));
            assertThat(shared).doesNotHaveDuplicates().hasSize(CODEC_RECORDS);
            goOn(vitrine.bootstrapServers(), "vitrine");
            vitrine.createTopic("made-here", 2, Map.of("retention.ms", "555000000"));
            topics.add("made-here");
            awaitCheckpoint(vitrine);
            atVitrine = inventory(vitrine.bootstrapServers(), topics);
        }

        Inventory atKafka;
        try (var kafka = KafkaProcess.start(work, logDir, Map.of())) {
            assertThat(inventory(kafka.bootstrapServers(), topics)).isEqualTo(atVitrine);
            assertThat(committed(kafka.bootstrapServers())).isEqualTo(committed);
            assertThat(configs(kafka, ConfigResource.Type.TOPIC, CODECS)).containsEntry("retention.ms", "777000000");
            assertThat(configs(kafka, ConfigResource.Type.TOPIC, "made-here"))
                    .containsEntry("retention.ms", "555000000");
            assertThat(configs(kafka, ConfigResource.Type.BROKER, "")).containsEntry("log.retention.ms", "888000000");
            KafkaFilling.comeBack(kafka.bootstrapServers(), "left-here", "committed-there", "aborted-there");
            committed = committed(kafka.bootstrapServers());
            assertThat(committed).hasSize(6).last().asString().contains("committed-there");
            goOn(kafka.bootstrapServers(), "kafka");
            atKafka = inventory(kafka.bootstrapServers(), topics);
            kafka.kill();
        }

        try (var vitrine = RunningBroker.in(logDir)) {
            assertThat(inventory(vitrine.bootstrapServers(), topics)).isEqualTo(atKafka);
            assertThat(committed(vitrine.bootstrapServers())).isEqualTo(committed);
            goOn(vitrine.bootstrapServers(), "vitrine again");
        }
    }

    @Test
    void kafkaStartsOnADirectoryOfOursThatWasKilled() throws Exception {
        Inventory before;
        int port = KafkaProcess.freePort();
        var vitrine = ChildJvm.start(
                work.resolve("vitrine.txt"), "", BareBroker.class.getName(), logDir.toString(), String.valueOf(port));
        try {
            for (var codec : List.of("none", "gzip", "snappy", "lz4", "zstd")) {
                new GroupClients("127.0.0.1:" + port).produce(CODECS, 3, 20, Map.of("compression.type", codec));
            }
            goOn("127.0.0.1:" + port, "vitrine");
            before = inventory("127.0.0.1:" + port, List.of(CODECS));
        } finally {
            vitrine.destroyForcibly().waitFor();
        }

        try (var kafka = KafkaProcess.start(work, logDir, Map.of())) {
            assertThat(inventory(kafka.bootstrapServers(), List.of(CODECS))).isEqualTo(before);
            goOn(kafka.bootstrapServers(), "kafka");
        }
    }

    /// So that there are several checkpoints, segments, and old ones that went.
    private static Map<String, String> busyMetadata() {
        return Map.of(
                "metadata.log.max.snapshot.interval.ms", "1000",
                "metadata.log.segment.ms", "3000",
                "metadata.max.retention.bytes", "5000",
                "log.cleaner.backoff.ms", "100",
                "group.initial.rebalance.delay.ms", "0");
    }

    private static Inventory inventory(String bootstrapServers, List<String> topics) throws Exception {
        return Inventory.of(bootstrapServers, EVERYTHING, topics, GROUPS);
    }

    private static List<String> committed(String bootstrapServers) throws Exception {
        return Inventory.of(bootstrapServers, "read_committed", List.of(TRANSACTIONS), List.of())
                .recordsOf(TRANSACTIONS, 0);
    }

    private List<Path> metadataFiles(String suffix) throws IOException {
        try (Stream<Path> files = Files.list(logDir.resolve("__cluster_metadata-0"))) {
            return files.filter(file -> file.toString().endsWith(suffix)).toList();
        }
    }

    private static void assertMetadataIsThere(RunningBroker vitrine) {
        var image = vitrine.broker().metadata().image();
        assertThat(image.findTopic(DELETED)).isEmpty();
        assertThat(image.findTopic(CODECS).orElseThrow().configs()).containsEntry("retention.ms", "777000000");
        assertThat(image.findTopic(SEGMENTS).orElseThrow().configs()).containsEntry("segment.bytes", "1048576");
        assertThat(image.findTopic(COMPACTED).orElseThrow().configs()).containsEntry("cleanup.policy", "compact");
    }

    private static void goOn(String bootstrapServers, String who) throws Exception {
        var settings = Map.<String, Object>of("bootstrap.servers", bootstrapServers);
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            for (int partition = 0; partition < 3; partition++) {
                producer.send(new ProducerRecord<>(CODECS, partition, "from", who))
                        .get(60, TimeUnit.SECONDS);
            }
        }
        try (var admin = Admin.create(settings)) {
            var offset = new OffsetAndMetadata(7, who);
            for (var group : GROUPS) {
                admin.alterConsumerGroupOffsets(group, Map.of(new TopicPartition(CODECS, 1), offset))
                        .all()
                        .get(60, TimeUnit.SECONDS);
            }
        }
    }

    /// And that the log before it has gone.
    private static void awaitCheckpoint(RunningBroker vitrine) {
        var metadata = vitrine.broker().metadata();
        await().atMost(Duration.ofSeconds(60))
                .until(() -> metadata.history().checkpointStatus().written() > 0 && metadata.logStartOffset() > 0);
    }

    private static Map<String, String> configs(KafkaProcess kafka, ConfigResource.Type type, String name)
            throws Exception {
        var resource = new ConfigResource(type, name);
        try (var admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            var found = new HashMap<String, String>();
            var described = admin.describeConfigs(List.of(resource)).all().get(60, TimeUnit.SECONDS);
            for (var entry : Objects.requireNonNull(described.get(resource)).entries()) {
                if (entry.source() != ConfigEntry.ConfigSource.DEFAULT_CONFIG) {
                    found.put(entry.name(), String.valueOf(entry.value()));
                }
            }
            return found;
        }
    }
}
