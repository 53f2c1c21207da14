package io.vitrine;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsAssignment;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopicCollection;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableReplicaAssignment;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableReplicaAssignmentCollection;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicCollection;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;

/// All that can be asked of the life of topics, sound and unsound, request by request. What is answered is put down in
/// lines: in order of the topics, because Apache Kafka answers in any order, and without what is different each time.
/// `TopicConversation <port>` prints what the broker there says; run on Apache Kafka, with [#SETTINGS], it makes the
/// file that ours is compared with.
final class TopicConversation implements AutoCloseable {
    /// What both brokers must be told for their answers to be the same.
    static final Map<String, String> SETTINGS = Map.of("num.partitions", "3");
    /// And for those of [#runWithoutDeletion].
    static final Map<String, String> SETTINGS_WITHOUT_DELETION = Map.of("delete.topic.enable", "false");

    private static final String WITH_CONFIGS = "with configs";
    private static final int TIMEOUT_MS = 30_000;
    private static final int NODE = 1;
    private static final int OTHER_NODE = 9;
    private static final Uuid NO_TOPIC = new Uuid(1, 2);

    private final WireClient client;
    private final List<String> lines = new ArrayList<>();
    private final Map<String, String> names = new LinkedHashMap<>();

    private TopicConversation(int port) throws IOException {
        client = new WireClient(port);
    }

    public static void main(String... arguments) throws IOException {
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        int port = Integer.parseInt(arguments[0]);
        (arguments.length > 1 ? runWithoutDeletion(port) : run(port)).forEach(out::println);
    }

    /// Speaks with the broker on a port that nobody has spoken with before.
    static List<String> run(int port) throws IOException {
        try (var conversation = new TopicConversation(port)) {
            conversation.creations();
            conversation.creationNames();
            conversation.creationCounts();
            conversation.creationAssignments();
            conversation.growth();
            conversation.growthAssignments();
            conversation.recordDeletions();
            conversation.deletionsByName();
            conversation.deletionsById();
            return conversation.lines;
        }
    }

    /// Speaks with one that has been told not to delete topics.
    static List<String> runWithoutDeletion(int port) throws IOException {
        try (var conversation = new TopicConversation(port)) {
            conversation.deletionsThatAreDisabled();
            return conversation.lines;
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
    }

    private void creations() throws IOException {
        for (int version : new int[] {2, 4, 5, 7}) {
            create("one topic", version, topic("plain-" + version, 2, 1));
            create("a topic that is there", version, topic("plain-" + version, 5, 1));
        }
        create("defaults", 7, topic("defaults", -1, -1));
        create("several", 7, topic("first", 1, 1), topic("plain-7", 1, 1), topic("second", 2, 1));
        create("none", 7);
        for (int version : new int[] {4, 5, 7}) {
            var configured = withConfig(topic("configured-" + version, 1, 1), "retention.ms", "1000");
            create(WITH_CONFIGS, version, withConfig(configured, "cleanup.policy", "compact"));
        }
        create("an unknown config", 7, withConfig(topic("configured", 1, 1), "retention.years", "1"));
        create("an impossible value", 7, withConfig(topic("configured", 1, 1), "retention.ms", "soon"));
        create("two faults", 7, withConfig(topic("configured", 0, 1), "retention.ms", "soon"));
        create("a null as config", 7, withConfig(topic("null-config", 1, 1), "retention.ms", null));
        var validateOnly =
                creation(topic("not-made", 4, 1), topic("first", 1, 1)).setValidateOnly(true);
        create("to validate", 7, validateOnly);
        create("to validate", 5, creation(topic("not-made", -1, -1)).setValidateOnly(true));
        describe("what was only validated", "not-made", 0);
        create("no time", 7, creation(topic("no-time", 1, 1)).setTimeoutMs(0));
        describe("no time", "no-time", 0);
    }

    private void creationNames() throws IOException {
        create("a name twice", 7, topic("twice", 1, 1), topic("once", 1, 1), topic("twice", 2, 1));
        describe("a name twice", "twice", 0);
        for (var name : List.of("", ".", "..", "a b", "a/b", "ä", "x".repeat(249), "x".repeat(250))) {
            create("name '%s'".formatted(name), 7, topic(name, 1, 1));
        }
        create("two rules broken", 7, topic("a b", 0, 0));
        create("the metadata log", 7, topic("__cluster_metadata", 1, 1));
        create("the metadata log twice", 7, topic("__cluster_metadata", 1, 1), topic("__cluster_metadata", 1, 1));
        create("with a dot", 7, topic("with.dot", 1, 1));
        create("colliding", 7, topic("with_dot", 1, 1));
        create("colliding with each other", 7, topic("each.other", 1, 1), topic("each_other", 1, 1));
        create("an internal one", 7, topic("__transaction_state", 2, 1));
    }

    private void creationCounts() throws IOException {
        for (int partitions : new int[] {0, -2, Integer.MIN_VALUE}) {
            create(partitions + " partitions", 7, topic("count", partitions, 1));
        }
        for (int replicas : new int[] {0, -2, 2, 3, Short.MAX_VALUE}) {
            create(replicas + " replicas", 7, topic("count", 1, replicas));
        }
        for (int partitions : new int[] {9_999, 10_000, 10_001, Integer.MAX_VALUE}) {
            create(
                    partitions + " partitions",
                    7,
                    creation(topic("count", partitions, 1)).setValidateOnly(true));
        }
        create(
                "many partitions of two",
                7,
                creation(topic("count", 6_000, 1), topic("count-2", 6_000, 1)).setValidateOnly(true));
        create(
                "many partitions of one of two",
                7,
                creation(topic("count", 1, 1), topic("count-2", 10_001, 1)).setValidateOnly(true));
    }

    private void creationAssignments() throws IOException {
        create("assigned", 7, assigned("assigned", List.of(NODE), List.of(NODE)));
        create("assigned with partitions", 7, assigned("count", List.of(NODE)).setNumPartitions(1));
        create("assigned with replicas", 7, assigned("count", List.of(NODE)).setReplicationFactor((short) 1));
        create("assigned to nobody", 7, assigned("count", List.of()));
        create("assigned to somebody else", 7, assigned("count", List.of(OTHER_NODE)));
        create("assigned to two", 7, assigned("count", List.of(NODE, OTHER_NODE)));
        create("assigned twice", 7, assigned("count", List.of(NODE, NODE)));
        create("assigned unevenly", 7, assigned("count", List.of(NODE), List.of()));
        var gap = topic("count", -1, -1);
        gap.assignments().add(assignment(0, List.of(NODE)));
        gap.assignments().add(assignment(2, List.of(NODE)));
        create("assigned with a gap", 7, gap);
        var repeated = topic("count", -1, -1);
        repeated.assignments().add(assignment(0, List.of(NODE)));
        repeated.assignments().add(assignment(0, List.of(NODE)));
        create("one partition assigned twice", 7, repeated);
        var negative = topic("count", -1, -1);
        negative.assignments().add(assignment(-1, List.of(NODE)));
        create("a negative partition assigned", 7, negative);
        create("to validate", 7, creation(assigned("count", List.of(NODE))).setValidateOnly(true));
    }

    private void growth() throws IOException {
        for (int version : new int[] {0, 1, 2, 3}) {
            grow("one more", version, growing("plain-2", 3 + version));
        }
        describe("grown", "plain-2", 6);
        for (int count : new int[] {6, 5, 0, -1, 20_000, Integer.MAX_VALUE}) {
            grow("to " + count, 3, growing("plain-2", count));
        }
        grow("unknown", 3, growing("nowhere", 3));
        grow("no name", 3, growing("", 3));
        grow("an internal one", 3, growing("__transaction_state", 3));
        grow("the metadata log", 3, growing("__cluster_metadata", 3));
        grow("none", 3);
        grow("twice", 3, growing("plain-4", 4), growing("plain-4", 5), growing("plain-5", 3));
        var validateOnly = growths(growing("plain-7", 4), growing("nowhere", 1)).setValidateOnly(true);
        grow("to validate", 3, validateOnly);
        grow("no time", 3, growths(growing("plain-7", 4)).setTimeoutMs(0));
        grow(
                "many of two",
                3,
                growths(growing("first", 6_000), growing("second", 6_000)).setValidateOnly(true));
        describe("not grown", "plain-7", 2);
    }

    private void growthAssignments() throws IOException {
        grow("assigned", 3, growing("plain-7", 3, List.of(NODE)));
        grow("assigned too few", 3, growing("plain-7", 5, List.of(NODE)));
        grow("assigned too many", 3, growing("plain-7", 4, List.of(NODE), List.of(NODE)));
        grow("assigned none", 3, growing("plain-7", 4).setAssignments(List.of()));
        grow("assigned to nobody", 3, growing("plain-7", 4, List.of()));
        grow("assigned to somebody else", 3, growing("plain-7", 4, List.of(OTHER_NODE)));
        grow("assigned to two", 3, growing("plain-7", 4, List.of(NODE, OTHER_NODE)));
        grow("assigned twice", 3, growing("plain-7", 4, List.of(NODE, NODE)));
        grow("assigned, not an increase", 3, growing("plain-7", 3, List.of(NODE)));
    }

    private void recordDeletions() throws IOException {
        create("with records", 7, topic("records", 2, 1));
        create("compacted", 7, withConfig(topic("compacted", 1, 1), "cleanup.policy", "compact"));
        create(
                "compacted and deleted",
                7,
                withConfig(topic("compacted-too", 1, 1), "cleanup.policy", "compact,delete"));
        create("not cleaned up", 7, withConfig(topic("not-cleaned-up", 1, 1), "cleanup.policy", ""));
        for (var name : List.of("records", "compacted", "compacted-too", "not-cleaned-up")) {
            produce(name, 5);
        }
        for (int version : new int[] {0, 1, 2}) {
            forget("before " + version, version, records("records", 0, version));
        }
        for (long offset : new long[] {1, 2, 6, -2, Long.MAX_VALUE, Long.MIN_VALUE, -1, 5, 0}) {
            forget("before " + offset, 2, records("records", 0, offset));
        }
        forget("of an empty partition", 2, records("records", 1, -1));
        forget("unknown", 2, records("nowhere", 0, 0), records("records", 7, 0));
        forget("a negative partition", 2, records("records", -1, 0));
        forget("names that cannot be", 2, records("", 0, 0), records("a b", 0, 0));
        forget("the metadata log", 2, records("__cluster_metadata", 0, 0));
        forget("an internal one", 2, records("__transaction_state", 0, 0));
        forget("compacted", 2, records("compacted", 0, 1));
        forget("compacted and deleted", 2, records("compacted-too", 0, 1));
        forget("not cleaned up", 2, records("not-cleaned-up", 0, 1));
        forget("none", 2);
        forget("no time", 2, deletionOfRecords(records("compacted-too", 0, 2)).setTimeoutMs(0));
        forget("twice, rising", 2, records("compacted-too", 0, 3), records("compacted-too", 0, 4));
        forget("twice, falling", 2, records("compacted-too", 0, 5), records("compacted-too", 0, 4));
    }

    private void deletionsByName() throws IOException {
        for (int version : new int[] {1, 3, 4, 5}) {
            delete("unknown", version, names("nowhere"));
        }
        delete("one topic", 1, names("plain-2"));
        delete("one topic", 3, names("plain-4"));
        delete("one topic", 5, names("plain-5"));
        delete("the same again", 5, names("plain-5"));
        describe("deleted", "plain-5", 0);
        delete("none", 5, names());
        delete("some", 5, names("first", "nowhere", "second"));
        delete("a name twice", 5, names("plain-7", "nowhere", "plain-7"));
        delete("names that cannot be", 5, names("", "..", "a b", "__cluster_metadata"));
        delete("an internal one", 5, names("__transaction_state"));
        delete("no time", 5, names("plain-7").setTimeoutMs(0));
    }

    private void deletionsById() throws IOException {
        var plain = describe("by id", "plain-7", 3);
        var other = describe("by id", "defaults", 3);
        delete("an unknown id", 6, states(state(null, NO_TOPIC)));
        delete("neither", 6, states(state(null, Uuid.ZERO_UUID)));
        delete("both", 6, states(state("plain-7", plain)));
        delete("an id twice", 6, states(state(null, plain), state(null, plain)));
        delete("a name twice", 6, states(state("plain-7", Uuid.ZERO_UUID), state("plain-7", Uuid.ZERO_UUID)));
        delete("its name and its id", 6, states(state("plain-7", Uuid.ZERO_UUID), state(null, plain)));
        delete(
                "its name, and its id twice",
                6,
                states(state("plain-7", Uuid.ZERO_UUID), state(null, plain), state(null, plain)));
        delete("an unknown name", 6, states(state("nowhere", Uuid.ZERO_UUID)));
        delete("one by name, one by id", 6, states(state("plain-7", Uuid.ZERO_UUID), state(null, other)));
        delete("the same again", 6, states(state("plain-7", Uuid.ZERO_UUID), state(null, other)));
    }

    private void deletionsThatAreDisabled() throws IOException {
        create("one topic", 7, topic("kept", 1, 1));
        var kept = describe("to be kept", "kept", 1);
        for (int version : new int[] {1, 2, 3, 4, 5}) {
            delete("disabled", version, names("kept"));
        }
        delete("disabled, and unknown", 5, names("kept", "nowhere", "a b"));
        delete("disabled, a name twice", 5, names("kept", "kept"));
        delete("disabled, an internal one", 5, names("__consumer_offsets"));
        delete("disabled, none", 5, names());
        delete("disabled, by id", 6, states(state(null, kept)));
        delete("disabled, by name", 6, states(state("kept", Uuid.ZERO_UUID)));
        delete("disabled, unknown ones", 6, states(state(null, NO_TOPIC), state("nowhere", Uuid.ZERO_UUID)));
        delete("disabled, neither", 6, states(state(null, Uuid.ZERO_UUID)));
        delete("disabled, both", 6, states(state("kept", kept)));
        describe("kept", "kept", 1);
    }

    private void create(String what, int version, CreatableTopic... topics) throws IOException {
        create(what, version, creation(topics));
    }

    private void create(String what, int version, CreateTopicsRequestData request) throws IOException {
        var answer = (CreateTopicsResponseData) client.call(ApiKeys.CREATE_TOPICS, version, request);
        for (var topic : answer.topics()) {
            if (!what.equals(WITH_CONFIGS)) {
                topic.configs().clear();
            }
            if (!topic.topicId().equals(Uuid.ZERO_UUID)) {
                names.put(topic.topicId().toString(), "ID");
            }
        }
        put("create: " + what, version, answer.topics());
        for (var topic : answer.topics()) {
            if (topic.errorCode() == Errors.NONE.code() && !request.validateOnly()) {
                awaitReady(topic.name());
            }
        }
    }

    private void grow(String what, int version, CreatePartitionsTopic... topics) throws IOException {
        grow(what, version, growths(topics));
    }

    private void grow(String what, int version, CreatePartitionsRequestData request) throws IOException {
        var answer = (CreatePartitionsResponseData) client.call(ApiKeys.CREATE_PARTITIONS, version, request);
        put("grow: " + what, version, answer.results());
    }

    private void forget(String what, int version, DeleteRecordsTopic... topics) throws IOException {
        forget(what, version, deletionOfRecords(topics));
    }

    private void forget(String what, int version, DeleteRecordsRequestData request) throws IOException {
        var answer = (DeleteRecordsResponseData) client.call(ApiKeys.DELETE_RECORDS, version, request);
        put("delete records: " + what, version, answer.topics());
    }

    private void produce(String topic, int records) throws IOException {
        var values = new SimpleRecord[records];
        Arrays.fill(values, new SimpleRecord("key".getBytes(StandardCharsets.UTF_8), new byte[10]));
        var data = new TopicProduceDataCollection();
        data.add(new TopicProduceData()
                .setName(topic)
                .setPartitionData(List.of(new PartitionProduceData()
                        .setIndex(0)
                        .setRecords(MemoryRecords.withRecords(Compression.NONE, values)))));
        client.call(
                ApiKeys.PRODUCE,
                9,
                new ProduceRequestData()
                        .setAcks((short) -1)
                        .setTimeoutMs(TIMEOUT_MS)
                        .setTopicData(data));
    }

    private void delete(String what, int version, DeleteTopicsRequestData request) throws IOException {
        var answer = (DeleteTopicsResponseData) client.call(ApiKeys.DELETE_TOPICS, version, request);
        put("delete: " + what, version, answer.responses());
    }

    /// Apache Kafka answers before a change can be seen everywhere.
    private Uuid describe(String what, String name, int partitions) throws IOException {
        var answer = metadata(name);
        while (answer.topics().find(name).partitions().size() != partitions) {
            answer = metadata(name);
        }
        var topic = answer.topics().find(name);
        if (!topic.topicId().equals(Uuid.ZERO_UUID)) {
            names.put(topic.topicId().toString(), "ID");
        }
        put("metadata: " + what, 12, answer.topics());
        return topic.topicId();
    }

    private void awaitReady(String name) throws IOException {
        while (metadata(name).topics().find(name).errorCode() != Errors.NONE.code()) {
            Thread.onSpinWait();
        }
    }

    private MetadataResponseData metadata(String name) throws IOException {
        var request = new MetadataRequestData()
                .setTopics(List.of(new MetadataRequestTopic().setName(name)))
                .setAllowAutoTopicCreation(false);
        return (MetadataResponseData) client.call(ApiKeys.METADATA, 12, request);
    }

    private void put(String what, int version, Collection<?> topics) {
        lines.add("%s, version %d".formatted(what, version));
        topics.stream().map(this::line).sorted().forEach(lines::add);
    }

    private String line(Object topic) {
        var text = topic.toString();
        for (var name : names.entrySet()) {
            text = text.replace(name.getKey(), name.getValue());
        }
        return "    " + text.replace(Uuid.ZERO_UUID.toString(), "NO-ID");
    }

    private static CreateTopicsRequestData creation(CreatableTopic... topics) {
        var collection = new CreatableTopicCollection();
        collection.addAll(Arrays.asList(topics));
        return new CreateTopicsRequestData().setTopics(collection).setTimeoutMs(TIMEOUT_MS);
    }

    private static CreatableTopic topic(String name, int partitions, int replicas) {
        return new CreatableTopic()
                .setName(name)
                .setNumPartitions(partitions)
                .setReplicationFactor((short) replicas)
                .setAssignments(new CreatableReplicaAssignmentCollection());
    }

    private static CreatableTopic withConfig(CreatableTopic topic, String name, @Nullable String value) {
        topic.configs().add(new CreatableTopicConfig().setName(name).setValue(value));
        return topic;
    }

    @SafeVarargs
    private static CreatableTopic assigned(String name, List<Integer>... replicas) {
        var topic = topic(name, -1, -1);
        for (int index = 0; index < replicas.length; index++) {
            topic.assignments().add(assignment(index, replicas[index]));
        }
        return topic;
    }

    private static CreatableReplicaAssignment assignment(int index, List<Integer> replicas) {
        return new CreatableReplicaAssignment().setPartitionIndex(index).setBrokerIds(replicas);
    }

    private static CreatePartitionsRequestData growths(CreatePartitionsTopic... topics) {
        var collection = new CreatePartitionsTopicCollection();
        collection.addAll(Arrays.asList(topics));
        return new CreatePartitionsRequestData().setTopics(collection).setTimeoutMs(TIMEOUT_MS);
    }

    @SafeVarargs
    private static CreatePartitionsTopic growing(String name, int count, List<Integer>... replicas) {
        var topic = new CreatePartitionsTopic().setName(name).setCount(count).setAssignments(null);
        if (replicas.length > 0) {
            topic.setAssignments(new ArrayList<>());
            for (var each : replicas) {
                topic.assignments().add(new CreatePartitionsAssignment().setBrokerIds(each));
            }
        }
        return topic;
    }

    private static DeleteRecordsRequestData deletionOfRecords(DeleteRecordsTopic... topics) {
        return new DeleteRecordsRequestData().setTopics(List.of(topics)).setTimeoutMs(TIMEOUT_MS);
    }

    private static DeleteRecordsTopic records(String topic, int partition, long offset) {
        return new DeleteRecordsTopic()
                .setName(topic)
                .setPartitions(List.of(new DeleteRecordsPartition()
                        .setPartitionIndex(partition)
                        .setOffset(offset)));
    }

    private static DeleteTopicsRequestData names(String... names) {
        return new DeleteTopicsRequestData().setTopicNames(List.of(names)).setTimeoutMs(TIMEOUT_MS);
    }

    private static DeleteTopicsRequestData states(DeleteTopicState... states) {
        return new DeleteTopicsRequestData().setTopics(List.of(states)).setTimeoutMs(TIMEOUT_MS);
    }

    private static DeleteTopicState state(@Nullable String name, Uuid id) {
        return new DeleteTopicState().setName(name).setTopicId(id);
    }
}
