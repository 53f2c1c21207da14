package io.vitrine.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.coordinator.TappedRecord;
import io.vitrine.timeline.TimelineEvent.Kind;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.coordinator.group.generated.GroupMetadataKey;
import org.apache.kafka.coordinator.group.generated.GroupMetadataValue;
import org.apache.kafka.coordinator.group.generated.GroupMetadataValue.MemberMetadata;
import org.junit.jupiter.api.Test;

class GroupTimelinesTests {
    private static final long LIMIT = 100_000;

    private final GroupTimelines timelines = new GroupTimelines(_ -> Optional.empty(), (_, _) -> 45_000, LIMIT);
    private long nowMs;

    @Test
    void theOldestGroupsAreForgottenWhenThereIsTooMuch() {
        for (int i = 0; i < 2000; i++) {
            record("group-" + i, 1, List.of());
        }

        assertThat(timelines.sizeInBytes()).isBetween(LIMIT / 4, LIMIT + 10_000);
        assertThat(timelines.find("group-0")).isEmpty();
        assertThat(timelines.find("group-1999")).isPresent();
        assertThat(timelines.size()).isLessThan(2000);
    }

    @Test
    void whatIsInUseIsKeptAndOnlyItsPastForgotten() {
        record("busy", 1, List.of("a"));
        for (int i = 0; i < 2000; i++) {
            record("group-" + i, 1, List.of());
        }

        assertThat(timelines.find("busy").orElseThrow().generations())
                .extracting(generation -> generation.members().keySet().size())
                .containsExactly(1);
    }

    @Test
    void idsOfGroupsAndMembersAreCountedAndGivenBack() {
        long before = timelines.sizeInBytes();
        var id = "g".repeat(32_000);
        timelines.open(id + 1, 0);
        assertThat(timelines.sizeInBytes() - before).isGreaterThan(id.length());

        for (int i = 2; i < 100; i++) {
            record(id + i, 1, List.of());
        }

        assertThat(timelines.sizeInBytes()).isLessThan(LIMIT + 2L * id.length());
        assertThat(timelines.size()).isLessThan(6);
    }

    @Test
    void groupsInUseAreForgottenTooWhereTheirNamesAloneAreTooMuch() {
        var id = "g".repeat(32_000);
        for (int i = 0; i < 100; i++) {
            record(id + i, 1, List.of("a"));
            var history = timelines.open(id + i, nowMs);
            synchronized (history) {
                history.activity("a".repeat(1000), "client".repeat(5000), "/127.0.0.1", nowMs);
            }
        }

        assertThat(timelines.sizeInBytes()).isLessThan(LIMIT + 2L * id.length());
        assertThat(timelines.size()).isLessThan(6);
    }

    @Test
    void aMemberThatIsGoneGivesItsRoomBack() {
        var history = timelines.open("g", 0);
        long before = timelines.sizeInBytes();

        history.activity("member", "client", "/127.0.0.1", 0);
        assertThat(timelines.sizeInBytes()).isGreaterThan(before);
        history.forget("member");
        history.forget("member");

        assertThat(timelines.sizeInBytes()).isEqualTo(before);
    }

    @Test
    void oneGroupDoesNotGrowWithoutEnd() {
        var members = IntStream.range(0, 200).mapToObj(i -> "member-" + i).toList();
        for (int epoch = 1; epoch < 2000; epoch++) {
            record("busy", epoch, members);
        }

        var timeline = timelines.find("busy").orElseThrow();
        // The newest generation and the one before it stay, however large they are.
        assertThat(timelines.sizeInBytes()).isLessThan(LIMIT + 2 * 200 * 400);
        assertThat(timeline.events()).hasSizeLessThanOrEqualTo(GroupHistory.MAX_EVENTS);
        assertThat(timeline.droppedEvents()).isPositive();
        assertThat(timeline.generations().getLast().epoch()).isEqualTo(1999);
    }

    @Test
    void anAssignmentThatIsNoneOfConsumersIsLeftOut() {
        var value = value(1, List.of("a"));
        value.members().getFirst().setAssignment(new byte[] {127, 127, 127, 127, 1});
        timelines.recorded(new TappedRecord(0, 0, 0, false, new GroupMetadataKey().setGroup("odd"), value));

        assertThat(timelines.find("odd").orElseThrow().generations().getLast().partitionCount())
                .isZero();
    }

    @Test
    void theSameAgainIsCounted() {
        var history = timelines.open("busy", 0);
        for (int i = 0; i < 5; i++) {
            history.add(TimelineEvent.of(i, Kind.REFUSED, 1, "a", "Heartbeat was answered UNKNOWN_MEMBER_ID"));
        }

        assertThat(timelines.find("busy").orElseThrow().events())
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.repeats().times()).isEqualTo(5);
                    assertThat(event.repeats().lastTimestampMs()).isEqualTo(4);
                });
    }

    private void record(String group, int epoch, List<String> members) {
        nowMs++;
        timelines.recorded(new TappedRecord(
                0, nowMs, nowMs, false, new GroupMetadataKey().setGroup(group), value(epoch, members)));
    }

    private static GroupMetadataValue value(int epoch, List<String> members) {
        return new GroupMetadataValue()
                .setProtocolType("consumer")
                .setGeneration(epoch)
                .setMembers(members.stream()
                        .map(member -> new MemberMetadata()
                                .setMemberId(member)
                                .setClientId(member)
                                .setClientHost("/127.0.0.1")
                                .setAssignment(new byte[0]))
                        .toList());
    }
}
