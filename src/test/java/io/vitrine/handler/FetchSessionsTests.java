package io.vitrine.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.handler.FetchSessions.Owner;
import io.vitrine.protocol.Caller;
import io.vitrine.protocol.FetchSessionEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Which sessions are kept when there is no room for all.
class FetchSessionsTests {
    private static final Owner OWNER = new Owner(new Caller(1, "127.0.0.1:1", "localhost", 9092, "PLAINTEXT"), "test");
    private static final Duration PROTECTION = Duration.ofMinutes(2);

    private Instant now = Instant.EPOCH;
    private final FetchSessions sessions = new FetchSessions(2, 1000, PROTECTION, () -> now, new Random(1));

    @Test
    void aYoungSessionIsSafeFromLargerOnes() {
        int first = keep(1);
        int second = keep(1);

        assertThat(keep(900)).isZero();

        assertThat(sessions.find(first)).isPresent();
        assertThat(sessions.find(second)).isPresent();
        assertThat(sessions.evictedCount()).isZero();
    }

    @Test
    void theOneThatWasNotUsedForLongestGoesFirstHoweverLarge() {
        int first = keep(900);
        int second = keep(1);
        pass(PROTECTION);
        assertThat(keep(1)).as("exactly two minutes are not over").isZero();
        pass(Duration.ofMillis(1));
        sessions.touch(second, 1, OWNER);

        int third = keep(1);

        assertThat(third).isNotZero();
        assertThat(sessions.find(first)).isEmpty();
        assertThat(sessions.find(second)).isPresent();
        assertThat(sessions.partitionCount()).isEqualTo(2);
        assertThat(sessions.evictedCount()).isEqualTo(1);
    }

    @Test
    void whoIsNotUsedMakesRoomWherePartitionsAreShort() {
        int idle = keep(600);
        assertThat(keep(600)).as("the first is safe yet").isZero();
        pass(PROTECTION.plusMillis(1));

        int next = keep(600);
        assertThat(sessions.find(idle)).isEmpty();
        pass(PROTECTION.plusMillis(1));
        int growing = keep(300);
        boolean isKept = sessions.touch(growing, 900, OWNER);

        assertThat(isKept).isTrue();
        assertThat(sessions.find(next)).isEmpty();
        assertThat(sessions.partitionCount()).isEqualTo(900);
        assertThat(sessions.evictedCount()).isEqualTo(2);
    }

    @Test
    void amongThoseInUseAnOldSmallerOneMakesRoom() {
        int small = keep(3);
        int large = keep(10);
        pass(PROTECTION.plusMillis(1));
        sessions.touch(small, 3, OWNER);
        sessions.touch(large, 10, OWNER);

        assertThat(keep(3)).as("no larger than the smallest").isZero();
        assertThat(keep(4)).isNotZero();

        assertThat(sessions.find(small)).isEmpty();
        assertThat(sessions.find(large)).isPresent();
    }

    @Test
    void whoIsMadeToGoIsClosed() {
        int first = keep(1);
        var gone = sessions.find(first).orElseThrow();
        keep(1);
        pass(PROTECTION.plusMillis(1));

        keep(1);

        assertThat(gone.isClosed()).isTrue();
    }

    @Test
    void allTogetherHaveNoMorePartitionsThanMemoryAllows() {
        int first = keep(600);

        assertThat(keep(401)).isZero();
        assertThat(keep(400)).isNotZero();

        assertThat(sessions.touch(first, 601, OWNER)).isFalse();
        assertThat(sessions.find(first)).isEmpty();
        assertThat(sessions.partitionCount()).isEqualTo(400);
    }

    @Test
    void withoutSlotsNothingIsKept() {
        var none = new FetchSessions(0, 1000, PROTECTION, () -> now, new Random(1));

        assertThat(none.keep(new FetchSession(false), 1, OWNER)).isZero();
    }

    @Test
    void epochsBeginAnewWithOne() {
        assertThat(FetchSession.epochAfter(1)).isEqualTo(2);
        assertThat(FetchSession.epochAfter(Integer.MAX_VALUE)).isEqualTo(1);
    }

    @Test
    void theyAreListedByTheirIds() {
        var many = new FetchSessions(100, 1000, PROTECTION, () -> now, new Random(1));
        IntStream.range(0, 100).forEach(_ -> many.keep(new FetchSession(true), 1, OWNER));

        var first = many.list(0, 60, 10);
        var rest = many.list(first.getLast().id() + 1, 60, 10);

        assertThat(first)
                .hasSize(60)
                .extracting(FetchSessionEntry::id)
                .isSorted()
                .doesNotContain(0);
        assertThat(rest).hasSize(40);
        assertThat(first.getFirst().clientId()).isEqualTo("test");
    }

    private int keep(int size) {
        var session = new FetchSession(false);
        int id = sessions.keep(session, size, OWNER);
        assertThat(session.id()).isEqualTo(id);
        return id;
    }

    private void pass(Duration time) {
        now = now.plus(time);
    }
}
