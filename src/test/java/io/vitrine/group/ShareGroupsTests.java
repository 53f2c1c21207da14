package io.vitrine.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.vitrine.RunningBroker;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ShareGroupHeartbeatRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Share groups as the coordinator has them, whether their clients are served or not.
class ShareGroupsTests {
    @TempDir
    Path directory;

    @Test
    void aShareGroupIsListedAndDescribed() {
        try (var broker = RunningBroker.in(directory, Map.of("offsets.topic.num.partitions", "1"))) {
            broker.createTopic("orders", 1);
            var groups = broker.broker().groups();
            groups.locate("sharers").join();
            var joining = new ShareGroupHeartbeatRequestData()
                    .setGroupId("sharers")
                    .setMemberId(Uuid.randomUuid().toString())
                    .setMemberEpoch(0)
                    .setSubscribedTopicNames(List.of("orders"));
            Awaitility.await()
                    .until(() -> groups.ask(coordinator -> coordinator.shareGroupHeartbeat(
                                            GroupDirectory.caller(ApiKeys.SHARE_GROUP_HEARTBEAT), joining))
                                    .join()
                                    .errorCode()
                            == 0);
            var directory = new GroupDirectory(groups);

            var listed = directory.list().join();
            var described = directory.describe("sharers").join();

            assertThat(listed)
                    .extracting(GroupSummary::id, GroupSummary::type)
                    .containsExactly(tuple("sharers", GroupType.SHARE));
            assertThat(directory.describe(listed).join()).containsEntry("sharers", described);
            assertThat(described.summary().type()).isEqualTo(GroupType.SHARE);
            assertThat(described.members().getFirst().subscription())
                    .isEqualTo(new GroupMember.Subscription(List.of("orders"), null));
        }
    }
}
