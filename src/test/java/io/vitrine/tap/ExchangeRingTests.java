package io.vitrine.tap;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.protocol.Caller;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;

class ExchangeRingTests {
    private static final Caller CALLER = new Caller(1, "127.0.0.1:1", "localhost", 9092, "PLAINTEXT");

    @Test
    void theOldestMakeRoomForTheNewest() {
        var recent = new RecentExchanges(1, 1_000_000_000);
        var ring = recent.newRing();

        for (int i = 0; i < 5000; i++) {
            ring.end(exchange(i, "c"), Exchange.End.ANSWERED, 10);
        }

        var latest = recent.latest(ExchangeFilter.all(), null, 10_000);
        assertThat(latest).hasSize(2048);
        assertThat(latest.getFirst().correlationId()).isEqualTo(4999);
        assertThat(latest.getLast().correlationId()).isEqualTo(5000 - 2048);
        assertThat(recent.total()).isEqualTo(5000);
    }

    @Test
    void namesAreChargedForTheirLength() {
        var recent = new RecentExchanges(1, 100_000);
        var ring = recent.newRing();

        for (int i = 0; i < 1000; i++) {
            var exchange = exchange(i, "c".repeat(30_000));
            for (int topic = 0; topic < 200; topic++) {
                exchange.mentions().addTopic(topic + "t".repeat(30_000));
            }
            ring.end(exchange, Exchange.End.ANSWERED, 10);
        }

        var latest = recent.latest(ExchangeFilter.all(), null, 10_000);
        assertThat(latest).isNotEmpty();
        assertThat(latest.stream().mapToLong(Exchange::sizeInBytes).sum()).isLessThanOrEqualTo(100_000);
        assertThat(latest.getFirst().correlationId()).isEqualTo(999);
    }

    @Test
    void whoReadsWhileItIsWrittenSeesWholeExchangesInTheirOrder() throws Exception {
        var recent = new RecentExchanges(1, 1_000_000_000);
        var ring = recent.newRing();
        var stopped = new AtomicBoolean();
        var begun = new CountDownLatch(1);
        var writer = new Thread(() -> {
            for (int i = 0; !stopped.get(); i++) {
                ring.end(exchange(i, "client-" + i), Exchange.End.ANSWERED, i);
                begun.countDown();
            }
        });
        writer.start();
        begun.await();

        var wrong = new ArrayList<String>();
        for (int round = 0; round < 300; round++) {
            check(recent.latest(ExchangeFilter.all(), null, 10_000), wrong);
        }
        stopped.set(true);
        writer.join();

        assertThat(wrong).isEmpty();
    }

    private static void check(List<Exchange> latest, List<String> wrong) {
        int next = Integer.MAX_VALUE;
        for (var exchange : latest) {
            int id = exchange.correlationId();
            if (id >= next || !exchange.clientId().equals("client-" + id) || exchange.responseBytes() != id) {
                wrong.add("%d after %d: %s".formatted(id, next, exchange.clientId()));
            }
            next = id;
        }
    }

    private static Exchange exchange(int correlationId, String clientId) {
        return new Exchange(ApiKeys.PRODUCE, (short) 9, correlationId, clientId, CALLER, 100, 0, 0);
    }
}
