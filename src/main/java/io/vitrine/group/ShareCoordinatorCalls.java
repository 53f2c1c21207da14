package io.vitrine.group;

import io.vitrine.coordinator.CoordinatorStart;
import io.vitrine.coordinator.CoordinatorTopic;
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
    private final CoordinatorStart<EmbeddedShareCoordinator> coordinator;

    /// @param mayBlock runs what writes the metadata log
    ShareCoordinatorCalls(MetadataService metadata, CoordinatorTopic topic, GroupSettings settings, Executor mayBlock) {
        this.metadata = metadata;
        this.topic = topic;
        this.settings = settings;
        this.mayBlock = mayBlock;
        this.coordinator = new CoordinatorStart<>("share coordinator", mayBlock, this::startCoordinator);
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
            var unused = coordinator.begin();
            log.trace("There are share groups to be loaded: {}", unused);
        }
    }

    /// Asks; the topic is there and loaded when the answer is.
    <T> CompletableFuture<T> ask(Question<T> question) {
        return coordinator.begin().thenCompose(found -> attempt(found, question, 1));
    }

    @Override
    public void close() {
        coordinator.close();
    }

    private <T> CompletableFuture<T> attempt(EmbeddedShareCoordinator running, Question<T> question, int number) {
        return question.call().apply(running.service()).thenCompose(answer -> {
            var error = Errors.forCode((short) question.errorOf().applyAsInt(answer));
            if (!NOT_YET.contains(error) || number == ATTEMPTS || coordinator.isClosed()) {
                return CompletableFuture.completedFuture(answer);
            }
            var later = CompletableFuture.delayedExecutor(
                    Math.min(FIRST_PAUSE_MS << Math.min(number, 10), LONGEST_PAUSE_MS), TimeUnit.MILLISECONDS);
            return makeTopic(running)
                    .thenCompose(_ -> running.serve(question.groupId(), question.topicId(), question.partition()))
                    .thenComposeAsync(_ -> attempt(running, question, number + 1), later);
        });
    }

    /// It may have been deleted since the coordinator started.
    private CompletableFuture<?> makeTopic(EmbeddedShareCoordinator running) {
        if (topic.find().isPresent()) {
            return CompletableFuture.completedFuture(null);
        }
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        running.createTopic();
                    } catch (IOException e) {
                        throw new CoordinatorNotAvailableException(
                                "%s could not be made: %s".formatted(topic.name(), e.getMessage()));
                    }
                },
                mayBlock);
    }

    private EmbeddedShareCoordinator startCoordinator() throws IOException {
        var started = new EmbeddedShareCoordinator(metadata.image().nodeId(), topic, settings);
        try {
            started.createTopic();
        } catch (IOException | RuntimeException e) {
            started.close();
            throw e;
        }
        metadata.addKafkaListener(started::changed);
        return started;
    }
}
