package io.vitrine.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.RunningBroker;
import io.vitrine.WireClient;
import io.vitrine.protocol.RefusalEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDir;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDirCollection;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDirTopic;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDirTopicCollection;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two log directories, as clients see them.
class LogDirsTests {
    @TempDir
    private Path directory;

    private RunningBroker broker;
    private Path first;
    private Path second;

    @BeforeEach
    void start() {
        first = directory.resolve("first");
        second = directory.resolve("second");
        broker = RunningBroker.in(directory, Map.of("log.dirs", first + "," + second));
        broker.createTopic("orders", 2);
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    @Test
    void eachPartitionIsInOneOfThemWithItsSize() throws Exception {
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>("orders", 0, null, new byte[1000]))
                    .get();
        }

        var results = describe();

        for (var result : results) {
            assertThat(result.errorCode()).isEqualTo(Errors.NONE.code());
            assertThat(result.totalBytes()).isGreaterThan(result.usableBytes()).isPositive();
            for (var partition : result.topics().getFirst().partitions()) {
                var log = Path.of(result.logDir(), "orders-" + partition.partitionIndex(), "%020d.log".formatted(0));
                assertThat(partition.partitionSize())
                        .isEqualTo(Files.size(log))
                        .satisfies(size -> assertThat(size > 1000).isEqualTo(partition.partitionIndex() == 0));
            }
        }
        assertThat(results)
                .extracting(DescribeLogDirsResult::logDir)
                .containsExactly(first.toString(), second.toString());
    }

    @Test
    void aDirectoryThatIsGoneIsAnErrorOfItsOwn() throws Exception {
        Files.move(second, directory.resolve("elsewhere"));
        try {
            var results =
                    describe().stream().collect(Collectors.toMap(DescribeLogDirsResult::logDir, result -> result));

            var gone = Objects.requireNonNull(results.get(second.toString()));
            assertThat(gone.errorCode()).isEqualTo(Errors.KAFKA_STORAGE_ERROR.code());
            assertThat(gone.totalBytes()).isEqualTo(-1);
            assertThat(Objects.requireNonNull(results.get(first.toString())).topics())
                    .hasSize(1);
        } finally {
            Files.move(directory.resolve("elsewhere"), second);
        }
    }

    @Test
    void aReplicaIsNotMovedAndTheReasonIsKept() throws Exception {
        boolean isInFirst = Files.exists(first.resolve("orders-0"));

        assertThat(move(isInFirst ? first : second)).isEqualTo(Errors.NONE);
        assertThat(move(isInFirst ? second : first)).isEqualTo(Errors.INVALID_REQUEST);

        assertThat(broker.broker().refusals().latest(1))
                .singleElement()
                .extracting(RefusalEntry::subject, RefusalEntry::reason)
                .containsExactly("orders-0", "NOT_MOVED");
    }

    private List<DescribeLogDirsResult> describe() throws IOException {
        try (var client = new WireClient(broker.port())) {
            var request = new DescribeLogDirsRequestData().setTopics(null);
            return ((DescribeLogDirsResponseData) client.call(ApiKeys.DESCRIBE_LOG_DIRS, 5, request)).results();
        }
    }

    private Errors move(Path target) throws IOException {
        var topics = new AlterReplicaLogDirTopicCollection();
        topics.add(new AlterReplicaLogDirTopic().setName("orders").setPartitions(List.of(0)));
        var directories = new AlterReplicaLogDirCollection();
        directories.add(new AlterReplicaLogDir().setPath(target.toString()).setTopics(topics));
        try (var client = new WireClient(broker.port())) {
            var answer = (AlterReplicaLogDirsResponseData) client.call(
                    ApiKeys.ALTER_REPLICA_LOG_DIRS, 2, new AlterReplicaLogDirsRequestData().setDirs(directories));
            return Errors.forCode(
                    answer.results().getFirst().partitions().getFirst().errorCode());
        }
    }
}
