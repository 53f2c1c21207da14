package io.vitrine.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.vitrine.protocol.RefusalJournal.Kept;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RefusalJournalTests {
    private final RefusalJournal journal = new RefusalJournal(3);
    private int correlationId;

    @Test
    void whoRetriesIsOneEntryThatCounts() {
        journal.add(refusal("app", 5000, "orders-0", 1));
        journal.add(refusal("other", 5001, "orders-0", 2));
        for (int second = 3; second <= 1000; second++) {
            journal.add(refusal("app", 5000 + second, "orders-0", second));
        }

        assertThat(journal.kept(10))
                .extracting(
                        kept -> kept.latest().clientId(),
                        Kept::times,
                        kept -> kept.firstTime().getEpochSecond())
                .containsExactly(tuple("app", 999L, 1L), tuple("other", 1L, 2L));
        assertThat(journal.latest(1).getFirst().time()).isEqualTo(Instant.ofEpochSecond(1000));
        assertThat(journal.total()).isEqualTo(1000);
    }

    @Test
    void whatDiffersInAnythingButItsPlaceInTimeIsNotTheSame() {
        journal.add(refusal("app", 5000, "orders-0", 1));
        journal.add(refusal("app", 5000, "orders-1", 2));
        journal.add(closed("idle"));

        assertThat(journal.kept(10)).hasSize(3).allMatch(kept -> kept.times() == 1);
        journal.add(closed("garbage"));
        assertThat(journal.latest(2)).extracting(RefusalEntry::detail).containsExactly("garbage", "idle");
    }

    @Test
    void thoseThatWereNotRepeatedForLongestAreForgotten() {
        journal.add(refusal("app", 5000, "a", 1));
        journal.add(refusal("app", 5000, "b", 2));
        journal.add(refusal("app", 5000, "c", 3));
        journal.add(refusal("app", 5000, "a", 4));
        journal.add(refusal("app", 5000, "d", 5));

        assertThat(journal.latest(10)).extracting(RefusalEntry::subject).containsExactly("d", "a", "c");
    }

    @Test
    void ofARequestThatIsSentAgainAndAgainNoMoreIsKeptThanOfOne() {
        var large = new RefusalJournal(10_000);
        for (int request = 0; request < 5; request++) {
            correlationId++;
            for (int topic = 0; topic < 1000; topic++) {
                large.add(of(correlationId, "app", 5000, "topic-" + topic, request));
            }
        }

        assertThat(large.kept(10_000)).hasSize(RefusalJournal.MOST_OF_A_REQUEST).allMatch(kept -> kept.times() == 5);
        assertThat(large.total()).isEqualTo(5000);
    }

    private RefusalEntry refusal(String clientId, int port, String subject, long second) {
        return of(++correlationId, clientId, port, subject, second);
    }

    private static RefusalEntry of(int correlationId, String clientId, int port, String subject, long second) {
        return new RefusalEntry(
                Instant.ofEpochSecond(second),
                "127.0.0.1:" + port,
                clientId,
                "Fetch",
                12,
                correlationId,
                subject,
                "OFFSET_OUT_OF_RANGE",
                "OFFSET",
                "at " + second);
    }

    private static RefusalEntry closed(String why) {
        return new RefusalEntry(
                Instant.EPOCH,
                "[::1]:7",
                "",
                "",
                -1,
                -1,
                "",
                RefusalEntry.CONNECTION_CLOSED,
                RefusalEntry.CONNECTION_CLOSED,
                why);
    }
}
