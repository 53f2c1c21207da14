package io.vitrine;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocolCollection;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopicCollection;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// All that can go wrong between a client and a group's coordinator, asked request by request. What is answered is
/// put down in lines, without what is different each time. `GroupConversation <port>` prints what the broker there
/// says; run on Apache Kafka, with [#SETTINGS], it makes the file that ours is compared with.
final class GroupConversation implements AutoCloseable {
    /// What both brokers must be told for their answers to be the same.
    static final Map<String, String> SETTINGS = Map.of(
            "group.initial.rebalance.delay.ms", "0",
            "group.min.session.timeout.ms", "1000",
            "offsets.topic.num.partitions", "4");

    private static final Pattern UNIQUE = Pattern.compile("[\\w-]{8}-\\w{4}-\\w{4}-\\w{4}-\\w{12}");
    private static final String TOPIC = "conversation";
    private static final Uuid NO_TOPIC = new Uuid(1, 2);

    private final WireClient client;
    private final List<String> lines = new ArrayList<>();
    private final Map<String, String> names = new LinkedHashMap<>();
    private Uuid topicId = Uuid.ZERO_UUID;

    private GroupConversation(int port) throws IOException {
        client = new WireClient(port);
    }

    public static void main(String... arguments) throws IOException {
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        run(Integer.parseInt(arguments[0])).forEach(out::println);
    }

    /// Speaks with the broker on a port that nobody has spoken with before.
    static List<String> run(int port) throws IOException {
        try (var conversation = new GroupConversation(port)) {
            conversation.createTopic();
            conversation.findCoordinators();
            conversation.unknownGroups();
            conversation.classicMembers();
            conversation.staticMembers();
            conversation.commits();
            conversation.fetches();
            conversation.consumerGroups();
            conversation.administration();
            return conversation.lines;
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
    }

    private void createTopic() throws IOException {
        var wish = new MetadataRequestData()
                .setTopics(List.of(new MetadataRequestTopic().setName(TOPIC)))
                .setAllowAutoTopicCreation(true);
        MetadataResponseData answer;
        do {
            answer = (MetadataResponseData) client.call(ApiKeys.METADATA, 12, wish);
            topicId = answer.topics().find(TOPIC).topicId();
        } while (answer.topics().find(TOPIC).errorCode() != Errors.NONE.code());
        names.put(topicId.toString(), "TOPIC-ID");
    }

    private void findCoordinators() throws IOException {
        var forGroup = new FindCoordinatorRequestData().setCoordinatorKeys(List.of("g"));
        FindCoordinatorResponseData answer;
        do {
            // Apache Kafka makes the topic for groups meanwhile.
            answer = (FindCoordinatorResponseData) client.call(ApiKeys.FIND_COORDINATOR, 4, forGroup);
        } while (answer.coordinators().getFirst().errorCode() == Errors.COORDINATOR_NOT_AVAILABLE.code());
        awaitLoading();
        for (int version : new int[] {0, 1, 3}) {
            ask("a group", ApiKeys.FIND_COORDINATOR, version, new FindCoordinatorRequestData().setKey("g"));
        }
        ask(
                "groups",
                ApiKeys.FIND_COORDINATOR,
                6,
                new FindCoordinatorRequestData().setCoordinatorKeys(List.of("g", "", "g")));
        for (int version : new int[] {3, 4, 6}) {
            ask("an unknown type", ApiKeys.FIND_COORDINATOR, version, keyOfType(version, 9));
        }
        ask("a share group too early", ApiKeys.FIND_COORDINATOR, 5, keyOfType(5, 2));
    }

    private void awaitLoading() throws IOException {
        for (var group : List.of("", "nobody", "g", "static", "simple", "c")) {
            HeartbeatResponseData answer;
            do {
                answer = (HeartbeatResponseData) client.call(
                        ApiKeys.HEARTBEAT,
                        4,
                        new HeartbeatRequestData().setGroupId(group).setMemberId("m"));
            } while (answer.errorCode() == Errors.COORDINATOR_LOAD_IN_PROGRESS.code()
                    || answer.errorCode() == Errors.NOT_COORDINATOR.code());
        }
    }

    private static FindCoordinatorRequestData keyOfType(int version, int type) {
        var request = new FindCoordinatorRequestData().setKeyType((byte) type);
        return version < 4 ? request.setKey("k") : request.setCoordinatorKeys(List.of("k"));
    }

    private void unknownGroups() throws IOException {
        for (var group : List.of("", "nobody")) {
            ask(
                    "unknown group",
                    ApiKeys.HEARTBEAT,
                    4,
                    new HeartbeatRequestData()
                            .setGroupId(group)
                            .setMemberId("m")
                            .setGenerationId(1));
            ask(
                    "unknown group",
                    ApiKeys.SYNC_GROUP,
                    4,
                    new SyncGroupRequestData()
                            .setGroupId(group)
                            .setMemberId("m")
                            .setGenerationId(1));
            ask(
                    "unknown group",
                    ApiKeys.LEAVE_GROUP,
                    2,
                    new LeaveGroupRequestData().setGroupId(group).setMemberId("m"));
            ask(
                    "unknown group",
                    ApiKeys.LEAVE_GROUP,
                    5,
                    new LeaveGroupRequestData()
                            .setGroupId(group)
                            .setMembers(List.of(new MemberIdentity().setMemberId("m"))));
            ask("member of an unknown group", ApiKeys.JOIN_GROUP, 9, join(group, "m"));
            ask("member of an unknown group", ApiKeys.OFFSET_COMMIT, 9, commit(group, "m", 1, TOPIC));
            ask("unknown group", ApiKeys.DESCRIBE_GROUPS, 5, describe(group));
            ask("unknown group", ApiKeys.DESCRIBE_GROUPS, 6, describe(group));
            ask(
                    "unknown group",
                    ApiKeys.CONSUMER_GROUP_DESCRIBE,
                    1,
                    new ConsumerGroupDescribeRequestData().setGroupIds(List.of(group)));
            ask("unknown group", ApiKeys.DELETE_GROUPS, 2, delete(group));
            ask("unknown group", ApiKeys.OFFSET_DELETE, 0, forget(group, TOPIC, 0));
            for (int version : new int[] {1, 2, 7}) {
                ask("unknown group", ApiKeys.OFFSET_FETCH, version, fetch(group, TOPIC));
            }
            ask("unknown group", ApiKeys.OFFSET_FETCH, 8, fetchSeveral(List.of(group), null));
        }
    }

    private void classicMembers() throws IOException {
        ask("too short a session", ApiKeys.JOIN_GROUP, 9, join("g", "").setSessionTimeoutMs(1));
        ask(
                "no protocols",
                ApiKeys.JOIN_GROUP,
                9,
                join("g", "").setProtocols(new JoinGroupRequestProtocolCollection()));
        ask("no protocol type", ApiKeys.JOIN_GROUP, 9, join("g", "").setProtocolType(""));
        var member = joined("g", 9, null);
        ask("another protocol type", ApiKeys.JOIN_GROUP, 9, join("g", "").setProtocolType("connect"));
        ask("member unknown to the group", ApiKeys.JOIN_GROUP, 9, join("g", "m"));
        ask("no protocol", ApiKeys.SYNC_GROUP, 5, sync("g", member, 1).setProtocolType(null));
        ask("another protocol", ApiKeys.SYNC_GROUP, 5, sync("g", member, 1).setProtocolName("sticky"));
        ask("another generation", ApiKeys.SYNC_GROUP, 5, sync("g", member, 7));
        ask("another member", ApiKeys.SYNC_GROUP, 5, sync("g", "m", 1));
        ask(
                "heartbeat before the assignment",
                ApiKeys.HEARTBEAT,
                4,
                new HeartbeatRequestData().setGroupId("g").setMemberId(member).setGenerationId(1));
        ask("commit before the assignment", ApiKeys.OFFSET_COMMIT, 9, commit("g", member, 1, TOPIC));
        ask("the assignment", ApiKeys.SYNC_GROUP, 5, sync("g", member, 1));
        for (int generation : new int[] {1, 7}) {
            ask(
                    "heartbeat of generation " + generation,
                    ApiKeys.HEARTBEAT,
                    4,
                    new HeartbeatRequestData()
                            .setGroupId("g")
                            .setMemberId(member)
                            .setGenerationId(generation));
            ask("commit of generation " + generation, ApiKeys.OFFSET_COMMIT, 9, commit("g", member, generation, TOPIC));
        }
        ask("commit of another member", ApiKeys.OFFSET_COMMIT, 9, commit("g", "m", 1, TOPIC));
        ask("commit of nobody", ApiKeys.OFFSET_COMMIT, 9, commit("g", "", -1, TOPIC));
        ask("a stable group", ApiKeys.DESCRIBE_GROUPS, 6, describe("g").setIncludeAuthorizedOperations(true));
        ask(
                "a classic group",
                ApiKeys.CONSUMER_GROUP_DESCRIBE,
                1,
                new ConsumerGroupDescribeRequestData().setGroupIds(List.of("g")));
        ask("a group with members", ApiKeys.DELETE_GROUPS, 2, delete("g"));
        ask("a topic subscribed to", ApiKeys.OFFSET_DELETE, 0, forget("g", TOPIC, 0));
    }

    private void staticMembers() throws IOException {
        var first = joined("static", 9, "i");
        ask("the assignment", ApiKeys.SYNC_GROUP, 5, sync("static", first, 1).setGroupInstanceId("i"));
        var second = joined("static", 9, "i");
        ask(
                "a fenced member",
                ApiKeys.HEARTBEAT,
                4,
                new HeartbeatRequestData()
                        .setGroupId("static")
                        .setMemberId(first)
                        .setGenerationId(1)
                        .setGroupInstanceId("i"));
        ask("a fenced member", ApiKeys.SYNC_GROUP, 5, sync("static", first, 1).setGroupInstanceId("i"));
        ask("a fenced member", ApiKeys.JOIN_GROUP, 9, join("static", first).setGroupInstanceId("i"));
        ask(
                "a fenced member",
                ApiKeys.OFFSET_COMMIT,
                9,
                commit("static", first, 1, TOPIC).setGroupInstanceId("i"));
        ask(
                "an unknown instance",
                ApiKeys.HEARTBEAT,
                4,
                new HeartbeatRequestData()
                        .setGroupId("static")
                        .setMemberId(second)
                        .setGenerationId(1)
                        .setGroupInstanceId("j"));
        ask(
                "one of two leaves",
                ApiKeys.LEAVE_GROUP,
                5,
                new LeaveGroupRequestData()
                        .setGroupId("static")
                        .setMembers(List.of(
                                new MemberIdentity().setGroupInstanceId("i"),
                                new MemberIdentity().setGroupInstanceId("j"))));
    }

    private void commits() throws IOException {
        var metadata = "x".repeat(5000);
        var tooLong = commit("simple", "", -1, TOPIC);
        tooLong.topics().getFirst().partitions().getFirst().setCommittedMetadata(metadata);
        ask("too long metadata", ApiKeys.OFFSET_COMMIT, 9, tooLong);
        ask("nobody's group", ApiKeys.OFFSET_COMMIT, 2, commit("simple", "", -1, TOPIC));
        ask("an unknown topic", ApiKeys.OFFSET_COMMIT, 9, commit("simple", "", -1, "nowhere"));
        var partly = commit("simple", "", -1, TOPIC);
        partly.topics().getFirst().partitions().add(partition(99));
        partly.topics().add(topic("nowhere", Uuid.ZERO_UUID));
        ask("partly known", ApiKeys.OFFSET_COMMIT, 9, partly);
        ask("by id", ApiKeys.OFFSET_COMMIT, 10, commit("simple", "", -1, "").setTopics(List.of(topic("", topicId))));
        ask(
                "by an unknown id",
                ApiKeys.OFFSET_COMMIT,
                10,
                commit("simple", "", -1, "").setTopics(List.of(topic("", topicId), topic("", NO_TOPIC))));
        ask("no topics", ApiKeys.OFFSET_COMMIT, 9, commit("simple", "", -1, "").setTopics(List.of()));
    }

    private void fetches() throws IOException {
        for (int version : new int[] {1, 2, 5, 7}) {
            ask("one topic", ApiKeys.OFFSET_FETCH, version, fetch("simple", TOPIC));
            ask("an unknown topic", ApiKeys.OFFSET_FETCH, version, fetch("simple", "nowhere"));
        }
        ask("all", ApiKeys.OFFSET_FETCH, 7, fetch("simple", TOPIC).setTopics(null));
        for (int version : new int[] {8, 9, 10}) {
            ask("all of groups", ApiKeys.OFFSET_FETCH, version, fetchSeveral(List.of("simple", "nobody", ""), null));
            ask(
                    "named",
                    ApiKeys.OFFSET_FETCH,
                    version,
                    fetchSeveral(List.of("simple"), version < 10 ? named(TOPIC, Uuid.ZERO_UUID) : named("", topicId)));
        }
        ask("an unknown id", ApiKeys.OFFSET_FETCH, 10, fetchSeveral(List.of("simple"), named("", NO_TOPIC)));
        var asMember = fetchSeveral(List.of("simple"), null);
        asMember.groups().getFirst().setMemberId("m").setMemberEpoch(3);
        ask("as an unknown member", ApiKeys.OFFSET_FETCH, 9, asMember);
    }

    private void consumerGroups() throws IOException {
        var member = Uuid.randomUuid().toString();
        names.put(member, "CONSUMER");
        var beat = new ConsumerGroupHeartbeatRequestData()
                .setGroupId("c")
                .setMemberId(member)
                .setMemberEpoch(0)
                .setRebalanceTimeoutMs(1000)
                .setSubscribedTopicNames(List.of(TOPIC))
                .setTopicPartitions(List.of());
        ask("no group", ApiKeys.CONSUMER_GROUP_HEARTBEAT, 1, beat.duplicate().setGroupId(""));
        ask(
                "no member id",
                ApiKeys.CONSUMER_GROUP_HEARTBEAT,
                1,
                beat.duplicate().setMemberId(""));
        ask(
                "no subscription",
                ApiKeys.CONSUMER_GROUP_HEARTBEAT,
                1,
                beat.duplicate().setSubscribedTopicNames(null));
        ask("no timeout", ApiKeys.CONSUMER_GROUP_HEARTBEAT, 1, beat.duplicate().setRebalanceTimeoutMs(-1));
        ask(
                "a broken pattern",
                ApiKeys.CONSUMER_GROUP_HEARTBEAT,
                1,
                beat.duplicate().setSubscribedTopicNames(null).setSubscribedTopicRegex("("));
        ask(
                "an unknown assignor",
                ApiKeys.CONSUMER_GROUP_HEARTBEAT,
                1,
                beat.duplicate().setServerAssignor("x"));
        ask(
                "epoch of an unknown group",
                ApiKeys.CONSUMER_GROUP_HEARTBEAT,
                1,
                beat.duplicate().setMemberEpoch(5));
        ask("joins", ApiKeys.CONSUMER_GROUP_HEARTBEAT, 1, beat);
        ask(
                "another epoch",
                ApiKeys.CONSUMER_GROUP_HEARTBEAT,
                1,
                beat.duplicate().setMemberEpoch(9));
        ask(
                "another member",
                ApiKeys.CONSUMER_GROUP_HEARTBEAT,
                1,
                beat.duplicate().setMemberId("m").setMemberEpoch(1));
        ask(
                "described",
                ApiKeys.CONSUMER_GROUP_DESCRIBE,
                1,
                new ConsumerGroupDescribeRequestData().setGroupIds(List.of("c")).setIncludeAuthorizedOperations(true));
        ask("described as classic", ApiKeys.DESCRIBE_GROUPS, 6, describe("c"));
        ask("joined as classic", ApiKeys.JOIN_GROUP, 9, join("c", "m"));
        ask("commit of an old epoch", ApiKeys.OFFSET_COMMIT, 9, commit("c", member, 0, TOPIC));
        ask("commit", ApiKeys.OFFSET_COMMIT, 9, commit("c", member, 1, TOPIC));
        ask("leaves", ApiKeys.CONSUMER_GROUP_HEARTBEAT, 1, beat.duplicate().setMemberEpoch(-1));
    }

    private void administration() throws IOException {
        ask("all groups", ApiKeys.LIST_GROUPS, 5, new ListGroupsRequestData());
        ask("some states", ApiKeys.LIST_GROUPS, 4, new ListGroupsRequestData().setStatesFilter(List.of("stable")));
        ask("some types", ApiKeys.LIST_GROUPS, 5, new ListGroupsRequestData().setTypesFilter(List.of("Consumer")));
        ask("no such type", ApiKeys.LIST_GROUPS, 5, new ListGroupsRequestData().setTypesFilter(List.of("x")));
        ask("an unknown topic", ApiKeys.OFFSET_DELETE, 0, forget("simple", "nowhere", 0));
        ask("an unknown partition", ApiKeys.OFFSET_DELETE, 0, forget("simple", TOPIC, 9));
        ask("offsets", ApiKeys.OFFSET_DELETE, 0, forget("simple", TOPIC, 0));
        ask(
                "groups",
                ApiKeys.DELETE_GROUPS,
                2,
                new DeleteGroupsRequestData().setGroupsNames(List.of("simple", "c", "c", "nobody", "")));
    }

    /// Joins a group that is empty, or takes over the place of a static member.
    private String joined(String group, int version, @Nullable String instance) throws IOException {
        var request = join(group, "").setGroupInstanceId(instance);
        var answer = (JoinGroupResponseData) client.call(ApiKeys.JOIN_GROUP, version, request);
        if (answer.errorCode() == Errors.MEMBER_ID_REQUIRED.code()) {
            answer = (JoinGroupResponseData)
                    client.call(ApiKeys.JOIN_GROUP, version, request.setMemberId(answer.memberId()));
        }
        names.put(answer.memberId(), "MEMBER-" + names.size());
        put("joined " + group, ApiKeys.JOIN_GROUP, version, answer);
        return answer.memberId();
    }

    private void ask(String what, ApiKeys api, int version, ApiMessage request) throws IOException {
        put(what, api, version, client.call(api, version, request));
    }

    private void put(String what, ApiKeys api, int version, ApiMessage answer) {
        var text = answer.toString();
        for (var name : names.entrySet()) {
            text = text.replace(name.getKey(), name.getValue());
        }
        text = UNIQUE.matcher(text)
                .replaceAll("UUID")
                .replaceAll("nodeId=\\d+", "nodeId=N")
                .replaceAll("host='[^']+', port=\\d+", "host='H', port=P");
        lines.add("%s %d, %s: %s".formatted(api.name, version, what, text));
    }

    private static JoinGroupRequestData join(String group, String member) {
        var protocols = new JoinGroupRequestProtocolCollection();
        protocols.add(new JoinGroupRequestProtocol().setName("range").setMetadata(subscription()));
        return new JoinGroupRequestData()
                .setGroupId(group)
                .setMemberId(member)
                .setSessionTimeoutMs(30_000)
                .setRebalanceTimeoutMs(30_000)
                .setProtocolType("consumer")
                .setProtocols(protocols);
    }

    /// What a consumer subscribed to the topic sends: version 0, one topic, no data of its own.
    private static byte[] subscription() {
        var name = TOPIC.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(2 + 4 + 2 + name.length + 4)
                .putShort((short) 0)
                .putInt(1)
                .putShort((short) name.length)
                .put(name)
                .putInt(-1)
                .array();
    }

    private static SyncGroupRequestData sync(String group, String member, int generation) {
        return new SyncGroupRequestData()
                .setGroupId(group)
                .setMemberId(member)
                .setGenerationId(generation)
                .setProtocolType("consumer")
                .setProtocolName("range");
    }

    private static OffsetCommitRequestData commit(String group, String member, int generation, String topic) {
        return new OffsetCommitRequestData()
                .setGroupId(group)
                .setMemberId(member)
                .setGenerationIdOrMemberEpoch(generation)
                .setTopics(new ArrayList<>(List.of(topic(topic, Uuid.ZERO_UUID))));
    }

    private static OffsetCommitRequestTopic topic(String name, Uuid id) {
        return new OffsetCommitRequestTopic()
                .setName(name)
                .setTopicId(id)
                .setPartitions(new ArrayList<>(List.of(partition(0))));
    }

    private static OffsetCommitRequestPartition partition(int index) {
        return new OffsetCommitRequestPartition()
                .setPartitionIndex(index)
                .setCommittedOffset(42)
                .setCommittedLeaderEpoch(3)
                .setCommittedMetadata("why");
    }

    private static OffsetFetchRequestData fetch(String group, String topic) {
        return new OffsetFetchRequestData()
                .setGroupId(group)
                .setTopics(List.of(new OffsetFetchRequestTopic().setName(topic).setPartitionIndexes(List.of(0, 7))));
    }

    private static OffsetFetchRequestData fetchSeveral(
            Collection<String> groups, @Nullable List<OffsetFetchRequestTopics> topics) {
        return new OffsetFetchRequestData()
                .setGroups(groups.stream()
                        .map(group ->
                                new OffsetFetchRequestGroup().setGroupId(group).setTopics(topics))
                        .toList());
    }

    private static List<OffsetFetchRequestTopics> named(String name, Uuid id) {
        return List.of(
                new OffsetFetchRequestTopics().setName(name).setTopicId(id).setPartitionIndexes(List.of(0, 7)));
    }

    private static DescribeGroupsRequestData describe(String group) {
        return new DescribeGroupsRequestData().setGroups(List.of(group));
    }

    private static DeleteGroupsRequestData delete(String group) {
        return new DeleteGroupsRequestData().setGroupsNames(List.of(group));
    }

    private static OffsetDeleteRequestData forget(String group, String topic, int partition) {
        var topics = new OffsetDeleteRequestTopicCollection();
        topics.add(new OffsetDeleteRequestTopic()
                .setName(topic)
                .setPartitions(List.of(new OffsetDeleteRequestPartition().setPartitionIndex(partition))));
        return new OffsetDeleteRequestData().setGroupId(group).setTopics(topics);
    }
}
