package io.vitrine.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.coordinator.TappedRecord;
import io.vitrine.metadata.TopicPartition;
import org.apache.kafka.coordinator.group.generated.OffsetCommitKey;
import org.apache.kafka.coordinator.group.generated.OffsetCommitValue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CommitTimesTests {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);

    @Test
    void theTimeOfTheLastCommitIsKnown() {
        var times = new CommitTimes();
        times.recorded(commit("g", 1, 100L));
        times.recorded(commit("g", 2, 200L));

        assertThat(times.find("g", ORDERS, 2)).hasValue(200);
        assertThat(times.find("g", ORDERS, 1)).isEmpty();
        assertThat(times.find("h", ORDERS, 2)).isEmpty();
    }

    @Test
    void whatIsDeletedIsForgotten() {
        var times = new CommitTimes();
        times.recorded(commit("g", 1, 100L));
        times.recorded(commit("g", 1, null));

        assertThat(times.find("g", ORDERS, 1)).isEmpty();
    }

    @Test
    void theOldestAreForgottenWhenThereAreTooMany() {
        var times = new CommitTimes(100_000);
        for (int i = 0; i < 10_000; i++) {
            times.recorded(commit("group-" + i, 1, 100L));
            times.recorded(commit("often", i, 100L));
        }

        assertThat(times.find("group-0", ORDERS, 1)).isEmpty();
        assertThat(times.find("group-9999", ORDERS, 1)).hasValue(100);
        assertThat(times.find("often", ORDERS, 9_999)).hasValue(100);
        assertThat(times.count()).isBetween(100, 400);
    }

    @Test
    void longNamesTakeTheRoomOfShortOnes() {
        var times = new CommitTimes(100_000);
        for (int i = 0; i < 100; i++) {
            times.recorded(commit("g".repeat(20_000) + i, 1, 100L));
        }

        assertThat(times.count()).isEqualTo(2);
    }

    private static TappedRecord commit(String group, long offset, @Nullable Long timestamp) {
        var key = new OffsetCommitKey().setGroup(group).setTopic("orders").setPartition(0);
        var value = timestamp == null
                ? null
                : new OffsetCommitValue().setOffset(offset).setCommitTimestamp(timestamp);
        return new TappedRecord(0, 0, 0, false, key, value);
    }
}
