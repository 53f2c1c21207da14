package io.vitrine;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeProducersRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeProducersRequestData.TopicRequestCollection;
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.message.DescribeProducersResponseData.ProducerState;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.serialization.StringSerializer;

/// What readers get of a partition with transactions that were committed, aborted, or are open, request by request;
/// what is answered is put down in lines. `CommittedConversation <port>` prints what the broker there says; run on
/// Apache Kafka, with one replica for `__transaction_state`, it makes the file that ours is compared with.
/// ```
///   0 committed  1 committed  2 marker  3 aborted  4 marker  5 outside  6 open  7 committed  8 marker
/// ```
final class CommittedConversation implements AutoCloseable {
    private static final String TOPIC = "committed";
    private static final long FIRST_TIMESTAMP = 1_000_000;
    private static final int END = 9;

    private final WireClient client;
    private final String servers;
    private final List<String> lines = new ArrayList<>();
    private final Map<Long, String> producers = new LinkedHashMap<>();
    private Uuid topicId = Uuid.ZERO_UUID;
    private long timestamp = FIRST_TIMESTAMP;

    private CommittedConversation(int port) throws IOException {
        this.client = new WireClient(port);
        this.servers = "127.0.0.1:" + port;
    }

    public static void main(String... arguments) throws Exception {
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        run(Integer.parseInt(arguments[0])).forEach(out::println);
    }

    static List<String> run(int port) throws Exception {
        try (var conversation = new CommittedConversation(port)) {
            conversation.write();
            conversation.findTopic();
            conversation.speakOfProducers();
            conversation.speakOfRecords();
            conversation.speakOfOffsets();
            return conversation.lines;
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
    }

    private void write() throws Exception {
        try (var first = producer(Map.of("transactional.id", "first"));
                var outside = producer(Map.of())) {
            first.initTransactions();
            first.beginTransaction();
            send(first);
            send(first);
            first.commitTransaction();
            first.beginTransaction();
            send(first);
            first.abortTransaction();
            send(outside);
            var open = producer(Map.of("transactional.id", "open", "transaction.timeout.ms", "600000"));
            open.initTransactions();
            open.beginTransaction();
            send(open);
            open.close(Duration.ZERO);
            first.beginTransaction();
            send(first);
            first.commitTransaction();
        }
    }

    private void send(KafkaProducer<String, String> producer) throws Exception {
        producer.send(new ProducerRecord<>(TOPIC, 0, timestamp, null, "value")).get(60, TimeUnit.SECONDS);
        timestamp += 1000;
    }

    private KafkaProducer<String, String> producer(Map<String, Object> more) {
        var settings = new LinkedHashMap<String, Object>(more);
        settings.put("bootstrap.servers", servers);
        settings.put("linger.ms", 0);
        return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }

    private void findTopic() throws Exception {
        var wanted = new MetadataRequestData().setTopics(List.of(new MetadataRequestTopic().setName(TOPIC)));
        var answer = (MetadataResponseData) client.call(ApiKeys.METADATA, 12, wanted);
        topicId = answer.topics().iterator().next().topicId();
    }

    private void speakOfProducers() throws Exception {
        describe(TOPIC, 0);
        describe(TOPIC, 7);
        describe("missing", 0);
        describe("no topic", 0);
        describe("", 0);
    }

    private void describe(String topic, int partition) throws Exception {
        var topics = new TopicRequestCollection();
        topics.add(new TopicRequest().setName(topic).setPartitionIndexes(List.of(partition)));
        var request = new DescribeProducersRequestData().setTopics(topics);
        var answer = (DescribeProducersResponseData) client.call(ApiKeys.DESCRIBE_PRODUCERS, 0, request);
        var found = answer.topics().getFirst().partitions().getFirst();
        var known = found.activeProducers().stream()
                .sorted(Comparator.comparingLong(ProducerState::producerId))
                .map(one -> "%s/%d sequence %d coordinator %d open %d"
                        .formatted(
                                nameOf(one.producerId()),
                                one.producerEpoch(),
                                one.lastSequence(),
                                one.coordinatorEpoch(),
                                one.currentTxnStartOffset()))
                .toList();
        lines.add("producers of %s-%d: %s '%s' %s"
                .formatted(topic, partition, Errors.forCode(found.errorCode()), found.errorMessage(), known));
    }

    private void speakOfRecords() throws Exception {
        for (int version : new int[] {4, 12, 17}) {
            for (byte isolation = 0; isolation <= 1; isolation++) {
                for (int offset = 0; offset <= END + 1; offset++) {
                    fetch(version, isolation, offset);
                }
            }
        }
    }

    private void fetch(int version, byte isolation, long offset) throws Exception {
        var partition =
                new FetchPartition().setPartition(0).setFetchOffset(offset).setPartitionMaxBytes(1_000_000);
        var topic = version > 12 ? new FetchTopic().setTopicId(topicId) : new FetchTopic().setTopic(TOPIC);
        var request = new FetchRequestData()
                .setMaxWaitMs(0)
                .setMinBytes(1)
                .setMaxBytes(1_000_000)
                .setSessionEpoch(-1)
                .setIsolationLevel(isolation)
                .setTopics(List.of(topic.setPartitions(List.of(partition))));
        var answer = (FetchResponseData) client.call(ApiKeys.FETCH, version, request);
        var data = answer.responses().getFirst().partitions().getFirst();
        var aborted = data.abortedTransactions() == null
                ? null
                : data.abortedTransactions().stream()
                        .map(one -> nameOf(one.producerId()) + "@" + one.firstOffset())
                        .toList();
        lines.add("fetch %d isolation %d from %d: %s high watermark %d stable %d start %d aborted %s batches %s"
                .formatted(
                        version,
                        isolation,
                        offset,
                        Errors.forCode(data.errorCode()),
                        data.highWatermark(),
                        data.lastStableOffset(),
                        data.logStartOffset(),
                        aborted,
                        batches((MemoryRecords) data.records())));
    }

    private static List<Long> batches(MemoryRecords records) {
        var offsets = new ArrayList<Long>();
        records.batches().forEach(batch -> offsets.add(batch.baseOffset()));
        return offsets;
    }

    private void speakOfOffsets() throws Exception {
        for (int version : new int[] {2, 7, 11}) {
            for (byte isolation = 0; isolation <= 1; isolation++) {
                list(version, isolation, -1);
                list(version, isolation, -2);
                list(version, isolation, -3);
                for (long time = FIRST_TIMESTAMP - 1; time < timestamp; time += 1000) {
                    list(version, isolation, time);
                }
            }
        }
    }

    private void list(int version, byte isolation, long time) throws Exception {
        var partition = new ListOffsetsPartition().setPartitionIndex(0).setTimestamp(time);
        var request = new ListOffsetsRequestData()
                .setReplicaId(-1)
                .setIsolationLevel(isolation)
                .setTopics(List.of(new ListOffsetsTopic().setName(TOPIC).setPartitions(List.of(partition))));
        var answer = (ListOffsetsResponseData) client.call(ApiKeys.LIST_OFFSETS, version, request);
        var found = answer.topics().getFirst().partitions().getFirst();
        // A marker has the time at which it was written.
        var told = found.timestamp() > timestamp ? "of a marker" : String.valueOf(found.timestamp());
        lines.add("offset %d isolation %d at %d: %s %d time %s"
                .formatted(version, isolation, time, Errors.forCode(found.errorCode()), found.offset(), told));
    }

    private String nameOf(long producerId) {
        return producers.computeIfAbsent(producerId, _ -> "p" + (producers.size() + 1));
    }
}
