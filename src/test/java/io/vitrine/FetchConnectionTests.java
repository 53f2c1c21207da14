package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.Durability;
import io.vitrine.record.Batches;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What fetches cost a broker, however clients behave.
class FetchConnectionTests {
    private static final short VERSION = 12;

    @TempDir
    Path directory;

    private RunningBroker broker;

    @BeforeEach
    void start() {
        broker = RunningBroker.in(directory);
        broker.createTopic("orders", 1);
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    @Test
    void aWaitingFetchEndsWithItsConnection() throws Exception {
        var partition = broker.broker()
                .partitions()
                .find(new TopicPartition("orders", 0))
                .orElseThrow();
        for (int i = 0; i < 20; i++) {
            try (var client = new WireClient(broker.port())) {
                client.send(ApiKeys.FETCH, VERSION, 1, fetch(Integer.MAX_VALUE, 1));
                await().until(partition.watchers()::count, count -> count == 1);
            }
            await().until(partition.watchers()::count, count -> count == 0);
        }
    }

    @Test
    void manyPartitionsInOneFetchTakeNoLongerThanTheirNumber() throws Exception {
        try (var client = new WireClient(broker.port())) {
            var begin = System.nanoTime();

            var response = (FetchResponseData) client.call(ApiKeys.FETCH, VERSION, fetch(0, 50_000));

            assertThat(response.responses().getFirst().partitions()).hasSize(50_000);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
        }
    }

    /// Each partition has a small batch and then one that does not fit: room for the second must not be held on to.
    @Test
    void aFetchHoldsNoMoreThanItCarries() throws Exception {
        int partitions = 400;
        broker.createTopic("wide", partitions);
        for (int i = 0; i < partitions; i++) {
            var partition = broker.broker()
                    .partitions()
                    .find(new TopicPartition("wide", i))
                    .orElseThrow();
            partition.append(Batches.of("small"), Durability.PAGE_CACHE, true).get();
            partition
                    .append(Batches.of("x".repeat(1_000_000)), Durability.PAGE_CACHE, true)
                    .get();
        }
        var request = fetch(0, partitions);
        request.topics()
                .getFirst()
                .setTopic("wide")
                .partitions()
                .forEach(asked -> asked.setPartitionMaxBytes(1_000_000));

        try (var client = new WireClient(broker.port())) {
            var response = (FetchResponseData) client.call(ApiKeys.FETCH, VERSION, request);

            assertThat(response.responses().getFirst().partitions())
                    .hasSize(partitions)
                    .allSatisfy(data -> assertThat(((MemoryRecords) data.records()).sizeInBytes())
                            .isBetween(1, 1000));
        }
    }

    /// Segments small and large, closed and growing, parts of them to be copied, others to be sent from their files.
    @Test
    void whatIsFetchedIsWhatWasAppended() throws Exception {
        int partitions = 3;
        broker.createTopic("mixed", partitions, Map.of("segment.bytes", "1048576"));
        var random = new Random(11);
        var appended = new HashMap<Integer, List<String>>();
        for (int i = 0; i < 240; i++) {
            var value = i + "x".repeat(random.nextInt(4) == 0 ? random.nextInt(300_000) : random.nextInt(2_000));
            append("mixed", i % partitions, value);
            appended.computeIfAbsent(i % partitions, _ -> new ArrayList<>()).add(value);
        }
        var fetched = new HashMap<Integer, List<String>>();
        try (var client = new WireClient(broker.port())) {
            for (boolean more = true; more; ) {
                var request = fetch(0, partitions);
                request.topics()
                        .getFirst()
                        .setTopic("mixed")
                        .partitions()
                        .forEach(asked -> asked.setFetchOffset(fetched.getOrDefault(asked.partition(), List.of())
                                        .size())
                                .setPartitionMaxBytes(1 + random.nextInt(1_500_000)));
                var response = (FetchResponseData) client.call(ApiKeys.FETCH, VERSION, request);
                more = false;
                for (var data : response.responses().getFirst().partitions()) {
                    var values = fetched.computeIfAbsent(data.partitionIndex(), _ -> new ArrayList<>());
                    for (var batch : ((MemoryRecords) data.records()).batches()) {
                        batch.ensureValid();
                        assertThat(batch.baseOffset()).isEqualTo(values.size());
                        batch.forEach(record -> values.add(
                                StandardCharsets.UTF_8.decode(record.value()).toString()));
                        more = true;
                    }
                }
            }
        }

        assertThat(fetched).isEqualTo(appended);
        await().until(() -> broker.broker().listener().bytesSentFromFiles() > 1_000_000);
    }

    /// The indexes of a closed segment are in their files after a start, whatever the page cache holds.
    @Test
    void whatHasToBeReadFromTheDiskIsLoadedOnce() throws Exception {
        broker.createTopic("old", 1, Map.of("segment.bytes", "1048576"));
        for (int i = 0; i < 20; i++) {
            append("old", 0, i + "x".repeat(100_000));
        }
        broker.close();
        broker = RunningBroker.in(directory);
        var coldReads = broker.broker().partitions().coldReads();
        var request = fetch(60_000, 1);
        request.topics().getFirst().setTopic("old");

        try (var client = new WireClient(broker.port())) {
            for (int i = 0; i < 3; i++) {
                var response = (FetchResponseData) client.call(ApiKeys.FETCH, VERSION, request);

                var data = response.responses().getFirst().partitions().getFirst();
                assertThat(((MemoryRecords) data.records()).sizeInBytes()).isBetween(900_000, 1_000_000);
            }
        }
        assertThat(coldReads.fetchCount()).isEqualTo(1);
        assertThat(coldReads.loadedBytes()).isGreaterThan(900_000);
    }

    @ParameterizedTest
    @ValueSource(shorts = {4, 6})
    void aReplicaIdIsRefusedInEveryVersion(short version) throws Exception {
        try (var client = new WireClient(broker.port())) {
            var response = (FetchResponseData)
                    client.call(ApiKeys.FETCH, version, fetch(0, 1).setReplicaId(1));

            assertThat(response.responses().getFirst().partitions().getFirst().errorCode())
                    .isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER.code());
        }
    }

    @Test
    void pipelinedFetchesAreReadOneByOne() throws Exception {
        var partition = broker.broker()
                .partitions()
                .find(new TopicPartition("orders", 0))
                .orElseThrow();
        try (var client = new WireClient(broker.port())) {
            for (int i = 0; i < 50; i++) {
                client.send(ApiKeys.FETCH, VERSION, i, fetch(60_000, 1));
            }
            await().until(partition.watchers()::count, count -> count == 1);

            partition.append(Batches.of("one"), Durability.PAGE_CACHE, true).get();

            for (int i = 0; i < 50; i++) {
                var response = (FetchResponseData) client.receive(ApiKeys.FETCH, VERSION, i);
                var data = response.responses().getFirst().partitions().getFirst();
                assertThat(((MemoryRecords) data.records()).sizeInBytes()).isPositive();
            }
        }
    }

    private void append(String topic, int partition, String value) throws Exception {
        broker.broker()
                .partitions()
                .find(new TopicPartition(topic, partition))
                .orElseThrow()
                .append(Batches.of(value), Durability.PAGE_CACHE, true)
                .get();
    }

    private static FetchRequestData fetch(int maxWaitMs, int partitions) {
        var asked = new ArrayList<FetchPartition>();
        for (int i = 0; i < partitions; i++) {
            asked.add(new FetchPartition().setPartition(i).setFetchOffset(0).setPartitionMaxBytes(1_000_000));
        }
        var request = new FetchRequestData().setMaxWaitMs(maxWaitMs).setMinBytes(1);
        request.topics().add(new FetchTopic().setTopic("orders").setPartitions(asked));
        return request;
    }
}
