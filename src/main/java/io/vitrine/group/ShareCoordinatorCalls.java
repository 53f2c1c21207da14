package io.vitrine.group;

import io.vitrine.metadata.MetadataService;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.coordinator.share.ShareCoordinator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks the share coordinator, which starts with the first question, or at the start of the broker where there is
/// something for it to load. A question that comes while it loads is asked again until it has. Thread-safe.
final class ShareCoordinatorCalls implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ShareCoordinatorCalls.class);
    private static final Set<Errors> NOT_YET =
            EnumSet.of(Errors.COORDINATOR_LOAD_IN_PROGRESS, Errors.NOT_COORDINATOR, Errors.COORDINATOR_NOT_AVAILABLE);
    private static final long FIRST_PAUSE_MS = 10;
    private static final long LONGEST_PAUSE_MS = 1_000;
    private static final int ATTEMPTS = 30;

    private final MetadataService metadata;
    private final CoordinatorTopic topic;
    private final GroupSettings settings;
    private final Executor mayBlock;
    private final CompletableFuture<EmbeddedShareCoordinator> running = new CompletableFuture<>();
    private boolean begun;
    private boolean closed;

    /// @param mayBlock runs what writes the metadata log
    ShareCoordinatorCalls(MetadataService metadata, CoordinatorTopic topic, GroupSettings settings, Executor mayBlock) {
        this.metadata = metadata;
        this.topic = topic;
        this.settings = settings;
        this.mayBlock = mayBlock;
    }

    /// What is asked, and of which share partition, or of one of them.
    ///
    /// @param errorOf the code of an answer that tells whether to ask again
    record Question<T>(
            String groupId,
            Uuid topicId,
            int partition,
            Function<ShareCoordinator, CompletableFuture<T>> call,
            ToIntFunction<T> errorOf) {}

    /// Begins to load what is on disk, if anything is. Does not wait.
    void start() {
        if (topic.find().isPresent()) {
            begin();
        }
    }

    /// Asks; the topic is there and loaded when the answer is.
    <T> CompletableFuture<T> ask(Question<T> question) {
        begin();
        return running.thenCompose(coordinator -> attempt(coordinator, question, 1));
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            if (!begun) {
                running.completeExceptionally(new CoordinatorNotAvailableException("the broker is stopping"));
            }
        }
        if (running.isDone() && !running.isCompletedExceptionally()) {
            running.join().close();
        }
    }

    private <T> CompletableFuture<T> attempt(EmbeddedShareCoordinator coordinator, Question<T> question, int number) {
        return question.call().apply(coordinator.service()).thenCompose(answer -> {
            var error = Errors.forCode((short) question.errorOf().applyAsInt(answer));
            if (!NOT_YET.contains(error) || number == ATTEMPTS || isClosed()) {
                return CompletableFuture.completedFuture(answer);
            }
            var later = CompletableFuture.delayedExecutor(
                    Math.min(FIRST_PAUSE_MS << Math.min(number, 10), LONGEST_PAUSE_MS), TimeUnit.MILLISECONDS);
            return coordinator
                    .serve(question.groupId(), question.topicId(), question.partition())
                    .thenComposeAsync(_ -> attempt(coordinator, question, number + 1), later);
        });
    }

    private void begin() {
        if (running.isDone()) {
            return;
        }
        synchronized (this) {
            if (!begun && !closed) {
                begun = true;
                mayBlock.execute(this::startCoordinator);
            }
        }
    }

    private void startCoordinator() {
        EmbeddedShareCoordinator coordinator;
        try {
            coordinator = new EmbeddedShareCoordinator(metadata.image().nodeId(), topic, settings);
            coordinator.createTopic();
            metadata.addKafkaListener(coordinator::changed);
        } catch (IOException | RuntimeException | Error e) {
            log.error("The share coordinator did not start", e);
            running.completeExceptionally(new CoordinatorNotAvailableException("it did not start: " + e));
            return;
        }
        running.complete(coordinator);
        if (isClosed()) {
            coordinator.close();
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }
}
