package io.vitrine;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddOffsetsToTxnResponseData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopicCollection;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransaction;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransactionCollection;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnTopicResultCollection;
import org.apache.kafka.common.message.DescribeTransactionsRequestData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarker;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarkerTopic;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;

/// What can go wrong with transactions, asked request by request; what is answered is put down in lines.
/// `TransactionConversation <port>` prints what the broker there says; run on Apache Kafka, with one replica for
/// `__transaction_state`, it makes the file that ours is compared with. Producer ids are named in the order in which
/// they come.
final class TransactionConversation implements AutoCloseable {
    private static final String TOPIC = "conversation";
    private static final String GROUP = "conversing";
    private static final long NOBODY = 424_242;

    private final WireClient client;
    private final List<String> lines = new ArrayList<>();
    private final Map<Long, String> producers = new LinkedHashMap<>(Map.of(-1L, "none", NOBODY, "nobody"));
    private Uuid topicId = Uuid.ZERO_UUID;

    private record Producer(long id, int epoch) {
        Producer epoch(int other) {
            return new Producer(id, other);
        }
    }

    private TransactionConversation(int port) throws IOException {
        this.client = new WireClient(port);
    }

    public static void main(String... arguments) throws Exception {
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        run(Integer.parseInt(arguments[0])).forEach(out::println);
    }

    /// Speaks with the broker on a port that nobody has spoken with before.
    static List<String> run(int port) throws Exception {
        try (var conversation = new TransactionConversation(port)) {
            conversation.begin();
            conversation.speakOfCoordinators();
            conversation.speakOfProducers();
            conversation.speakOfPartitions();
            conversation.speakOfTheEnd();
            conversation.speakOfTheEndWithRisingEpochs();
            conversation.speakOfFencing();
            conversation.speakOfOffsets();
            conversation.speakOfRecords();
            conversation.speakOfMarkers();
            conversation.speakOfLists();
            return conversation.lines;
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
    }

    private void begin() throws Exception {
        var wanted = new MetadataRequestData()
                .setAllowAutoTopicCreation(true)
                .setTopics(List.of(new MetadataRequestTopic().setName(TOPIC)));
        while (topicId.equals(Uuid.ZERO_UUID)) {
            var answer = (MetadataResponseData) client.call(ApiKeys.METADATA, 12, wanted);
            topicId = answer.topics().iterator().next().topicId();
        }
        for (int type : new int[] {1, 0}) {
            var request = new FindCoordinatorRequestData()
                    .setKeyType((byte) type)
                    .setCoordinatorKeys(List.of(type == 0 ? GROUP : "t"));
            short error;
            do {
                TimeUnit.MILLISECONDS.sleep(20);
                var answer = (FindCoordinatorResponseData) client.call(ApiKeys.FIND_COORDINATOR, 6, request);
                error = answer.coordinators().getFirst().errorCode();
            } while (error != Errors.NONE.code());
        }
        while (init("warm", 60_000, null, 5).contains("COORDINATOR")) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        lines.clear();
    }

    private void speakOfCoordinators() throws Exception {
        for (var id : List.of("", "t", "x".repeat(300))) {
            for (int version : new int[] {2, 6}) {
                var request = new FindCoordinatorRequestData().setKeyType((byte) 1);
                var answer = (FindCoordinatorResponseData) client.call(
                        ApiKeys.FIND_COORDINATOR,
                        version,
                        version < 4 ? request.setKey(id) : request.setCoordinatorKeys(List.of(id)));
                var code = version < 4
                        ? answer.errorCode()
                        : answer.coordinators().getFirst().errorCode();
                say("find %d %d characters: %s", version, id.length(), error(code));
            }
        }
    }

    private void speakOfProducers() throws Exception {
        init("", 60_000, null, 5);
        init("t", 0, null, 5);
        init("t", -1, null, 5);
        init("t", 900_001, null, 5);
        init("t", 60_000, new Producer(NOBODY, -1), 5);
        init("t", 60_000, new Producer(-1, 3), 5);
        init(null, 0, null, 5);
        init(null, -1, new Producer(NOBODY, 0), 5);
        init("never", 60_000, new Producer(NOBODY, 7), 5);
        var first = given("t");
        given("t");
        init("t", 60_000, first.epoch(1), 5);
        init("t", 60_000, first.epoch(1), 5);
        init("t", 60_000, first.epoch(0), 5);
        init("t", 60_000, first.epoch(0), 3);
        init("t", 60_000, new Producer(NOBODY, 2), 5);
        init("t", 60_000, new Producer(NOBODY, Short.MAX_VALUE - 1), 5);
        init("t", 60_000, first.epoch(9), 5);
        init("t", 60_000, first.epoch(2), 0);
    }

    private void speakOfPartitions() throws Exception {
        add("nobody's", new Producer(NOBODY, 0), 3, TOPIC, 0);
        var producer = given("p");
        add("", producer, 3, TOPIC, 0);
        add("p", producer.epoch(5), 3, TOPIC, 0);
        add("p", producer.epoch(5), 1, TOPIC, 0);
        add("p", new Producer(NOBODY, 0), 3, TOPIC, 0);
        add("p", producer, 3, "missing", 0);
        add("p", producer, 3, TOPIC, 0, 7);
        describe("p");
        add("p", producer, 3, TOPIC, 0);
        add("p", producer, 0, TOPIC, 0);
        describe("p");
        for (int version : new int[] {4, 5}) {
            verify("p", producer, version, TOPIC);
            verify("p", producer, version, "missing");
            verify("p", producer.epoch(3), version, TOPIC);
            verify("p", new Producer(NOBODY, 0), version, TOPIC);
            verify("nobody's", producer, version, TOPIC);
            verify("", producer, version, TOPIC);
        }
        var other = given("q");
        verify("q", other, 5, TOPIC);
        verify("q", other, 4, "__consumer_offsets");
    }

    private void speakOfTheEnd() throws Exception {
        end("", new Producer(NOBODY, 0), true, 4);
        end("nobody's", new Producer(NOBODY, 0), true, 4);
        var producer = given("e");
        end("e", producer, true, 4);
        end("e", producer, false, 4);
        add("e", producer, 3, TOPIC, 0);
        end("e", producer.epoch(4), true, 4);
        end("e", producer.epoch(4), true, 1);
        end("e", new Producer(NOBODY, 0), true, 4);
        end("e", producer, true, 4);
        settle("e");
        end("e", producer, true, 4);
        end("e", producer, false, 4);
        add("e", producer, 3, TOPIC, 0);
        end("e", producer, false, 3);
        settle("e");
        end("e", producer, false, 0);
        end("e", producer, true, 2);
        init("e", 60_000, null, 5);
        end("e", producer, true, 4);
    }

    private void speakOfTheEndWithRisingEpochs() throws Exception {
        end("", new Producer(NOBODY, 0), true, 5);
        end("nobody's", new Producer(NOBODY, 0), true, 5);
        var producer = given("r");
        end("r", producer, true, 5);
        end("r", producer.epoch(7), false, 5);
        end("r", new Producer(NOBODY, 0), false, 5);
        end("r", producer, false, 5);
        settle("r");
        end("r", producer, false, 5);
        end("r", producer, true, 5);
        end("r", producer.epoch(1), true, 5);
        add("r", producer.epoch(1), 4, TOPIC, 0);
        end("r", producer, false, 5);
        end("r", producer.epoch(1), true, 5);
        settle("r");
        end("r", producer.epoch(1), true, 5);
        end("r", producer.epoch(1), false, 5);
        end("r", producer.epoch(2), true, 5);
        end("r", producer.epoch(2), false, 5);
        settle("r");
        end("r", producer.epoch(2), false, 5);
        describe("r");
    }

    private void speakOfFencing() throws Exception {
        var producer = given("f");
        add("f", producer, 3, TOPIC, 0);
        init("f", 60_000, null, 5);
        settle("f");
        describe("f");
        init("f", 60_000, null, 5);
        add("f", producer, 3, TOPIC, 0);
        end("f", producer, true, 4);
        end("f", producer, true, 5);
    }

    private void speakOfOffsets() throws Exception {
        var producer = given("o");
        commitOffset("o", producer, 3, 0);
        commitOffset("o", producer, 4, 0);
        commitOffset("o", producer, 3, 9);
        commitOffset("", producer, 4, 0);
        commitAs("o", producer, "", -1, "nobody");
        addOffsets("nobody's", producer, 3);
        addOffsets("o", producer.epoch(4), 3);
        addOffsets("o", producer.epoch(4), 1);
        addOffsets("o", new Producer(NOBODY, 0), 3);
        addOffsets("o", producer, 3);
        commitOffset("o", producer.epoch(4), 3, 0);
        commitOffset("o", producer, 3, 0);
        end("o", producer, true, 4);
        settle("o");
        var rising = given("o");
        commitOffset("o", rising.epoch(9), 5, 0);
        commitOffset("nobody's", rising, 5, 0);
        commitOffset("o", new Producer(NOBODY, 0), 5, 0);
        commitOffset("o", rising, 5, 0);
        commitOffset("o", rising, 6, 0);
        commitAs("o", rising, GROUP, -1, "nobody");
        commitAs("o", rising, GROUP, 3, "");
        commitAs("o", rising, GROUP, 3, "nobody");
        commitAs("o", rising, "", -1, "");
        commitOffset("o", rising, 6, 9);
        end("o", rising, true, 5);
        settle("o");
        commitOffset("o", rising, 5, 0);
    }

    private void speakOfRecords() throws Exception {
        var producer = given("w");
        produce("w", producer, 11, 0);
        produce("w", producer, 10, 0);
        produce("nobody's", producer, 11, 0);
        produce("nobody's", producer, 12, 0);
        produce(null, producer, 11, 0);
        produce("", producer, 11, 0);
        produce("", producer, 12, 0);
        produce("w", producer.epoch(4), 12, 0);
        produce("w", new Producer(NOBODY, 0), 12, 0);
        produce("w", producer, 12, 0);
        produce("w", producer, 12, 1);
        produce("w", producer, 12, 5);
        describe("w");
        end("w", producer, true, 5);
        settle("w");
        produce("w", producer, 12, 2);
        produce("w", producer.epoch(1), 12, 0);
        end("w", producer.epoch(1), false, 5);
        settle("w");
        var older = given("x");
        add("x", older, 3, TOPIC, 0);
        produce("x", older, 11, 0);
        end("x", older, true, 4);
        settle("x");
        produce("x", older, 11, 1);
    }

    private void speakOfMarkers() throws Exception {
        var producer = given("m");
        produce("m", producer, 12, 0);
        mark(producer, 0, 9, 1);
        mark(producer, 0, -1, 1);
        mark(producer, 0, 0, 1);
        mark(producer, 0, 0, 2);
        describe("m");
        end("m", producer, true, 5);
        settle("m");
    }

    private void speakOfLists() throws Exception {
        describe("");
        describe("nobody's");
        list("all", new ListTransactionsRequestData(), 2);
        list("Ongoing", new ListTransactionsRequestData().setStateFilters(List.of("Ongoing")), 0);
        list("states", new ListTransactionsRequestData().setStateFilters(List.of("Empty", "Nonsense", "nonsense")), 0);
        list("pattern", new ListTransactionsRequestData().setTransactionalIdPattern("[e-o]"), 2);
        list("part", new ListTransactionsRequestData().setTransactionalIdPattern("ar"), 2);
        list("empty", new ListTransactionsRequestData().setTransactionalIdPattern(""), 2);
        list("no pattern", new ListTransactionsRequestData().setTransactionalIdPattern("("), 2);
        list("nobody", new ListTransactionsRequestData().setProducerIdFilters(List.of(NOBODY)), 0);
        list("long", new ListTransactionsRequestData().setDurationFilter(10_000_000), 1);
    }

    /// Waits until a transaction is complete.
    private void settle(String id) throws Exception {
        var request = new DescribeTransactionsRequestData().setTransactionalIds(List.of(id));
        String state;
        do {
            TimeUnit.MILLISECONDS.sleep(10);
            var answer = (DescribeTransactionsResponseData) client.call(ApiKeys.DESCRIBE_TRANSACTIONS, 0, request);
            state = answer.transactionStates().getFirst().transactionState();
        } while (state.startsWith("Prepare"));
    }

    private Producer given(String id) throws Exception {
        var request = new InitProducerIdRequestData().setTransactionalId(id).setTransactionTimeoutMs(60_000);
        var answer = (InitProducerIdResponseData) client.call(ApiKeys.INIT_PRODUCER_ID, 5, request);
        var told = new Producer(answer.producerId(), answer.producerEpoch());
        say("given %s: %s %s", id, error(answer.errorCode()), name(told));
        return told;
    }

    private String init(@Nullable String id, int timeoutMs, @Nullable Producer expected, int version) throws Exception {
        var request = new InitProducerIdRequestData().setTransactionalId(id).setTransactionTimeoutMs(timeoutMs);
        if (expected != null && version >= 3) {
            request.setProducerId(expected.id()).setProducerEpoch((short) expected.epoch());
        }
        var answer = (InitProducerIdResponseData) client.call(ApiKeys.INIT_PRODUCER_ID, version, request);
        var told = name(new Producer(answer.producerId(), answer.producerEpoch()));
        return say(
                "init %d %s %d %s: %s %s",
                version,
                String.valueOf(id),
                timeoutMs,
                expected == null ? "-" : name(expected),
                error(answer.errorCode()),
                told);
    }

    private void add(String id, Producer producer, int version, String topic, int... partitions) throws Exception {
        var topics = new AddPartitionsToTxnTopicCollection();
        topics.add(new AddPartitionsToTxnTopic()
                .setName(topic)
                .setPartitions(java.util.Arrays.stream(partitions).boxed().toList()));
        var request = version < 4
                ? new AddPartitionsToTxnRequestData()
                        .setV3AndBelowTransactionalId(id)
                        .setV3AndBelowProducerId(producer.id())
                        .setV3AndBelowProducerEpoch((short) producer.epoch())
                        .setV3AndBelowTopics(topics)
                : transactions(id, producer, topics, false);
        var answer = (AddPartitionsToTxnResponseData) client.call(ApiKeys.ADD_PARTITIONS_TO_TXN, version, request);
        say("add %d %s %s %s: %s", version, id, name(producer), topic, results(answer, version));
    }

    private void verify(String id, Producer producer, int version, String topic) throws Exception {
        var topics = new AddPartitionsToTxnTopicCollection();
        topics.add(new AddPartitionsToTxnTopic().setName(topic).setPartitions(List.of(0)));
        var answer = (AddPartitionsToTxnResponseData)
                client.call(ApiKeys.ADD_PARTITIONS_TO_TXN, version, transactions(id, producer, topics, true));
        say("verify %d %s %s %s: %s", version, id, name(producer), topic, results(answer, version));
    }

    private static AddPartitionsToTxnRequestData transactions(
            String id, Producer producer, AddPartitionsToTxnTopicCollection topics, boolean verifyOnly) {
        var transactions = new AddPartitionsToTxnTransactionCollection();
        transactions.add(new AddPartitionsToTxnTransaction()
                .setTransactionalId(id)
                .setProducerId(producer.id())
                .setProducerEpoch((short) producer.epoch())
                .setVerifyOnly(verifyOnly)
                .setTopics(topics));
        return new AddPartitionsToTxnRequestData().setTransactions(transactions);
    }

    private static String results(AddPartitionsToTxnResponseData answer, int version) {
        if (version < 4) {
            return results(answer.resultsByTopicV3AndBelow());
        }
        var all = new ArrayList<String>();
        answer.resultsByTransaction()
                .forEach(result -> all.add(result.transactionalId() + results(result.topicResults())));
        return error(answer.errorCode()) + all;
    }

    private static String results(AddPartitionsToTxnTopicResultCollection topics) {
        var all = new ArrayList<String>();
        topics.forEach(topic -> topic.resultsByPartition().stream()
                .map(partition -> "%s-%d %s"
                        .formatted(topic.name(), partition.partitionIndex(), error(partition.partitionErrorCode())))
                .sorted()
                .forEach(all::add));
        return all.toString();
    }

    private void addOffsets(String id, Producer producer, int version) throws Exception {
        var request = new AddOffsetsToTxnRequestData()
                .setTransactionalId(id)
                .setProducerId(producer.id())
                .setProducerEpoch((short) producer.epoch())
                .setGroupId(GROUP);
        var answer = (AddOffsetsToTxnResponseData) client.call(ApiKeys.ADD_OFFSETS_TO_TXN, version, request);
        say("add offsets %d %s %s: %s", version, id, name(producer), error(answer.errorCode()));
    }

    private void commitOffset(String id, Producer producer, int version, int partition) throws Exception {
        var request = new TxnOffsetCommitRequestData()
                .setTransactionalId(id)
                .setGroupId(GROUP)
                .setProducerId(producer.id())
                .setProducerEpoch((short) producer.epoch())
                .setTopics(List.of(new TxnOffsetCommitRequestTopic()
                        .setName(TOPIC)
                        .setTopicId(topicId)
                        .setPartitions(List.of(new TxnOffsetCommitRequestPartition()
                                .setPartitionIndex(partition)
                                .setCommittedOffset(1)))));
        var answer = (TxnOffsetCommitResponseData) client.call(ApiKeys.TXN_OFFSET_COMMIT, version, request);
        say(
                "commit offset %d %s %s %d: %s",
                version,
                id,
                name(producer),
                partition,
                error(answer.topics().getFirst().partitions().getFirst().errorCode()));
    }

    private void commitAs(String id, Producer producer, String group, int generation, String member) throws Exception {
        var request = new TxnOffsetCommitRequestData()
                .setTransactionalId(id)
                .setGroupId(group)
                .setGenerationIdOrMemberEpoch(generation)
                .setMemberId(member)
                .setProducerId(producer.id())
                .setProducerEpoch((short) producer.epoch())
                .setTopics(List.of(new TxnOffsetCommitRequestTopic()
                        .setName(TOPIC)
                        .setPartitions(List.of(new TxnOffsetCommitRequestPartition().setCommittedOffset(1)))));
        var answer = (TxnOffsetCommitResponseData) client.call(ApiKeys.TXN_OFFSET_COMMIT, 5, request);
        say(
                "commit offset as '%s' %d of '%s': %s",
                member,
                generation,
                group,
                error(answer.topics().getFirst().partitions().getFirst().errorCode()));
    }

    private void end(String id, Producer producer, boolean commit, int version) throws Exception {
        var request = new EndTxnRequestData()
                .setTransactionalId(id)
                .setProducerId(producer.id())
                .setProducerEpoch((short) producer.epoch())
                .setCommitted(commit);
        var answer = (EndTxnResponseData) client.call(ApiKeys.END_TXN, version, request);
        say(
                "end %d %s %s %s: %s %s",
                version,
                id,
                name(producer),
                commit ? "commit" : "abort",
                error(answer.errorCode()),
                name(new Producer(answer.producerId(), answer.producerEpoch())));
    }

    private void produce(@Nullable String id, Producer producer, int version, int sequence) throws Exception {
        var records = MemoryRecords.withTransactionalRecords(
                Compression.NONE,
                producer.id(),
                (short) producer.epoch(),
                sequence,
                new SimpleRecord("value".getBytes(StandardCharsets.UTF_8)));
        var topics = new TopicProduceDataCollection();
        topics.add(new TopicProduceData()
                .setName(TOPIC)
                .setPartitionData(List.of(new PartitionProduceData().setIndex(0).setRecords(records))));
        var request = new ProduceRequestData()
                .setTransactionalId(id)
                .setAcks((short) -1)
                .setTimeoutMs(10_000)
                .setTopicData(topics);
        var answer = (ProduceResponseData) client.call(ApiKeys.PRODUCE, version, request);
        var partition =
                answer.responses().iterator().next().partitionResponses().getFirst();
        say(
                "produce %d %s %s %d: %s",
                version, String.valueOf(id), name(producer), sequence, error(partition.errorCode()));
    }

    private void mark(Producer producer, int coordinatorEpoch, int partition, int version) throws Exception {
        var request = new WriteTxnMarkersRequestData()
                .setMarkers(List.of(new WritableTxnMarker()
                        .setProducerId(producer.id())
                        .setProducerEpoch((short) producer.epoch())
                        .setCoordinatorEpoch(coordinatorEpoch)
                        .setTransactionResult(false)
                        .setTopics(List.of(
                                new WritableTxnMarkerTopic().setName(TOPIC).setPartitionIndexes(List.of(partition))))));
        var answer = (WriteTxnMarkersResponseData) client.call(ApiKeys.WRITE_TXN_MARKERS, version, request);
        var result = answer.markers().getFirst();
        say(
                "mark %d %s %s: %s %s",
                version,
                name(producer),
                new TopicPartition(TOPIC, partition),
                name(new Producer(result.producerId(), 0)),
                error(result.topics().getFirst().partitions().getFirst().errorCode()));
    }

    private void describe(String id) throws Exception {
        var request = new DescribeTransactionsRequestData().setTransactionalIds(List.of(id));
        var answer = (DescribeTransactionsResponseData) client.call(ApiKeys.DESCRIBE_TRANSACTIONS, 0, request);
        var state = answer.transactionStates().getFirst();
        var partitions = new ArrayList<String>();
        state.topics().forEach(topic -> partitions.add(topic.topic() + topic.partitions()));
        say(
                "describe %s: %s %s %s %d %s %s",
                state.transactionalId(),
                error(state.errorCode()),
                state.transactionState(),
                // Where there is none, the field is 0, which is somebody's id in Kafka.
                state.errorCode() == 0 ? name(new Producer(state.producerId(), state.producerEpoch())) : "-",
                state.transactionTimeoutMs(),
                state.transactionStartTimeMs() > 0 ? "begun" : String.valueOf(state.transactionStartTimeMs()),
                partitions);
    }

    private void list(String what, ListTransactionsRequestData request, int version) throws Exception {
        var answer = (ListTransactionsResponseData) client.call(ApiKeys.LIST_TRANSACTIONS, version, request);
        say(
                "list %s: %s %s %s",
                what,
                error(answer.errorCode()),
                answer.unknownStateFilters(),
                answer.transactionStates().stream()
                        .map(state -> "%s %s %s"
                                .formatted(
                                        state.transactionalId(),
                                        producers.get(state.producerId()),
                                        state.transactionState()))
                        .sorted()
                        .toList());
    }

    @SuppressWarnings("AnnotateFormatMethod")
    private String say(String format, Object... arguments) {
        var line = format.formatted(arguments);
        lines.add(line);
        return line;
    }

    private String name(Producer producer) {
        return producers.computeIfAbsent(producer.id(), _ -> "p" + (producers.size() - 1)) + "/" + producer.epoch();
    }

    private static String error(short code) {
        return Errors.forCode(code).name();
    }
}
