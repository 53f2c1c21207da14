package io.vitrine;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.ShareAcknowledgeRequestData;
import org.apache.kafka.common.message.ShareAcknowledgeResponseData;
import org.apache.kafka.common.message.ShareFetchRequestData;
import org.apache.kafka.common.message.ShareFetchRequestData.AcknowledgementBatch;
import org.apache.kafka.common.message.ShareFetchRequestData.FetchPartition;
import org.apache.kafka.common.message.ShareFetchRequestData.FetchTopic;
import org.apache.kafka.common.message.ShareFetchResponseData;
import org.apache.kafka.common.message.ShareGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ShareGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.serialization.StringSerializer;

/// What can go wrong with share sessions and acknowledgements, asked request by request; what is answered is put down
/// in lines. `ShareConversation <port>` prints what the broker there says; run on Apache Kafka, with [#SETTINGS], it
/// makes the file that ours is compared with.
final class ShareConversation implements AutoCloseable {
    /// What both brokers must be told for their answers to be the same.
    static final Map<String, String> SETTINGS = Map.of(
            "group.share.min.heartbeat.interval.ms", "100",
            "group.share.heartbeat.interval.ms", "100",
            "group.share.assignment.interval.ms", "0",
            "offsets.topic.num.partitions", "4",
            "share.coordinator.state.topic.num.partitions", "2",
            "share.coordinator.state.topic.replication.factor", "1",
            "share.coordinator.state.topic.min.isr", "1");

    private static final String TOPIC = "conversation";
    private static final String GROUP = "conversing";
    private static final String MEMBER = "AAAAAAAAAAAAAAAAAAAAAA";
    private static final String OTHER = "BBBBBBBBBBBBBBBBBBBBBB";
    private static final byte RENEW = 4;

    private final WireClient client;
    private final int port;
    private final List<String> lines = new ArrayList<>();
    private Uuid topicId = Uuid.ZERO_UUID;

    private ShareConversation(int port) throws IOException {
        this.port = port;
        this.client = new WireClient(port);
    }

    public static void main(String... arguments) throws Exception {
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        run(Integer.parseInt(arguments[0])).forEach(out::println);
    }

    /// Speaks with the broker on a port that nobody has spoken with before.
    static List<String> run(int port) throws Exception {
        try (var conversation = new ShareConversation(port)) {
            conversation.begin();
            conversation.speakOfSessions();
            conversation.speakOfRecords();
            conversation.speakOfRenewals();
            return conversation.lines;
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
    }

    /// Has the topic made and the group's start kept, and four records written, in two batches.
    private void begin() throws Exception {
        var wanted = new MetadataRequestData()
                .setAllowAutoTopicCreation(true)
                .setTopics(List.of(new MetadataRequestTopic().setName(TOPIC)));
        while (topicId.equals(Uuid.ZERO_UUID)) {
            var answer = (MetadataResponseData) client.call(ApiKeys.METADATA, 12, wanted);
            topicId = answer.topics().iterator().next().topicId();
        }
        join(MEMBER);
        while (!fetch("", open(MEMBER)).equals("NONE [0 NONE NONE 0 []]")) {
            TimeUnit.MILLISECONDS.sleep(100);
        }
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", "127.0.0.1:" + port, "linger.ms", "10000"),
                new StringSerializer(),
                new StringSerializer())) {
            for (int i = 0; i < 4; i++) {
                producer.send(new ProducerRecord<>(TOPIC, 0, null, "value"));
                if (i % 2 == 1) {
                    producer.flush();
                }
            }
        }
    }

    /// Heartbeats until the member has its partition.
    private void join(String member) throws Exception {
        var beat = new ShareGroupHeartbeatRequestData()
                .setGroupId(GROUP)
                .setMemberId(member)
                .setMemberEpoch(0)
                .setSubscribedTopicNames(List.of(TOPIC));
        while (true) {
            client.call(
                    ApiKeys.FIND_COORDINATOR, 6, new FindCoordinatorRequestData().setCoordinatorKeys(List.of(GROUP)));
            var answer = (ShareGroupHeartbeatResponseData) client.call(ApiKeys.SHARE_GROUP_HEARTBEAT, 1, beat);
            if (answer.errorCode() == 0) {
                var assignment = answer.assignment();
                if (assignment != null && !assignment.topicPartitions().isEmpty()) {
                    return;
                }
                beat.setMemberEpoch(answer.memberEpoch());
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private void speakOfSessions() throws IOException {
        fetch("no group", open(MEMBER).setGroupId(null));
        fetch("no member", open(MEMBER).setMemberId(null));
        fetch("empty member", open(""));
        fetch("long member", open("x".repeat(37)));
        fetch("going on without a session", open(OTHER).setShareSessionEpoch(1));
        fetch("ending without a session", open(OTHER).setShareSessionEpoch(-1));
        fetch("going on with another epoch", open(MEMBER).setShareSessionEpoch(7));
        fetch("beginning with an acknowledgement", with(open(MEMBER), says(0, 0, 1)));
        fetch("an unknown topic", partition(empty(MEMBER), new Uuid(1, 2), 0));
        fetch("an unknown partition", partition(empty(MEMBER), topicId, 7));
        fetch("beginning without partitions", empty(MEMBER));
        fetch("going on without partitions", empty(MEMBER).setShareSessionEpoch(1));
        acknowledge("acknowledging as the first", 0, says(0, 0, 1));
        acknowledge("acknowledging with another epoch", 9, says(0, 0, 1));
        acknowledge("acknowledging what nobody got", 2, says(0, 0, 1));
        acknowledge("nothing to acknowledge", 3);
    }

    private void speakOfRecords() throws IOException {
        fetch("records", open(MEMBER).setMaxRecords(1));
        acknowledge("too far", 1, says(0, 9, 1));
        acknowledge("far off", 2, says(8, 9, 1));
        acknowledge("the wrong way", 3, says(1, 0, 1));
        acknowledge("no type", 4, says(0, 1));
        acknowledge("too many types", 5, says(0, 1, 1, 1, 1));
        acknowledge("an unknown type", 6, says(0, 0, 9));
        acknowledge("out of order", 7, says(1, 1, 1), says(0, 0, 1));
        acknowledge("renewing unannounced", 8, says(0, 0, RENEW));
        acknowledge("one and another", 9, says(0, 1, 1, 2));
        acknowledge("twice", 10, says(0, 0, 1));
        fetch("released", open(MEMBER).setShareSessionEpoch(11).setMaxRecords(1));
        fetch("accepting with the next fetch", with(open(MEMBER).setShareSessionEpoch(12), says(1, 1, 1)));
        acknowledge("done long ago", 13, says(0, 1, 1));
        acknowledge("rejecting one of two", 14, says(3, 3, 3));
        acknowledge("held and not held", 15, says(2, 3, 1));
        fetch(
                "ending",
                new ShareFetchRequestData()
                        .setGroupId(GROUP)
                        .setMemberId(MEMBER)
                        .setShareSessionEpoch(-1));
        acknowledge("after the end", 16, says(2, 2, 1));
        fetch("what it had is free", open(OTHER).setMaxRecords(10));
    }

    private void speakOfRenewals() throws IOException {
        var renewing =
                with(empty(OTHER).setShareSessionEpoch(1), says(2, 2, RENEW)).setIsRenewAck(true);
        fetch("renewing and asking", renewing.duplicate());
        fetch(
                "renewing",
                renewing.setMaxBytes(0).setMinBytes(0).setMaxRecords(0).setMaxWaitMs(0));
        fetch("accepting", with(empty(OTHER).setShareSessionEpoch(2), says(2, 2, 1)));
    }

    private static ShareFetchRequestData empty(String member) {
        return new ShareFetchRequestData()
                .setGroupId(GROUP)
                .setMemberId(member)
                .setMaxWaitMs(300)
                .setMinBytes(1)
                .setMaxBytes(1 << 20)
                .setMaxRecords(500)
                .setBatchSize(500);
    }

    private ShareFetchRequestData open(String member) {
        return partition(empty(member), topicId, 0);
    }

    private static ShareFetchRequestData partition(ShareFetchRequestData request, Uuid topic, int index) {
        var wanted = new FetchTopic().setTopicId(topic);
        wanted.partitions().add(new FetchPartition().setPartitionIndex(index));
        request.topics().add(wanted);
        return request;
    }

    private ShareFetchRequestData with(ShareFetchRequestData request, AcknowledgementBatch... said) {
        var topic = request.topics().find(topicId);
        if (topic == null) {
            return with(partition(request, topicId, 0), said);
        }
        topic.partitions().iterator().next().setAcknowledgementBatches(Arrays.asList(said));
        return request;
    }

    private static AcknowledgementBatch says(long first, long last, int... types) {
        return new AcknowledgementBatch()
                .setFirstOffset(first)
                .setLastOffset(last)
                .setAcknowledgeTypes(
                        Arrays.stream(types).mapToObj(type -> (byte) type).toList());
    }

    private String fetch(String what, ShareFetchRequestData request) throws IOException {
        var answer = (ShareFetchResponseData) client.call(ApiKeys.SHARE_FETCH, 2, request);
        var told = Errors.forCode(answer.errorCode()) + " "
                + answer.responses().stream()
                        .flatMap(topic -> topic.partitions().stream())
                        .map(partition -> "%d %s %s %d %s"
                                .formatted(
                                        partition.partitionIndex(),
                                        Errors.forCode(partition.errorCode()),
                                        Errors.forCode(partition.acknowledgeErrorCode()),
                                        partition.records() == null
                                                ? 0
                                                : partition.records().sizeInBytes(),
                                        partition.acquiredRecords().stream()
                                                .map(acquired -> "%d..%d %d"
                                                        .formatted(
                                                                acquired.firstOffset(),
                                                                acquired.lastOffset(),
                                                                acquired.deliveryCount()))
                                                .toList()))
                        .toList();
        if (!what.isEmpty()) {
            lines.add("fetch: %s: %s".formatted(what, told));
        }
        return told;
    }

    private void acknowledge(String what, int epoch, AcknowledgementBatch... said) throws IOException {
        var topic = new ShareAcknowledgeRequestData.AcknowledgeTopic().setTopicId(topicId);
        topic.partitions()
                .add(new ShareAcknowledgeRequestData.AcknowledgePartition()
                        .setPartitionIndex(0)
                        .setAcknowledgementBatches(Arrays.stream(said)
                                .map(batch -> new ShareAcknowledgeRequestData.AcknowledgementBatch()
                                        .setFirstOffset(batch.firstOffset())
                                        .setLastOffset(batch.lastOffset())
                                        .setAcknowledgeTypes(batch.acknowledgeTypes()))
                                .toList()));
        var request = new ShareAcknowledgeRequestData()
                .setGroupId(GROUP)
                .setMemberId(MEMBER)
                .setShareSessionEpoch(epoch);
        request.topics().add(topic);
        var answer = (ShareAcknowledgeResponseData) client.call(ApiKeys.SHARE_ACKNOWLEDGE, 2, request);
        lines.add("acknowledge: %s: %s %s"
                .formatted(
                        what,
                        Errors.forCode(answer.errorCode()),
                        answer.responses().stream()
                                .flatMap(one -> one.partitions().stream())
                                .map(partition -> "%d %s"
                                        .formatted(partition.partitionIndex(), Errors.forCode(partition.errorCode())))
                                .toList()));
    }
}
