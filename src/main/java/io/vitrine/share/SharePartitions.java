package io.vitrine.share;

import io.vitrine.group.ShareKey;
import io.vitrine.group.ShareRules;
import io.vitrine.group.ShareStates;
import io.vitrine.log.TimestampSearch;
import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.Partition;
import io.vitrine.partition.PartitionLogService;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/// The share partitions that somebody uses. Each is loaded when it is asked for first, and forgotten when the group
/// has no member left, or its state was set from outside; what was said of records is kept by [ShareStates].
/// Thread-safe; nothing here waits.
public final class SharePartitions implements AutoCloseable {
    private final MetadataService metadata;
    private final PartitionLogService partitions;
    private final ShareStates states;
    private final ShareTotals totals = new ShareTotals();
    private final Executor mayBlock;
    private final ScheduledThreadPoolExecutor timer;
    private final SharePartition.Services services;
    private final Map<ShareKey, CompletableFuture<ShareSource>> loaded = new ConcurrentHashMap<>();
    private final Set<ShareFetch> waiting = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /// @param mayBlock runs what reads through a log
    public SharePartitions(
            MetadataService metadata,
            PartitionLogService partitions,
            ShareStates states,
            Executor mayBlock,
            Clock clock) {
        this.metadata = metadata;
        this.partitions = partitions;
        this.states = states;
        this.mayBlock = mayBlock;
        this.timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("share-wait").daemon().factory(), new ThreadPoolExecutor.DiscardPolicy());
        timer.setRemoveOnCancelPolicy(true);
        this.services = new SharePartition.Services(timer, clock, totals, this::failed);
        states.listen(this::forget);
        metadata.topicChanges()
                .listen(change -> change.removed().forEach(topic -> timer.execute(() -> forgetTopic(topic.id()))));
    }

    /// Gives a member records, when there are any, or its time is up.
    ///
    /// @param eventLoop serves it; its answer is completed there
    /// @param onWait hears of it when it has to wait
    /// @return it will have what it got of those partitions of which it got anything
    public ShareFetch fetch(ShareWish wish, ScheduledExecutorService eventLoop, Consumer<ShareFetch> onWait) {
        var loading = new LinkedHashMap<ShareKey, CompletableFuture<ShareSource>>();
        wish.keys().forEach(key -> loading.put(key, load(key)));
        var fetch = new ShareFetch(wish, new ShareFetch.Place(eventLoop, partitions.coldReads(), onWait));
        waiting.add(fetch);
        fetch.answer().whenComplete((_, _) -> waiting.remove(fetch));
        if (closed) {
            fetch.giveUp();
        }
        CompletableFuture.allOf(loading.values().toArray(CompletableFuture[]::new))
                .whenComplete((_, _) -> begin(fetch, loading));
        return fetch;
    }

    /// Takes what a member says of records that it holds.
    ///
    /// @return completed when it holds; fails with Kafka's exception if it does not
    public CompletableFuture<@Nullable Void> acknowledge(ShareKey key, String member, List<Acknowledgement> said) {
        var source = loaded.get(key);
        return source == null
                ? CompletableFuture.failedFuture(
                        new UnknownTopicOrPartitionException("Nobody has been given records of " + key))
                : source.thenCompose(found -> found.share().acknowledge(member, said));
    }

    /// Gives to others what a member holds, which is gone.
    public CompletableFuture<@Nullable Void> release(Collection<ShareKey> keys, String member) {
        var released = new ArrayList<CompletableFuture<?>>();
        for (var key : keys) {
            var source = loaded.get(key);
            if (source != null) {
                released.add(source.thenCompose(found -> found.share().release(member)));
            }
        }
        return CompletableFuture.allOf(released.toArray(CompletableFuture[]::new))
                .thenApply(_ -> null);
    }

    /// What holds for a group.
    public CompletableFuture<ShareRules> rules(String groupId) {
        return states.rules(groupId).thenApply(Supplier::get);
    }

    /// Forgets what is known of a group that nobody is in any more.
    public void forgetGroup(String groupId) {
        loaded.keySet().stream().filter(key -> key.groupId().equals(groupId)).forEach(this::forget);
    }

    private void forgetTopic(Uuid topicId) {
        loaded.keySet().stream().filter(key -> key.topicId().equals(topicId)).forEach(this::forget);
    }

    /// Forgets what is known of all groups.
    public void forgetAll() {
        loaded.keySet().forEach(this::forget);
    }

    /// The share partitions of a group that somebody uses at this moment.
    public List<SharePartitionView> views(String groupId) {
        return loaded.entrySet().stream()
                .filter(entry -> entry.getKey().groupId().equals(groupId))
                .map(Map.Entry::getValue)
                .filter(source -> source.isDone() && !source.isCompletedExceptionally())
                .map(source -> source.join().share().view())
                .sorted(Comparator.comparing((SharePartitionView view) ->
                                view.key().topicId().toString())
                        .thenComparingInt(view -> view.key().partition()))
                .toList();
    }

    public ShareTotals totals() {
        return totals;
    }

    /// Answers who waits. What was acknowledged is in the logs, which must be closed afterwards.
    @Override
    public void close() {
        closed = true;
        waiting.forEach(ShareFetch::giveUp);
        timer.shutdownNow();
    }

    private static void begin(ShareFetch fetch, Map<ShareKey, CompletableFuture<ShareSource>> loading) {
        var sources = new LinkedHashMap<ShareKey, ShareSource>();
        var failures = new ArrayList<FetchedShare>();
        loading.forEach((key, source) -> {
            if (source.isCompletedExceptionally()) {
                failures.add(FetchedShare.failed(key, cause(source.exceptionNow())));
            } else {
                sources.put(key, source.join());
            }
        });
        fetch.begin(sources, failures);
    }

    private CompletableFuture<ShareSource> load(ShareKey key) {
        var known = loaded.get(key);
        if (known != null) {
            return known;
        }
        var begun = new CompletableFuture<ShareSource>();
        var before = loaded.putIfAbsent(key, begun);
        if (before != null) {
            return before;
        }
        begin(key).whenComplete((source, thrown) -> {
            @Nullable Throwable failure = thrown;
            if (failure == null) {
                begun.complete(source);
                if (source.partition().isDeleted()) {
                    forget(key);
                }
            } else {
                loaded.remove(key, begun);
                begun.completeExceptionally(cause(failure));
            }
        });
        return begun;
    }

    private CompletableFuture<ShareSource> begin(ShareKey key) {
        Partition partition;
        try {
            partition = hosted(key);
        } catch (UnknownTopicIdException | UnknownTopicOrPartitionException | NotLeaderOrFollowerException e) {
            return CompletableFuture.failedFuture(e);
        }
        int epoch = partition.leaderEpoch();
        return states.rules(key.groupId())
                .thenCombineAsync(
                        states.read(key, epoch),
                        (rules, stored) -> {
                            long start = stored.startOffset() >= 0
                                    ? stored.startOffset()
                                    : startOf(partition, rules.get().start());
                            var share = new SharePartition(
                                    key, services, rules, new StateWrites(key, states, stored, epoch), start, stored);
                            share.begin();
                            return new ShareSource(share, partition);
                        },
                        mayBlock);
    }

    private Partition hosted(ShareKey key) {
        var topic = metadata.image()
                .findTopic(key.topicId())
                .orElseThrow(() -> new UnknownTopicIdException("No topic has the id " + key.topicId()));
        if (topic.findPartition(key.partition()).isEmpty()) {
            throw new UnknownTopicOrPartitionException(
                    "Topic %s has no partition %d".formatted(topic.name(), key.partition()));
        }
        return partitions
                .find(new TopicPartition(topic.name(), key.partition()))
                .orElseThrow(() -> new NotLeaderOrFollowerException(
                        "Partition %d of %s is not here".formatted(key.partition(), topic.name())));
    }

    /// Where a group begins that has not read the partition before. May read from the disk.
    private static long startOf(Partition partition, ShareRules.Start start) {
        var offsets = partition
                .findOffsets()
                .orElseThrow(() ->
                        new KafkaStorageException(partition.offlineReason().orElse("there is no log")));
        return switch (start) {
            case ShareRules.Start.Earliest _ -> offsets.logStartOffset();
            case ShareRules.Start.Latest _ -> offsets.highWatermark();
            case ShareRules.Start.ByTime(long timestampMs) -> {
                try {
                    var positions = partition.findPositions();
                    var found = positions.isEmpty()
                            ? Optional.<TimestampSearch.Found>empty()
                            : positions.get().timestamps().findFirstFrom(timestampMs);
                    yield found.map(TimestampSearch.Found::offset).orElse(offsets.highWatermark());
                } catch (IOException e) {
                    throw new KafkaStorageException(e.getMessage(), e);
                }
            }
        };
    }

    private void failed(ShareKey key, Throwable failure) {
        var cause = cause(failure);
        if (cause instanceof GroupIdNotFoundException
                || cause instanceof UnknownTopicOrPartitionException
                || cause instanceof NotLeaderOrFollowerException) {
            forget(key);
        }
    }

    private void forget(ShareKey key) {
        var source = loaded.remove(key);
        if (source != null) {
            source.thenAccept(found -> found.share().close());
        }
    }

    private static Throwable cause(Throwable thrown) {
        return thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
    }
}
