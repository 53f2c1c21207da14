package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vitrine.metadata.TopicPartition;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopicCollection;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarker;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarkerTopic;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests that no client of Kafka's makes, and what they get.
class TransactionMisuseTests {
    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private RunningBroker broker;

    @SuppressWarnings("NullAway.Init")
    private WireClient client;

    @BeforeEach
    void start() throws Exception {
        broker = RunningBroker.in(directory, TransactionClients.QUICK_TRANSACTIONS);
        broker.createTopic("orders", 1);
        client = new WireClient(broker.port());
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        broker.close();
    }

    @Test
    void noTransactionWritesToTheTopicsOfCoordinators() throws Exception {
        var producer = init();
        var topics = new AddPartitionsToTxnTopicCollection();
        for (var name : List.of("__transaction_state", "__consumer_offsets", "orders")) {
            topics.add(new AddPartitionsToTxnTopic().setName(name).setPartitions(List.of(0)));
        }
        var request = new AddPartitionsToTxnRequestData()
                .setV3AndBelowTransactionalId("misuse")
                .setV3AndBelowProducerId(producer.producerId())
                .setV3AndBelowProducerEpoch(producer.producerEpoch())
                .setV3AndBelowTopics(topics);

        var answer = (AddPartitionsToTxnResponseData) client.call(ApiKeys.ADD_PARTITIONS_TO_TXN, 3, request);

        assertThat(answer.resultsByTopicV3AndBelow().stream()
                        .collect(Collectors.toMap(
                                topic -> topic.name(),
                                topic -> Errors.forCode(topic.resultsByPartition().stream()
                                        .findFirst()
                                        .orElseThrow()
                                        .partitionErrorCode()))))
                .containsEntry("__transaction_state", Errors.TOPIC_AUTHORIZATION_FAILED)
                .containsEntry("__consumer_offsets", Errors.TOPIC_AUTHORIZATION_FAILED)
                .containsEntry("orders", Errors.OPERATION_NOT_ATTEMPTED);
    }

    @Test
    void noMarkerIsWrittenBehindTheBackOfTheCoordinator() throws Exception {
        var producer = init();
        var marker = new WritableTxnMarker()
                .setProducerId(producer.producerId())
                .setProducerEpoch(producer.producerEpoch())
                .setTransactionResult(true)
                .setTopics(List.of(new WritableTxnMarkerTopic()
                        .setName("__transaction_state")
                        .setPartitionIndexes(List.of(0, 1))));

        var answer = (WriteTxnMarkersResponseData)
                client.call(ApiKeys.WRITE_TXN_MARKERS, 1, new WriteTxnMarkersRequestData().setMarkers(List.of(marker)));

        assertThat(answer.markers().getFirst().topics().getFirst().partitions())
                .allSatisfy(partition ->
                        assertThat(Errors.forCode(partition.errorCode())).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION));
        assertThat(init().producerEpoch()).isEqualTo((short) (producer.producerEpoch() + 1));
    }

    @Test
    void offsetsOfANegativeEpochAreThoseOfAnOldOne() throws Exception {
        var producer = init();
        findCoordinator((byte) 0, "group");
        var request = new TxnOffsetCommitRequestData()
                .setTransactionalId("misuse")
                .setGroupId("group")
                .setProducerId(producer.producerId())
                .setProducerEpoch((short) -1)
                .setTopics(List.of(new TxnOffsetCommitRequestTopic()
                        .setName("orders")
                        .setPartitions(List.of(new TxnOffsetCommitRequestPartition()
                                .setPartitionIndex(0)
                                .setCommittedOffset(1)))));

        var answer = (TxnOffsetCommitResponseData) client.call(ApiKeys.TXN_OFFSET_COMMIT, 5, request);

        assertThat(Errors.forCode(
                        answer.topics().getFirst().partitions().getFirst().errorCode()))
                .isEqualTo(Errors.INVALID_PRODUCER_EPOCH);
    }

    @Test
    void aNegativePartitionHasNoProducers() throws Exception {
        var request = new DescribeProducersRequestData();
        request.topics()
                .add(new DescribeProducersRequestData.TopicRequest()
                        .setName("orders")
                        .setPartitionIndexes(List.of(-1)));

        var answer = (DescribeProducersResponseData) client.call(ApiKeys.DESCRIBE_PRODUCERS, 0, request);

        assertThat(Errors.forCode(
                        answer.topics().getFirst().partitions().getFirst().errorCode()))
                .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void aPartitionThatIsNamedTwiceGetsOneMarker() throws Exception {
        var producer = init();
        var orders = new WritableTxnMarkerTopic().setName("orders").setPartitionIndexes(List.of(0, 0));
        var marker = new WritableTxnMarker()
                .setProducerId(producer.producerId())
                .setProducerEpoch(producer.producerEpoch())
                .setTopics(List.of(orders, orders.duplicate()));

        var answer = (WriteTxnMarkersResponseData)
                client.call(ApiKeys.WRITE_TXN_MARKERS, 1, new WriteTxnMarkersRequestData().setMarkers(List.of(marker)));

        assertThat(answer.markers().getFirst().topics())
                .singleElement()
                .satisfies(topic -> assertThat(topic.partitions())
                        .singleElement()
                        .satisfies(one -> assertThat(one.errorCode()).isEqualTo(Errors.NONE.code())));
        assertThat(broker.broker()
                        .partitions()
                        .find(new TopicPartition("orders", 0))
                        .flatMap(found -> found.findOffsets())
                        .orElseThrow()
                        .logEndOffset())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"((a{1000}){1000}){1000}", "deep", "("})
    void aPatternThatWouldTakeAllMemoryOrIsNoneIsRefused(String asked) throws Exception {
        init();
        var pattern = asked.equals("deep") ? "(x|".repeat(5_000) + "y" + ")".repeat(5_000) : asked;

        var answer = (ListTransactionsResponseData) client.call(
                ApiKeys.LIST_TRANSACTIONS, 2, new ListTransactionsRequestData().setTransactionalIdPattern(pattern));
        findCoordinator((byte) 0, "group");
        var heartbeat = (ConsumerGroupHeartbeatResponseData) await().until(
                        () -> client.call(
                                ApiKeys.CONSUMER_GROUP_HEARTBEAT,
                                1,
                                new ConsumerGroupHeartbeatRequestData()
                                        .setGroupId("group")
                                        .setMemberId("one")
                                        .setRebalanceTimeoutMs(60_000)
                                        .setTopicPartitions(List.of())
                                        .setSubscribedTopicRegex(pattern)),
                        TransactionMisuseTests::isLoaded);

        assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.INVALID_REGULAR_EXPRESSION);
        assertThat(Errors.forCode(heartbeat.errorCode())).isEqualTo(Errors.INVALID_REGULAR_EXPRESSION);
        assertThat(broker.broker().refusals().total()).isGreaterThanOrEqualTo(2);
    }

    private static boolean isLoaded(ApiMessage answer) {
        var error = Errors.forCode(((ConsumerGroupHeartbeatResponseData) answer).errorCode());
        return error != Errors.COORDINATOR_LOAD_IN_PROGRESS && error != Errors.NOT_COORDINATOR;
    }

    private InitProducerIdResponseData init() throws Exception {
        findCoordinator((byte) 1, "misuse");
        var request =
                new InitProducerIdRequestData().setTransactionalId("misuse").setTransactionTimeoutMs(60_000);
        // Until the coordinator has loaded its partition it asks to come again.
        return await().until(
                        () -> (InitProducerIdResponseData) client.call(ApiKeys.INIT_PRODUCER_ID, 5, request),
                        answer -> answer.errorCode() == Errors.NONE.code());
    }

    private void findCoordinator(byte type, String key) {
        var request = new FindCoordinatorRequestData().setKeyType(type).setCoordinatorKeys(List.of(key));
        await().until(() -> {
            var answer = (FindCoordinatorResponseData) client.call(ApiKeys.FIND_COORDINATOR, 6, request);
            return answer.coordinators().getFirst().errorCode() == Errors.NONE.code();
        });
    }
}
