package io.vitrine.control;

import io.vitrine.fault.Faults;
import io.vitrine.group.GroupDirectory;
import io.vitrine.group.GroupService;
import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.Topic;
import io.vitrine.partition.PartitionLogService;
import io.vitrine.protocol.RefusalJournal;
import io.vitrine.share.SharePartitions;
import io.vitrine.transaction.TransactionCalls;
import io.vitrine.transaction.TransactionFilter;
import io.vitrine.transaction.TransactionService;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Everything a test may do to the whole broker.
public final class TestControls {
    private static final Logger log = LoggerFactory.getLogger(TestControls.class);
    private static final Duration LOADING = Duration.ofSeconds(10);
    private static final long LOOK_MS = 5;

    private final MetadataService metadata;
    private final GroupService groups;
    private final TransactionService transactions;
    private final SharePartitions shares;
    private final RefusalJournal refusals;
    private final Faults faults;
    private final Waits waits;
    private final Snapshots snapshots;

    public TestControls(
            MetadataService metadata,
            PartitionLogService partitions,
            GroupService groups,
            TransactionService transactions,
            SharePartitions shares,
            RefusalJournal refusals,
            Faults faults) {
        this.metadata = metadata;
        this.groups = groups;
        this.transactions = transactions;
        this.shares = shares;
        this.refusals = refusals;
        this.faults = faults;
        this.waits = new Waits(metadata, partitions, groups);
        this.snapshots = new Snapshots(metadata, partitions);
    }

    public Waits waits() {
        return waits;
    }

    public Snapshots snapshots() {
        return snapshots;
    }

    /// Leaves what a newly formatted broker has: no topic, no group, no transactional id, no config, no fault. The id
    /// of the cluster and the clients' connections stay.
    ///
    /// @return the topics that were there
    /// @throws IOException if it could not be written
    public List<Topic> reset() throws IOException, InterruptedException {
        faults.clear();
        var former = metadata.topicChanges().all().clear();
        forget();
        log.info("Reset: {} topics are gone", former.size());
        return former;
    }

    /// Goes back to a snapshot.
    public Snapshot restore(String name) throws SnapshotException, InterruptedException {
        var restored = snapshots.restore(name);
        forget();
        log.info("Snapshot {} restored: {} topics", name, restored.topics());
        return restored;
    }

    /// What is only in memory is of what was before. When this returns, groups and transactions answer as they are now.
    private void forget() throws InterruptedException {
        shares.forgetAll();
        refusals.clear();
        awaitLoaded("groups", groups.settled(), () -> new GroupDirectory(groups).list());
        awaitLoaded(
                "transactions",
                transactions.settled(),
                () -> new TransactionCalls(transactions).list(TransactionFilter.ALL));
    }

    /// While any of them is loading, a coordinator does not list what it knows.
    private static void awaitLoaded(String what, Future<?> settled, Supplier<? extends Future<?>> list)
            throws InterruptedException {
        try {
            settled.get(LOADING.toMillis(), TimeUnit.MILLISECONDS);
            long deadline = System.nanoTime() + LOADING.toNanos();
            while (!isDone(list.get()) && System.nanoTime() < deadline) {
                Thread.sleep(LOOK_MS);
            }
        } catch (ExecutionException | TimeoutException e) {
            log.warn("The {} are not there yet: {}", what, e.toString());
        }
    }

    private static boolean isDone(Future<?> listing) throws InterruptedException {
        try {
            listing.get(LOADING.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }
}
