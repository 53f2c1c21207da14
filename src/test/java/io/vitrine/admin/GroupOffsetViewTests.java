package io.vitrine.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.group.CommittedOffset;
import io.vitrine.log.Offsets;
import io.vitrine.metadata.TopicPartition;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GroupOffsetViewTests {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    private static final Offsets MARKS = new Offsets(10, 15, 20, 20, 20);

    @ParameterizedTest
    @CsvSource({"12, false, 8", "12, true, 3", "17, true, 0", "20, false, 0", "25, false, 0", "4, false, 16"})
    void theLagIsWhatLiesBetweenTheCommittedOffsetAndTheEnd(long offset, boolean stable, long lag) {
        assertThat(view(offset, stable).lag()).isEqualTo(lag);
    }

    @Test
    void anOffsetOutsideTheLogSaysSo() {
        assertThat(view(9, false).problem()).startsWith("9 is below the log start 10");
        assertThat(view(21, false).problem()).startsWith("21 is beyond the end 20");
        assertThat(view(10, false).problem()).isNull();
        assertThat(view(20, false).problem()).isNull();
    }

    @Test
    void onlyAnOffsetInTheLogLinksToARecord() {
        assertThat(view(9, false).links().next()).isNull();
        assertThat(view(20, false).links().next()).isNull();
        assertThat(view(10, false).links().next())
                .isEqualTo("/api/v1/topics/orders/partitions/0/records?from=10&limit=1");
    }

    private static GroupOffsetView view(long offset, boolean stable) {
        var committed = new CommittedOffset(ORDERS, offset, -1, "", null);
        return GroupOffsetView.of(ORDERS, committed, Optional.of(MARKS), null, stable);
    }
}
