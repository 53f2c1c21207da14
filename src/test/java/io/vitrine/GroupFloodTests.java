package io.vitrine;

import static io.vitrine.GroupClients.QUICK_GROUPS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocolCollection;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Clients that ask for more than anybody needs.
class GroupFloodTests {
    private static final String GROUP = "flooded";

    @TempDir
    Path directory;

    private RunningBroker broker;
    private WireClient client;

    @BeforeEach
    void start() throws Exception {
        open(Map.of());
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        broker.close();
    }

    private void open(Map<String, String> more) throws Exception {
        var settings = new HashMap<>(QUICK_GROUPS);
        settings.putAll(more);
        broker = RunningBroker.in(directory, settings);
        client = new WireClient(broker.port());
        await().until(() -> findCoordinator() == 0
                && describe(1).getFirst().errorCode() != Errors.COORDINATOR_LOAD_IN_PROGRESS.code());
    }

    @Test
    void aGroupNamedAgainAndAgainIsDescribedOnce() throws Exception {
        assertThat(describe(50_000)).hasSize(1);
    }

    @Test
    void ofAGroupAskedAboutAgainAndAgainAHundredAnswersAreGiven() throws Exception {
        var group = new OffsetFetchRequestGroup().setGroupId(GROUP).setTopics(null);
        var request = new OffsetFetchRequestData().setGroups(Collections.nCopies(5_000, group));

        var answer = (OffsetFetchResponseData) client.call(ApiKeys.OFFSET_FETCH, 8, request);

        assertThat(answer.groups()).hasSize(5_000);
        assertThat(answer.groups())
                .filteredOn(found -> found.errorCode() == Errors.INVALID_REQUEST.code())
                .hasSize(5_000 - 100);
        assertThat(broker.broker().refusals().kept(1000))
                .filteredOn(kept -> kept.latest().detail().contains("asks for too much"))
                .singleElement()
                .satisfies(kept -> assertThat(kept.times()).isEqualTo(5_000 - 100));
    }

    @Test
    void aRequestThatHasManyLeaveKeepsTheTimelineShort() throws Exception {
        join("", new byte[10]);
        var members = IntStream.range(0, 50_000)
                .mapToObj(i -> new MemberIdentity().setMemberId("").setGroupInstanceId("static-" + i))
                .toList();

        var answer = (LeaveGroupResponseData) client.call(
                ApiKeys.LEAVE_GROUP,
                5,
                new LeaveGroupRequestData().setGroupId(GROUP).setMembers(members));

        assertThat(answer.members()).hasSize(50_000);
        var timeline = broker.broker().timelines().find(GROUP).orElseThrow();
        assertThat(timeline.events().size() + timeline.droppedEvents()).isLessThan(500);
    }

    @Test
    void whatAMemberSaysOfItselfIsBounded() throws Exception {
        assertThat(join("", new byte[3 << 20]).errorCode()).isEqualTo(Errors.MEMBER_ID_REQUIRED.code());
        assertThat(join("", new byte[5 << 20]).errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
        assertThat(broker.broker().refusals().latest(1).getFirst().detail()).contains("asks for too much");
    }

    @Test
    void aGroupTakesNoMoreMembersThanItMay() throws Exception {
        stop();
        open(Map.of("group.max.size", "2", "group.initial.rebalance.delay.ms", "60000"));
        var first = new WireClient(broker.port());
        var second = new WireClient(broker.port());
        try (first;
                second) {
            for (var some : List.of(first, second)) {
                var id = join(some, "", new byte[10]).memberId();
                some.send(ApiKeys.JOIN_GROUP, (short) 9, 1, request(id, new byte[10]));
            }
            await().until(() -> broker.broker().timelines().waiting().size() == 2);

            assertThat(join(join("", new byte[10]).memberId(), new byte[10]).errorCode())
                    .isEqualTo(Errors.GROUP_MAX_SIZE_REACHED.code());
        }
    }

    @Test
    void thosePatientlyWaitingAreToldOfAndNothingIsKeptOfThoseRefused() throws Exception {
        stop();
        open(Map.of("group.initial.rebalance.delay.ms", "60000"));
        long before = broker.broker().timelines().sizeInBytes();

        // Each hangs up when it has asked.
        for (int i = 0; i < 100; i++) {
            try (var some = new WireClient(broker.port())) {
                var id = join(some, "", new byte[10]).memberId();
                some.send(ApiKeys.JOIN_GROUP, (short) 9, 1, request(id, new byte[10]));
            }
        }

        await().until(() -> broker.broker().timelines().waiting().size() == 100);
        for (int i = 0; i < 200; i++) {
            var refused = request("nobody", new byte[10]).setGroupId("g".repeat(32_000) + i);
            assertThat(((JoinGroupResponseData) client.call(ApiKeys.JOIN_GROUP, 9, refused)).errorCode())
                    .isNotEqualTo(Errors.NONE.code());
        }
        assertThat(broker.broker().timelines().sizeInBytes() - before).isLessThan(17 << 20);
    }

    private JoinGroupResponseData join(String memberId, byte[] metadata) throws Exception {
        return join(client, memberId, metadata);
    }

    private static JoinGroupResponseData join(WireClient client, String memberId, byte[] metadata) throws Exception {
        return (JoinGroupResponseData) client.call(ApiKeys.JOIN_GROUP, 9, request(memberId, metadata));
    }

    private static JoinGroupRequestData request(String memberId, byte[] metadata) {
        var protocols = new JoinGroupRequestProtocolCollection();
        protocols.add(new JoinGroupRequestProtocol().setName("range").setMetadata(metadata));
        return new JoinGroupRequestData()
                .setGroupId(GROUP)
                .setMemberId(memberId)
                .setProtocolType("consumer")
                .setSessionTimeoutMs(60_000)
                .setRebalanceTimeoutMs(60_000)
                .setProtocols(protocols);
    }

    private List<DescribeGroupsResponseData.DescribedGroup> describe(int times) throws Exception {
        var request = new DescribeGroupsRequestData().setGroups(Collections.nCopies(times, GROUP));
        return ((DescribeGroupsResponseData) client.call(ApiKeys.DESCRIBE_GROUPS, 5, request)).groups();
    }

    private short findCoordinator() throws Exception {
        var request = new FindCoordinatorRequestData().setCoordinatorKeys(List.of(GROUP));
        return ((FindCoordinatorResponseData) client.call(ApiKeys.FIND_COORDINATOR, 6, request))
                .coordinators()
                .getFirst()
                .errorCode();
    }
}
