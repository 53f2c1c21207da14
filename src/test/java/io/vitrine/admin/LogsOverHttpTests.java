package io.vitrine.admin;

import static io.vitrine.inspect.SampleBroker.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.vitrine.inspect.SampleBatches;
import io.vitrine.protocol.RefusalEntry;
import io.vitrine.protocol.Subject;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.junit.jupiter.api.Test;

class LogsOverHttpTests extends RestScenario {
    private static final String BATCHES = "/api/v1/topics/orders/partitions/0/batches";

    @Override
    void prepare() throws Exception {
        broker.createTopic("orders", 2);
        for (int i = 0; i < 200; i++) {
            for (var codec : CompressionType.values()) {
                broker.append("orders", Compression.of(codec).build(), record("k", "v"), record("k", "v"));
            }
        }
        broker.createTopicWith("fruit", SampleBatches.withoutHeaderCount(0), SampleBatches.damaged(1));
        try (var file = new RandomAccessFile(broker.logFile("fruit").toFile(), "rw")) {
            file.seek(68);
            file.write('b');
        }
        broker.createTopicWith("bombs", SampleBatches.bomb());
    }

    @Test
    void theClusterIsShown() throws Exception {
        var cluster = rest.get(200, "/api/v1/cluster");

        assertThat(cluster.get("clusterId").stringValue())
                .isEqualTo(broker.metadata().image().clusterId());
        assertThat(cluster.get("brokers").toString()).isEqualTo("[{\"id\":1,\"host\":\"127.0.0.1\",\"port\":9092}]");
        assertThat(cluster.get("features").has("metadata.version")).isTrue();
        assertThat(cluster.get("metadataLog").get("logEndOffset").longValue())
                .isEqualTo(broker.metadata().logEndOffset());
    }

    @Test
    void topicsAreSortedAndTheMetadataLogIsOneOfThem() throws Exception {
        assertThat(rest.get(200, "/api/v1/topics").get("items").findValuesAsString("name"))
                .containsExactly("__cluster_metadata", "bombs", "fruit", "orders");
        assertThat(rest.get(200, "/api/v1/topics?internal=false").get("items").findValuesAsString("name"))
                .containsExactly("bombs", "fruit", "orders");
    }

    @Test
    void aTopicTellsItsSize() throws Exception {
        var topic = rest.get(200, "/api/v1/topics/orders");

        assertThat(topic.get("partitions").intValue()).isEqualTo(2);
        assertThat(topic.get("replicationFactor").intValue()).isEqualTo(1);
        assertThat(topic.get("records").longValue()).isEqualTo(2000);
        assertThat(topic.get("sizeBytes").longValue()).isGreaterThan(80_000);
    }

    @Test
    void aPartitionShowsItsMarks() throws Exception {
        var partition = rest.get(200, "/api/v1/topics/orders/partitions/0");

        assertThat(partition.get("leader").intValue()).isEqualTo(1);
        assertThat(partition.get("isr").toString()).isEqualTo("[1]");
        assertThat(partition.get("logEndOffset").longValue()).isEqualTo(2000);
        assertThat(partition.get("highWatermark").longValue()).isEqualTo(2000);
        assertThat(partition.get("segments").intValue()).isGreaterThan(5);
        assertThat(partition.has("cleaner")).isFalse();
        assertThat(rest.get(200, "/api/v1/topics/orders/partitions")
                        .get("items")
                        .size())
                .isEqualTo(2);
    }

    @Test
    void segmentsFollowOneAnotherAndLeadToTheirBatches() throws Exception {
        var segments =
                rest.get(200, "/api/v1/topics/orders/partitions/0/segments").get("items");

        long next = 0;
        for (var segment : segments) {
            assertThat(segment.get("baseOffset").longValue()).isEqualTo(next);
            var first = rest.get(200, segment.get("links").get("batches").stringValue() + "&limit=1")
                    .get("items")
                    .get(0);
            assertThat(first.get("filePosition").longValue()).isZero();
            assertThat(first.get("segment").longValue()).isEqualTo(next);
            next = segment.get("nextOffset").longValue();
        }
        assertThat(next).isEqualTo(2000);
    }

    @Test
    void everyBatchIsListedOverAllPages() throws Exception {
        long nextOffset = 0;
        var next = BATCHES + "?limit=300";
        while (next != null) {
            var page = rest.get(200, next);
            for (var batch : page.get("items")) {
                assertThat(batch.get("baseOffset").longValue()).isEqualTo(nextOffset);
                assertThat(batch.get("crcValid").booleanValue()).isTrue();
                nextOffset = batch.get("lastOffset").longValue() + 1;
            }
            next = page.has("next") ? page.get("next").stringValue() : null;
        }

        assertThat(nextOffset).isEqualTo(2000);
    }

    @Test
    void codecsAreNamed() throws Exception {
        var page = rest.get(200, BATCHES + "?limit=5");

        assertThat(page.get("items").findValuesAsString("codec"))
                .containsExactly("none", "gzip", "snappy", "lz4", "zstd");
    }

    @Test
    void aBatchIsFoundByAnyOfItsOffsets() throws Exception {
        assertThat(rest.get(200, BATCHES + "/3").get("baseOffset").longValue()).isEqualTo(2);
    }

    @Test
    void aBatchIsTakenApart() throws Exception {
        var anatomy = rest.get(200, BATCHES + "/0?annotate=true").get("anatomy");

        assertThat(anatomy.get("in").stringValue()).isEqualTo("batch");
        assertThat(anatomy.get("fields").get(1).toString())
                .isEqualTo("{\"name\":\"batchLength\",\"offset\":8,\"length\":4,\"hex\":\"00 00 00 43\",\"value\":67,"
                        + "\"meaning\":\"bytes that follow this field\"}");
        assertThat(anatomy.get("records").get(0).get("fields").get(0).toString())
                .isEqualTo("{\"name\":\"length\",\"offset\":61,\"length\":1,\"hex\":\"10\",\"value\":8,"
                        + "\"meaning\":\"bytes of the record that follow\"}");
        assertThat(rest.get(200, BATCHES + "/2?annotate=true")
                        .get("anatomy")
                        .get("in")
                        .stringValue())
                .isEqualTo("uncompressed");
    }

    @Test
    void aTerminalGetsADumpAndAProgramTheBytes() throws Exception {
        var dump = rest.get(BATCHES + "/0", "text/plain");
        var bytes = rest.getBytes(BATCHES + "/0");

        assertThat(dump.body()).startsWith("batch 0..1, 79 bytes, at byte 0 of segment 0\n");
        var log = Files.readAllBytes(broker.logFile("orders"));
        assertThat(bytes.body()).isEqualTo(Arrays.copyOf(log, 79));
    }

    @Test
    void aLinkCanSayInWhichFormABatchComes() throws Exception {
        var links = rest.get(200, BATCHES + "/2").get("links");

        var dump = rest.get(links.get("hex").stringValue(), "text/html,*/*;q=0.8");
        var bytes = rest.getRange(links.get("raw").stringValue(), Map.of("Range", "bytes=0-60"));
        var json = rest.get(BATCHES + "/2?format=json", "text/plain");

        assertThat(dump.body()).startsWith("batch 2..3, ").contains("# records: gzip, unpacks to ");
        assertThat(dump.headers().firstValue("Content-Type")).hasValue("text/plain;charset=UTF-8");
        assertThat(bytes.statusCode()).isEqualTo(206);
        assertThat(bytes.headers().firstValue("Content-Disposition"))
                .hasValue("attachment; filename=\"orders-0-2-batch.bin\"");
        assertThat(bytes.body()).hasSize(61).startsWith(0, 0, 0, 0, 0, 0, 0, 2);
        assertThat(json.body()).startsWith("{\"baseOffset\":2,");
        rest.get(200, links.get("segment").stringValue());
        assertThat(links.has("producers")).isFalse();
    }

    @Test
    void aCompressedBatchTellsItsRatio() throws Exception {
        var anatomy = rest.get(200, BATCHES + "/2?annotate=true&limit=1").get("anatomy");

        var compression = anatomy.get("compression");
        assertThat(compression.get("codec").stringValue()).isEqualTo("gzip");
        assertThat(compression.get("ratio").doubleValue())
                .isCloseTo(
                        compression.get("compressedBytes").doubleValue()
                                / compression.get("uncompressedBytes").doubleValue(),
                        within(0.001));
        assertThat(rest.get(200, BATCHES + "/0?annotate=true").get("anatomy").has("compression"))
                .isFalse();
    }

    @Test
    void damageIsNamedWithBothChecksums() throws Exception {
        var batch = rest.get(200, "/api/v1/topics/fruit/partitions/0/batches/0?annotate=true");

        assertThat(batch.get("crcValid").booleanValue()).isFalse();
        assertThat(batch.get("crc").longValue())
                .isNotEqualTo(batch.get("computedCrc").longValue());
        var next = rest.get(200, "/api/v1/topics/fruit/partitions/0/batches/1?annotate=true");
        assertThat(next.get("anatomy").get("problem").get("position").intValue())
                .isEqualTo(67);
    }

    @Test
    void aBombIsTakenApartAsFarAsItMay() throws Exception {
        var anatomy = rest.get(200, "/api/v1/topics/bombs/partitions/0/batches/0?annotate=true")
                .get("anatomy");

        assertThat(anatomy.get("problem").get("reason").stringValue())
                .isEqualTo("the records unpack to more than the 104857600 bytes allowed");
    }

    @Test
    void theMetadataLogIsTakenApartToo() throws Exception {
        var anatomy = rest.get(200, "/api/v1/topics/__cluster_metadata/partitions/0/batches/0?annotate=true");

        assertThat(anatomy.findValuesAsString("name")).contains("value.frameVersion", "value.type", "value.data");
        assertThat(rest.get(200, "/api/v1/topics/__cluster_metadata/partitions/0/segments")
                        .get("items")
                        .size())
                .isEqualTo(1);
    }

    @Test
    void refusalsComeNewestFirst() throws Exception {
        for (int i = 0; i < 3; i++) {
            rest.refusals()
                    .add(new RefusalEntry(
                            Instant.ofEpochMilli(i),
                            1,
                            "127.0.0.1:5",
                            "app",
                            "PRODUCE",
                            9,
                            i,
                            Subject.partition("orders", i % 2),
                            "CORRUPT_MESSAGE",
                            "CRC",
                            "x",
                            Map.of()));
        }

        var refusals = rest.get(200, "/api/v1/refusals?limit=2");

        assertThat(refusals.get("total").intValue()).isEqualTo(3);
        assertThat(refusals.get("items").findValues("correlationId").toString()).isEqualTo("[2, 1]");
        var newest = refusals.get("items").get(0);
        assertThat(newest.get("timestampIso").stringValue()).isEqualTo("1970-01-01T00:00:00.002Z");
        assertThat(newest.get("times").intValue()).isEqualTo(2);
        assertThat(newest.get("firstTimestampIso").stringValue()).isEqualTo("1970-01-01T00:00:00Z");
    }

    @Test
    void logDirectoriesTellTheirRoom() throws Exception {
        var directories = rest.get(200, "/api/v1/log-dirs").get("items");

        assertThat(directories.get(0).get("path").stringValue()).isEqualTo(directory.toString());
        assertThat(directories.get(0).get("usableBytes").longValue()).isPositive();
    }
}
