package io.vitrine.group;

import io.vitrine.metadata.MetadataService;
import io.vitrine.partition.PartitionLogService;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.coordinator.group.GroupCoordinator;
import org.apache.kafka.coordinator.group.GroupCoordinatorRecordSerde;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The consumer groups of this broker.
///
/// Kafka's coordinator takes a while to load and some memory, so it starts with the first that is asked about a
/// group, or beside the rest of the broker where there are groups on disk; what is asked meanwhile waits for it. Its
/// groups live in `__consumer_offsets`, made when a client first looks for its coordinator. Thread-safe.
public final class GroupService implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(GroupService.class);

    private final MetadataService metadata;
    private final GroupSettings settings;
    private final CoordinatorTopic topic;
    private final Executor mayBlock;
    private final InternalTopics internalTopics;
    private final CommitTimes commitTimes = new CommitTimes();
    private final GroupMeasures measures = new GroupMeasures();
    private final CallTap calls = new CallTap();
    private final ShareCoordinatorCalls shareCoordinator;
    private final ShareStates shareStates;
    private final ShareOffsets shareOffsets;
    private final RecordTap tap = new RecordTap(new GroupCoordinatorRecordSerde());
    private final CompletableFuture<EmbeddedCoordinator> running = new CompletableFuture<>();
    private volatile @Nullable GroupRules rules;
    private boolean begun;
    private boolean closed;

    /// @param mayBlock runs what writes the metadata log
    public GroupService(
            MetadataService metadata, PartitionLogService partitions, GroupSettings settings, Executor mayBlock) {
        this.metadata = metadata;
        this.settings = settings;
        this.topic = new CoordinatorTopic(CoordinatorTopic.OF_GROUPS, metadata, partitions);
        this.mayBlock = mayBlock;
        this.internalTopics = new InternalTopics(metadata, mayBlock);
        tap.listen(commitTimes);
        this.shareCoordinator = new ShareCoordinatorCalls(
                metadata, new CoordinatorTopic(CoordinatorTopic.OF_SHARES, metadata, partitions), settings, mayBlock);
        this.shareStates = new ShareStates(shareCoordinator, this);
        this.shareOffsets = new ShareOffsets(partitions);
    }

    /// Begins to load the groups that are on disk, if there are any. Does not wait. The logs must be open.
    public void start() {
        if (topic.find().isPresent()) {
            begin();
        }
        shareCoordinator.start();
    }

    /// Where a group's coordinator is.
    public sealed interface Place {
        /// On this broker. The group may still be loading.
        record Here() implements Place {}

        /// Nowhere.
        record Nowhere(String reason) implements Place {}
    }

    /// Looks for the coordinator of a group, and makes the topic for groups if this is the first one.
    public CompletableFuture<Place> locate(String groupId) {
        begin();
        var ready = topic.find().isPresent() ? running : running.thenApplyAsync(this::createTopic, mayBlock);
        return ready.thenCompose(coordinator -> coordinator.serve(coordinator.partitionFor(groupId)))
                .thenApply(whyNot -> whyNot.<Place>map(Place.Nowhere::new).orElseGet(Place.Here::new));
    }

    /// How the partitions of `__consumer_offsets` were loaded, or how far that has come; none before the start.
    public List<GroupLoad> loads() {
        return findCoordinator()
                .map(coordinator -> coordinator.loader().progress())
                .orElse(List.of());
    }

    /// What the coordinator measures of itself.
    public GroupMeasures measures() {
        return measures;
    }

    /// Has `listener` hear of all records of the groups from now on.
    public void listen(GroupRecordListener listener) {
        tap.listen(listener);
    }

    /// Has `listener` hear of all that clients ask about groups from now on, and of the answers.
    public void listen(GroupCallListener listener) {
        calls.listen(listener);
    }

    /// Without a heartbeat for so long, a member of this group is none any more; 0 as long as it is not known, and for
    /// classic groups, whose members say it for themselves.
    public int sessionTimeoutMs(GroupType type, String groupId) {
        var known = rules;
        return known == null ? 0 : known.sessionTimeoutMs(type, groupId);
    }

    /// Answers who waits for a group, and ends the coordinator. What was acknowledged is in the logs, which must be
    /// closed afterwards.
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            if (!begun) {
                running.completeExceptionally(stopping());
            }
        }
        findCoordinator().ifPresent(EmbeddedCoordinator::close);
        shareCoordinator.close();
    }

    /// When offsets were committed.
    CommitTimes commitTimes() {
        return commitTimes;
    }

    /// Is there anything that groups could be in?
    boolean hasTopic() {
        return topic.find().isPresent();
    }

    /// Do the settings allow this newer protocol, and has the cluster agreed on what it needs?
    boolean allows(GroupProtocol protocol) {
        short level = metadata.image().features().getOrDefault(protocol.feature(), (short) 0);
        return level > 0 && settings.allows(protocol);
    }

    /// Asks the coordinator, now or when it has started.
    <T> CompletableFuture<T> ask(Function<GroupCoordinator, CompletableFuture<T>> question) {
        begin();
        return running.thenCompose(coordinator -> question.apply(coordinator.service()));
    }

    /// What is kept of share partitions.
    public ShareStates shareStates() {
        return shareStates;
    }

    /// Where what clients ask passes through.
    CallTap calls() {
        return calls;
    }

    /// What holds for each group, when the coordinator runs.
    CompletableFuture<GroupRules> rules() {
        begin();
        return running.thenApply(EmbeddedCoordinator::rules);
    }

    /// Makes the topics that streams groups need.
    InternalTopics internalTopics() {
        return internalTopics;
    }

    private Optional<EmbeddedCoordinator> findCoordinator() {
        boolean started = running.isDone() && !running.isCompletedExceptionally();
        return started ? Optional.of(running.join()) : Optional.empty();
    }

    private EmbeddedCoordinator createTopic(EmbeddedCoordinator coordinator) {
        try {
            topic.createIfMissing(
                    coordinator.config().offsetsTopicPartitions(),
                    coordinator.service().groupMetadataTopicConfigs());
            return coordinator;
        } catch (IOException e) {
            log.error("{} could not be made", topic.name(), e);
            throw new CoordinatorNotAvailableException(
                    "%s could not be made: %s".formatted(topic.name(), e.getMessage()));
        }
    }

    private void begin() {
        if (running.isDone()) {
            return;
        }
        synchronized (this) {
            if (!begun && !closed) {
                begun = true;
                Thread.ofPlatform().name("group-start").daemon().start(this::startCoordinator);
            }
        }
    }

    private void startCoordinator() {
        long start = System.nanoTime();
        @Nullable EmbeddedCoordinator coordinator = null;
        try {
            coordinator = new EmbeddedCoordinator(
                    metadata.image().nodeId(),
                    topic,
                    settings,
                    tap,
                    new InProcessPersister(shareCoordinator, shareStates::replaced),
                    shareOffsets);
            rules = coordinator.rules();
            metadata.addKafkaListener(coordinator::changed);
            log.info("Groups are served after {} ms", (System.nanoTime() - start) / 1_000_000);
        } catch (RuntimeException | Error e) {
            log.error("The group coordinator did not start", e);
            running.completeExceptionally(new CoordinatorNotAvailableException("it did not start: " + e));
            return;
        }
        measures.startWith(coordinator.metrics());
        running.complete(coordinator);
        if (isClosed()) {
            coordinator.close();
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private static CoordinatorNotAvailableException stopping() {
        return new CoordinatorNotAvailableException("the broker is stopping");
    }
}
