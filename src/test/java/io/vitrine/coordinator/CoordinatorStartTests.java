package io.vitrine.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.junit.jupiter.api.Test;

class CoordinatorStartTests {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Executor OWN_THREAD = Thread.ofPlatform()::start;

    private final AtomicInteger made = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private final Set<CoordinatorStart.Closeable> outdated = ConcurrentHashMap.newKeySet();

    @Test
    void allWhoComeGetTheSame() {
        var start = new CoordinatorStart<>("coordinator", OWN_THREAD, this::make);

        var first = start.begin();
        var second = start.begin();

        assertThat(second).succeedsWithin(SOON).isSameAs(first.join());
        assertThat(start.find()).contains(first.join());
        assertThat(made).hasValue(1);
    }

    @Test
    void whoWaitsIsToldWhenTheBrokerStopsAndTheStartIsEndedToo() throws Exception {
        var begun = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var start = new CoordinatorStart<>("coordinator", OWN_THREAD, () -> {
            begun.countDown();
            goOn.await();
            return make();
        });
        var waiting = start.begin();
        begun.await();

        var stopping = Thread.ofPlatform().start(start::close);

        assertThat(waiting)
                .failsWithin(SOON)
                .withThrowableThat()
                .withCauseInstanceOf(CoordinatorNotAvailableException.class)
                .withMessageContaining("the broker is stopping");
        assertThat(stopping.isAlive()).isTrue();
        goOn.countDown();
        assertThat(stopping.join(SOON)).isTrue();
        assertThat(made).hasValue(1);
        assertThat(closed).hasValue(1);
        assertThat(start.find()).isEmpty();
    }

    @Test
    void whatHasNotBegunDoesNotBeginAnyMore() {
        var work = new java.util.ArrayDeque<Runnable>();
        var start = new CoordinatorStart<>("coordinator", work::add, this::make);
        var waiting = start.begin();
        var stopping = Thread.ofPlatform().start(start::close);
        await().until(waiting::isCompletedExceptionally);

        work.remove().run();

        assertThat(waiting).isCompletedExceptionally();
        await().until(() -> !stopping.isAlive());
        assertThat(start.begin()).isCompletedExceptionally();
        assertThat(work).isEmpty();
        assertThat(made).hasValue(0);
    }

    @Test
    void aStartThatFailedIsTriedAgainForTheNext() {
        var start = new CoordinatorStart<>("coordinator", Runnable::run, () -> {
            if (made.getAndIncrement() == 0) {
                throw new java.io.IOException("no room on the disk");
            }
            return new Counted();
        });

        assertThat(start.begin()).failsWithin(SOON).withThrowableThat().withMessageContaining("no room on the disk");
        assertThat(start.begin()).isCompleted();
    }

    @Test
    void endingItTwiceEndsItOnce() {
        var start = new CoordinatorStart<>("coordinator", Runnable::run, this::make);
        start.begin().join();

        start.close();
        start.close();

        assertThat(closed).hasValue(1);
    }

    @Test
    void oneThatIsOutdatedIsEndedBeforeAnotherStarts() {
        var closedBefore = new AtomicInteger(-1);
        var start = new CoordinatorStart<>("coordinator", OWN_THREAD, () -> {
            closedBefore.set(closed.get());
            return make();
        });
        var first = start.begin().join();

        outdated.add(first);
        var second = start.begin();

        assertThat(second).succeedsWithin(SOON).isNotSameAs(first);
        assertThat(start.begin()).isCompletedWithValue(second.join());
        assertThat(closedBefore).hasValue(1);
        assertThat(made).hasValue(2);
    }

    private CoordinatorStart.Closeable make() {
        made.incrementAndGet();
        return new Counted();
    }

    private final class Counted implements CoordinatorStart.Closeable {
        @Override
        public boolean isOutdated() {
            return outdated.contains(this);
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }
}
