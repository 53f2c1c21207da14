package io.vitrine.group;

import io.vitrine.coordinator.CoordinatorLoad;
import io.vitrine.coordinator.CoordinatorStart;
import io.vitrine.coordinator.CoordinatorTopic;
import io.vitrine.coordinator.RecordTap;
import io.vitrine.coordinator.TapListener;
import io.vitrine.metadata.MetadataService;
import io.vitrine.partition.PartitionLogService;
import io.vitrine.partition.TransactionGate;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
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
    private final TransactionGate gate;
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
    private final CoordinatorStart<EmbeddedCoordinator> coordinator;
    private final List<Runnable> replacements =
            new CopyOnWriteArrayList<>(List.of(commitTimes::clear, () -> haveBeenLost = true));
    private volatile boolean haveBeenLost;
    private volatile @Nullable GroupRules rules;

    /// @param gate knows the transactions in which offsets are committed
    /// @param mayBlock runs what writes the metadata log
    public GroupService(
            MetadataService metadata,
            PartitionLogService partitions,
            GroupSettings settings,
            TransactionGate gate,
            Executor mayBlock) {
        this.metadata = metadata;
        this.settings = settings;
        this.gate = gate;
        this.topic = new CoordinatorTopic(CoordinatorTopic.OF_GROUPS, metadata, partitions);
        this.mayBlock = mayBlock;
        this.internalTopics = new InternalTopics(metadata, mayBlock);
        tap.listen(commitTimes);
        this.shareCoordinator = new ShareCoordinatorCalls(
                metadata, new CoordinatorTopic(CoordinatorTopic.OF_SHARES, metadata, partitions), settings, mayBlock);
        this.shareStates = new ShareStates(shareCoordinator, this);
        this.shareOffsets = new ShareOffsets(partitions);
        this.coordinator = new CoordinatorStart<>(
                "group coordinator",
                work -> Thread.ofPlatform().name("group-start").daemon().start(work),
                this::startCoordinator);
    }

    /// Begins to load the groups that are on disk, if there are any. Does not wait. The logs must be open.
    public void start() {
        if (topic.find().isPresent()) {
            var unused = coordinator.begin();
            log.trace("There are groups to be loaded: {}", unused);
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
        var running = coordinator.begin();
        var ready = topic.find().isPresent() ? running : running.thenApplyAsync(this::createTopic, mayBlock);
        return ready.thenCompose(found -> found.serve(found.partitionFor(groupId)))
                .thenApply(whyNot -> whyNot.<Place>map(Place.Nowhere::new).orElseGet(Place.Here::new));
    }

    /// How the partitions of `__consumer_offsets` were loaded, or how far that has come; none before the start.
    public List<CoordinatorLoad> loads() {
        return coordinator.find().map(found -> found.loader().progress()).orElse(List.of());
    }

    /// What the coordinator measures of itself.
    public GroupMeasures measures() {
        return measures;
    }

    /// Has `listener` hear of all records of the groups from now on.
    public void listen(TapListener listener) {
        tap.listen(listener);
    }

    /// Has `listener` hear of all that clients ask about groups from now on, and of the answers.
    public void listen(GroupCallListener listener) {
        calls.listen(listener);
    }

    /// Has `listener` run when all groups that there were are gone, before others take their places.
    public void onReplacement(Runnable listener) {
        replacements.add(listener);
    }

    /// Completed when the coordinator has taken over all changes of topics that came before; what is in its topic may
    /// still be loading then.
    public CompletableFuture<?> settled() {
        return coordinator
                .find()
                .<CompletableFuture<?>>map(EmbeddedCoordinator::settled)
                .orElseGet(() -> CompletableFuture.completedFuture(null));
    }

    /// Was a log of groups deleted or replaced, with all groups in it?
    boolean haveBeenLost() {
        return haveBeenLost;
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
        coordinator.close();
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
        return coordinator.begin().thenCompose(found -> question.apply(found.service()));
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
        return coordinator.begin().thenApply(EmbeddedCoordinator::rules);
    }

    /// Makes the topics that streams groups need.
    InternalTopics internalTopics() {
        return internalTopics;
    }

    private EmbeddedCoordinator createTopic(EmbeddedCoordinator running) {
        try {
            topic.createIfMissing(
                    running.config().offsetsTopicPartitions(), running.service().groupMetadataTopicConfigs());
            return running;
        } catch (IOException e) {
            log.error("{} could not be made", topic.name(), e);
            throw new CoordinatorNotAvailableException(
                    "%s could not be made: %s".formatted(topic.name(), e.getMessage()));
        }
    }

    private EmbeddedCoordinator startCoordinator() {
        long start = System.nanoTime();
        var started = new EmbeddedCoordinator(
                metadata.image().nodeId(),
                topic,
                settings,
                tap,
                new InProcessPersister(shareCoordinator, shareStates::replaced),
                shareOffsets,
                gate);
        started.onReplacement(() -> replacements.forEach(Runnable::run));
        rules = started.rules();
        measures.startWith(started.metrics());
        metadata.addKafkaListener(started::changed);
        log.info("Groups are served after {} ms", (System.nanoTime() - start) / 1_000_000);
        return started;
    }
}
