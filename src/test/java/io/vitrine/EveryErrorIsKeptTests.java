package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever error leaves in an answer, the journal has it, with a reason that is explained: looked at in all
/// conversations in which everything is asked that can go wrong.
class EveryErrorIsKeptTests {
    @TempDir
    Path directory;

    private interface Conversation {
        void run(int port) throws Exception;
    }

    @Test
    void ofTopics() throws Exception {
        audit(TopicConversation.SETTINGS, TopicConversation::run, "TOPIC_ALREADY_EXISTS", "INVALID_PARTITIONS");
    }

    @Test
    void ofGroups() throws Exception {
        audit(GroupConversation.SETTINGS, GroupConversation::run, "ILLEGAL_GENERATION", "REBALANCE_IN_PROGRESS");
    }

    @Test
    void ofTransactions() throws Exception {
        audit(Map.of(), TransactionConversation::run, "INVALID_TXN_STATE", "INVALID_PRODUCER_ID_MAPPING");
    }

    @Test
    void ofReadersOfCommittedData() throws Exception {
        audit(Map.of(), CommittedConversation::run, "OFFSET_OUT_OF_RANGE");
    }

    @Test
    void ofShareGroups() throws Exception {
        audit(ShareConversation.SETTINGS, ShareConversation::run, "INVALID_RECORD_STATE");
    }

    @Test
    void ofConfigs() throws Exception {
        audit(Map.of(), port -> replay(port, "config-changes.txt"), "INVALID_CONFIG");
    }

    @Test
    void ofDescribedConfigs() throws Exception {
        audit(Map.of(), port -> replay(port, "config-descriptions.txt"), "INVALID_REQUEST");
    }

    @Test
    void ofTheCluster() throws Exception {
        audit(Map.of(), port -> replay(port, "cluster-conversation.txt"), "SECURITY_DISABLED");
    }

    @Test
    void ofReadingWhatIsNotThere() throws Exception {
        audit(
                Map.of(),
                port -> {
                    try (var client = new WireClient(port)) {
                        client.call(ApiKeys.API_VERSIONS, 3, new ApiVersionsRequestData().setClientSoftwareName("?"));
                        client.call(ApiKeys.FETCH, 12, fetch("orders", 7));
                        client.call(ApiKeys.FETCH, 12, fetch("nothing", 0));
                    }
                },
                "INVALID_REQUEST",
                "OFFSET_OUT_OF_RANGE",
                "UNKNOWN_TOPIC_OR_PARTITION");
    }

    private static FetchRequestData fetch(String topic, long offset) {
        var partition =
                new FetchPartition().setPartition(0).setFetchOffset(offset).setPartitionMaxBytes(1000);
        return new FetchRequestData()
                .setMaxWaitMs(10)
                .setMaxBytes(1000)
                .setTopics(List.of(new FetchTopic().setTopic(topic).setPartitions(List.of(partition))));
    }

    private static void replay(int port, String file) throws Exception {
        try (var client = new WireClient(port)) {
            for (var exchange : RecordedConversation.read(Path.of("src/test/resources/wire", file))) {
                RecordedConversation.ask(client, exchange);
            }
        }
    }

    private void audit(Map<String, String> settings, Conversation conversation, String... expected) throws Exception {
        try (var broker = RunningBroker.in(directory, settings);
                var auditor = new ErrorAuditor(broker)) {
            broker.createTopic("orders", 1);

            conversation.run(auditor.port());

            assertThat(auditor.complaints()).isEmpty();
            assertThat(auditor.errorsSeen()).contains(expected);
        }
    }
}
