package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Kafka's own `kafka-dump-log` reads the files that we wrote.
class DumpLogTests {
    private static final String FIRST = "00000000000000000000.log";

    @TempDir
    Path directory;

    @TempDir
    Path work;

    @Test
    void kafkasToolFindsEveryBatchValid() throws Exception {
        try (var broker = RunningBroker.in(directory)) {
            broker.createTopic("orders", 1);
            for (var codec : List.of("none", "gzip", "snappy", "lz4", "zstd")) {
                write(broker, codec);
            }
        }

        var dump = dump(directory.resolve("orders-0/00000000000000000000.log"));

        assertThat(dump).contains("compresscodec: zstd", "payload: zstd-value-9", "baseOffset: 0 ");
        assertThat(dump).doesNotContain("isvalid: false", "Exception", "Found");
        assertThat(dump.lines().filter(line -> line.contains("| offset:"))).hasSize(50);
    }

    @Test
    void kafkasToolFindsWhatWasCompressedAnewValid() throws Exception {
        try (var broker = RunningBroker.in(directory)) {
            broker.createTopic("orders", 1, Map.of("compression.type", "gzip"));
            for (var codec : List.of("none", "gzip", "snappy", "lz4", "zstd")) {
                write(broker, codec);
            }
        }

        var dump = dump(directory.resolve("orders-0/00000000000000000000.log"));

        assertThat(dump).contains("compresscodec: gzip", "payload: zstd-value-9", "baseOffset: 40 lastOffset: 49");
        assertThat(dump).doesNotContain("isvalid: false", "Exception", "Found", "compresscodec: zstd");
        assertThat(dump.lines().filter(line -> line.contains("| offset:"))).hasSize(50);
    }

    @ParameterizedTest
    @ValueSource(strings = {".index", ".timeindex", ".snapshot"})
    void kafkasToolReadsWhatLiesBesideALog(String suffix) throws Exception {
        try (var broker = RunningBroker.in(directory)) {
            broker.createTopic("orders", 1, Map.of("index.interval.bytes", "1", "internal.segment.bytes", "1000"));
            for (var codec : List.of("none", "gzip", "snappy", "none", "lz4", "zstd")) {
                write(broker, codec);
            }
        }
        var dumps = new ArrayList<String>();
        try (var files = Files.newDirectoryStream(directory.resolve("orders-0"), "*" + suffix)) {
            for (var file : files) {
                dumps.add(dump(file));
            }
        }

        assertThat(dumps)
                .hasSizeGreaterThan(1)
                .noneMatch(dump -> dump.contains("Exception") || dump.contains("Found"))
                .anyMatch(dump -> dump.contains(suffix.equals(".snapshot") ? "lastSequence: 9" : "offset: "));
    }

    @Test
    void kafkasToolReadsWhatTheCoordinatorsWrite() throws Exception {
        var settings = new HashMap<>(GroupClients.QUICK_GROUPS);
        settings.put("offsets.topic.num.partitions", "1");
        settings.put("share.coordinator.state.topic.num.partitions", "1");
        try (var broker = RunningBroker.in(directory, settings)) {
            broker.createTopic("orders", 1);
            write(broker, "none");
            var clients = new GroupClients(broker);
            try (var member = clients.member("readers", Map.of("group.protocol", "consumer"))) {
                member.subscribe(List.of("orders"));
                GroupClients.poll(member, 10);
                member.commitSync();
            }
            try (var admin = clients.admin()) {
                admin.alterShareGroupOffsets("workers", Map.of(new TopicPartition("orders", 0), 4L))
                        .all()
                        .get();
            }
        }

        var offsets = dump(directory.resolve("__consumer_offsets-0/" + FIRST), "--offsets-decoder");
        var states = dump(directory.resolve("__share_group_state-0/" + FIRST), "--share-group-state-decoder");

        assertThat(offsets)
                .contains("\"group\":\"readers\"", "\"topic\":\"orders\"", "\"offset\":10")
                .contains("\"groupId\":\"workers\"")
                .doesNotContain("isvalid: false", "Exception", "Could not");
        assertThat(states)
                .contains("\"groupId\":\"workers\"", "\"startOffset\":4")
                .doesNotContain("isvalid: false", "Exception", "Could not");
    }

    @Test
    void kafkasToolReadsTheMetadataLog() throws Exception {
        try (var broker = RunningBroker.in(directory)) {
            broker.createTopic("orders", 2);
        }

        var dump =
                dump(directory.resolve("__cluster_metadata-0/00000000000000000000.log"), "--cluster-metadata-decoder");

        assertThat(dump).contains("\"type\":\"TOPIC_RECORD\"", "\"name\":\"orders\"", "\"type\":\"PARTITION_RECORD\"");
        assertThat(dump).doesNotContain("isvalid: false", "Exception");
    }

    @Test
    void kafkasToolReadsACheckpointOfTheMetadata() throws Exception {
        long end;
        try (var broker = RunningBroker.in(directory, Map.of("metadata.log.max.snapshot.interval.ms", "100"))) {
            broker.createTopic("orders", 2, Map.of("retention.ms", "777000"));
            end = broker.broker().metadata().logEndOffset();
            await().until(() ->
                    broker.broker().metadata().history().checkpointStatus().endOffset() == end);
        }

        var dump = dump(
                directory.resolve("__cluster_metadata-0/%020d-0000000001.checkpoint".formatted(end)),
                "--cluster-metadata-decoder");

        assertThat(dump)
                .contains("SnapshotHeader", "KRaftVersion", "KRaftVoters", "SnapshotFooter")
                .contains("\"type\":\"TOPIC_RECORD\"", "\"name\":\"orders\"", "777000")
                .doesNotContain("isvalid: false", "Exception");
        assertThat(dump.lines().filter(line -> line.contains("\"type\":\"PARTITION_RECORD\"")))
                .hasSize(2);
    }

    private static void write(RunningBroker broker, String codec) {
        var settings = new HashMap<String, Object>(Map.of("compression.type", codec, "linger.ms", "20"));
        settings.put("bootstrap.servers", broker.bootstrapServers());
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < 10; i++) {
                producer.send(new ProducerRecord<>("orders", "key", codec + "-value-" + i));
            }
        }
    }

    private String dump(Path file, String... options) throws Exception {
        var arguments = new ArrayList<>(List.of("--files", file.toString(), "--print-data-log"));
        arguments.addAll(List.of(options));
        var output = work.resolve("dump.txt");
        var process = ChildJvm.start(
                output,
                Path.of("target", "kafka-tools", "*").toString(),
                "org.apache.kafka.tools.DumpLogSegments",
                arguments.toArray(String[]::new));
        int status = ChildJvm.await(process);
        var text = Files.readString(output);
        assertThat(status).as(text).isZero();
        return text;
    }
}
