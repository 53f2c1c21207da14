package io.vitrine.wire;

import io.vitrine.RunningBroker;
import io.vitrine.WireClient;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/// Fetches of one version over one connection, and their answers in short. Topics go by name or by id, as the version
/// has it.
final class FetchRequests implements AutoCloseable {
    private static final Uuid NOBODYS = new Uuid(5, 6);

    private final RunningBroker broker;
    private final short version;
    private final WireClient client;

    FetchRequests(RunningBroker broker, int version) throws IOException {
        this.broker = broker;
        this.version = (short) version;
        this.client = new WireClient(broker.port());
    }

    FetchResponseData call(FetchRequestData request) throws IOException {
        return (FetchResponseData) client.call(ApiKeys.FETCH, version, request);
    }

    void send(FetchRequestData request) throws IOException {
        client.send(ApiKeys.FETCH, version, 1, request);
    }

    FetchResponseData receive() throws IOException {
        return (FetchResponseData) client.receive(ApiKeys.FETCH, version, 1);
    }

    /// A fetch that does not wait.
    FetchRequestData request(int sessionId, int epoch, FetchTopic... topics) {
        return new FetchRequestData()
                .setSessionId(sessionId)
                .setSessionEpoch(epoch)
                .setMaxWaitMs(0)
                .setMinBytes(1)
                .setMaxBytes(1_000_000)
                .setTopics(Stream.of(topics).toList());
    }

    /// One that belongs to no session.
    FetchRequestData alone(FetchTopic... topics) {
        return request(0, -1, topics);
    }

    FetchTopic topic(String name, FetchPartition... partitions) {
        return new FetchTopic()
                .setTopic(name)
                .setTopicId(idOf(name))
                .setPartitions(Stream.of(partitions).toList());
    }

    static FetchPartition readFrom(int partition, long offset) {
        return new FetchPartition()
                .setPartition(partition)
                .setFetchOffset(offset)
                .setPartitionMaxBytes(1_000_000);
    }

    ForgottenTopic forget(String name, Integer... partitions) {
        return new ForgottenTopic()
                .setTopic(name)
                .setTopicId(idOf(name))
                .setPartitions(Stream.of(partitions).toList());
    }

    /// What is said of each partition: `orders-0 140 of 2`, bytes before the high watermark, or `orders-9 3`, an
    /// error.
    List<String> inShort(FetchResponseData answer) {
        return answer.responses().stream()
                .flatMap(topic -> topic.partitions().stream()
                        .map(data -> "%s-%d %s"
                                .formatted(
                                        nameOf(topic.topic(), topic.topicId()),
                                        data.partitionIndex(),
                                        data.errorCode() == 0
                                                ? "%d of %d"
                                                        .formatted(
                                                                data.records().sizeInBytes(), data.highWatermark())
                                                : Errors.forCode(data.errorCode())
                                                        .name())))
                .toList();
    }

    private String nameOf(String name, Uuid id) {
        return name.isEmpty()
                ? broker.broker()
                        .metadata()
                        .image()
                        .findTopic(id)
                        .map(topic -> topic.name())
                        .orElse("?")
                : name;
    }

    private Uuid idOf(String name) {
        return broker.broker()
                .metadata()
                .image()
                .findTopic(name)
                .map(topic -> topic.id())
                .orElse(NOBODYS);
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
