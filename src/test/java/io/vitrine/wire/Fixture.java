package io.vitrine.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// The log directory that the conversations start from, as a test suite for brokers prepares it: a metadata log with
/// three topics, a log with two records, no index and no checkpoint.
final class Fixture {
    static final String LOG = "00000000000000000000.log";
    private static final Map<String, Integer> PARTITIONS = Map.of("mango", 2, "papaya", 3, "peach", 1);
    private static final Map<String, Integer> LAST_BYTE_OF_ID = Map.of("mango", 0x91, "papaya", 0x92, "peach", 0x93);
    private static final String PRELOADED = "peach-0";

    private Fixture() {}

    static void writeTo(Path directory) throws IOException {
        Files.writeString(directory.resolve("meta.properties"), """
                #
                #Wed Sep 11 09:12:23 UTC 2024
                cluster.id=IAAAAAAAQACAAAAAAAAAAQ
                directory.id=EAAAAAAAQACAAAAAAAAAAQ==
                node.id=1
                version=1
                """);
        Files.writeString(directory.resolve(".kafka_cleanshutdown"), "{\"version\":0,\"brokerEpoch\":10}");
        writeLog(directory, "__cluster_metadata-0", "AAAAAAAAAAAAAAAAAAAAAQ", HexFile.bytes("fixture-metadata-log"));
        for (var topic : PARTITIONS.keySet()) {
            for (var partition : partitionsOf(topic)) {
                writeLog(directory, partition, idOf(topic), contentAtStart(partition));
            }
        }
    }

    /// The logs of all partitions, by their directories, as they are before the first request.
    static Map<String, byte[]> logsAtStart() {
        var logs = new TreeMap<String, byte[]>();
        for (var topic : PARTITIONS.keySet()) {
            partitionsOf(topic).forEach(partition -> logs.put(partition, contentAtStart(partition)));
        }
        return logs;
    }

    private static byte[] contentAtStart(String partition) {
        return partition.equals(PRELOADED) ? HexFile.bytes("fixture-peach-log") : new byte[0];
    }

    private static List<String> partitionsOf(String topic) {
        return IntStream.range(0, PARTITIONS.getOrDefault(topic, 0))
                .mapToObj(index -> topic + "-" + index)
                .toList();
    }

    /// Standard base64 with padding, which Kafka itself does not write.
    private static String idOf(String topic) {
        var id = ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(0x71a5_9a51_8968_4f8bL)
                .putLong(0x937e_0000_0000_0000L | LAST_BYTE_OF_ID.getOrDefault(topic, 0));
        return Base64.getEncoder().encodeToString(id.array());
    }

    private static void writeLog(Path directory, String partition, String topicId, byte[] content) throws IOException {
        var folder = Files.createDirectory(directory.resolve(partition));
        Files.writeString(folder.resolve("partition.metadata"), "version: 0\ntopic_id: " + topicId);
        Files.write(folder.resolve(LOG), content);
    }
}
