package io.vitrine.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.vitrine.protocol.RefusalJournal.Kept;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
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

    @Test
    void whatIsExpectedAndHowConnectionsEndPushesOutNothingElse() {
        journal.add(refusal("app", 5000, "orders-0", 1));
        for (int i = 0; i < 100; i++) {
            journal.add(of(++correlationId, "app", 5000, "group-" + i, "REBALANCE_IN_PROGRESS", 2 + i));
            journal.add(closed(Closing.IDLE, "connection " + i));
            journal.add(closed(Closing.CLIENT_CLOSED, "connection " + i));
        }

        assertThat(journal.kept(100)).hasSize(7);
        assertThat(journal.latest(100)).extracting(RefusalEntry::subject).contains("orders-0", "group-99");
        assertThat(journal.find(100, kept -> kept.latest().kind() == RefusalEntry.Kind.LEFT))
                .hasSize(3);
        assertThat(journal.total()).isEqualTo(201);
    }

    @Test
    void whatIsLongTakesTheRoomOfSeveral() {
        var wordy = new RefusalJournal(100);
        var facts = new LinkedHashMap<String, Object>();
        for (int i = 0; i < 24; i++) {
            facts.put("fact " + i, "x".repeat(100_000));
        }
        for (int i = 0; i < 100; i++) {
            var entry = refusal("app", 5000, "topic-" + i, 1);
            wordy.add(new RefusalEntry(
                    entry.time(),
                    1,
                    entry.address(),
                    "y".repeat(30_000),
                    entry.api(),
                    1,
                    i,
                    entry.about(),
                    entry.error(),
                    entry.reason(),
                    "z".repeat(30_000),
                    facts));
        }

        var kept = wordy.latest(100);
        assertThat(kept).hasSizeBetween(10, 30);
        assertThat(kept.stream().mapToInt(RefusalEntry::weight).sum()).isLessThanOrEqualTo(100 * 2048);
    }

    private RefusalEntry refusal(String clientId, int port, String subject, long second) {
        return of(++correlationId, clientId, port, subject, second);
    }

    private static RefusalEntry of(int correlationId, String clientId, int port, String subject, long second) {
        return of(correlationId, clientId, port, subject, "OFFSET_OUT_OF_RANGE", second);
    }

    private static RefusalEntry of(
            int correlationId, String clientId, int port, String subject, String error, long second) {
        return new RefusalEntry(
                Instant.ofEpochSecond(second),
                1,
                "127.0.0.1:" + port,
                clientId,
                "Fetch",
                12,
                correlationId,
                Subject.other(subject),
                error,
                "OFFSET",
                "at " + second,
                Map.of());
    }

    private static RefusalEntry closed(String why) {
        return closed(Closing.IDLE, why);
    }

    private static RefusalEntry closed(Closing reason, String why) {
        return new RefusalEntry(
                Instant.EPOCH,
                1,
                "[::1]:7",
                "",
                "",
                -1,
                -1,
                Subject.whole(),
                RefusalEntry.CONNECTION_CLOSED,
                reason.name(),
                why,
                Map.of());
    }
}
