package io.vitrine.handler;

import io.vitrine.partition.ColdReads;
import io.vitrine.partition.Isolation;
import io.vitrine.partition.Partition;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Purgatory;
import io.vitrine.protocol.PurgatoryEntry;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.Subject;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// One fetch on its way to its answer. If there is less than it wants, it waits: for appends that may make it enough,
/// for anything else that happens to one of its partitions, or for its time to be up.
///
/// All of it runs on the event loop of its connection, so that an answer is read where it is written and fetches of
/// many connections do not queue for one thread. What a disk has to be waited for is loaded and read by [ColdReads]
/// first, without any lock, and the fetch goes on when it is there. Its state is guarded by the session's lock, under
/// which nobody waits for a disk.
/// ```
///   look ──(something is cold)──▶ loading ──▶ look again, with what was loaded
///    │ ▲                             │
///    │ └──(something happened)── waiting ◀──(less than it wants)── look
///    ▼                               │
///   answered ◀──(time is up, the session is taken away)──────────┘
/// ```
final class Fetch implements Runnable, Purgatory.Waiting {
    private static final int NO_REPLICA = -1;

    private final FetchServices services;
    private final Request<FetchRequestData> request;
    private final FetchSession.Manner manner;
    private final FetchSession session;
    private final Kind kind;
    private final int nextEpoch;
    private final int maxBytes;
    private final long minBytes;
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();
    private final Instant since = Instant.now(Clock.systemUTC());
    private long missingBytes;
    private long waitingId;
    private @Nullable Future<?> deadline;
    private @Nullable CompletableFuture<?> loading;
    private final Map<Partition, ColdReads.Loaded> loaded = new HashMap<>();
    private boolean scheduled;
    private boolean timeIsUp;
    private boolean done;
    private @Nullable Answer found;
    private @Nullable Throwable failure;

    /// What a fetch does to sessions.
    enum Kind {
        /// Wants a session to be kept for those that follow.
        FIRST_OF_SESSION,
        /// One of those that follow.
        INCREMENTAL,
        /// Stands for itself.
        ALONE
    }

    Fetch(
            FetchServices services,
            Request<FetchRequestData> request,
            Isolation isolation,
            FetchSession session,
            Kind kind) {
        this.services = services;
        this.request = request;
        this.manner = new FetchSession.Manner(isolation, isFromReplica(request.message()));
        this.session = session;
        this.kind = kind;
        this.nextEpoch = session.epoch();
        this.maxBytes = Math.clamp(request.message().maxBytes(), 0, services.maxResponseBytes());
        this.minBytes = Math.min(request.message().minBytes(), maxBytes);
    }

    /// Answers now, or begins to wait.
    ///
    /// @return whoever cancels it ends the waiting, and what was kept for the client, which is gone
    CompletableFuture<Answer> start() {
        synchronized (session) {
            guarded();
        }
        deliver();
        if (!answer.isDone()) {
            answer.whenComplete((_, _) -> {
                if (answer.isCancelled()) {
                    abandon();
                }
            });
        }
        return answer;
    }

    /// Looks at the partitions, and answers, waits, or has something loaded first.
    private void proceed() {
        while (isCurrent()) {
            var read = look();
            if (isToBeLoaded(read)) {
                load(read.cold());
                return;
            }
            loaded.clear();
            if (isEnough(read) || timeIsUp || request.message().maxWaitMs() <= 0) {
                read.noteRefusals();
                break;
            }
            if (waits() || !session.watch(request.eventLoop(), true)) {
                beginToWait();
                return;
            }
            // What happened before it watched is looked at once more; of what happens from now on it hears.
            beginToWait();
        }
        endWaiting();
        finish();
    }

    /// Once loaded, whatever there is, is an answer: who has not had its turn comes first the next time.
    private boolean isToBeLoaded(FetchRead read) {
        return !read.cold().isEmpty()
                && !session.isClosed()
                && (loaded.isEmpty() || (read.sizeInBytes() == 0 && !read.mustAnswer()));
    }

    private void load(List<ColdReads.Part> parts) {
        session.setWaiting(this);
        var begun = services.coldReads().load(parts);
        loading = begun;
        begun.whenCompleteAsync(this::goOn, request.eventLoop());
    }

    private void goOn(@Nullable List<ColdReads.Loaded> found, @Nullable Throwable thrown) {
        if (thrown instanceof CancellationException) {
            return;
        }
        synchronized (session) {
            loading = null;
            if (found == null) {
                fail(Objects.requireNonNull(thrown));
            } else if (!done) {
                found.forEach(one -> loaded.put(one.part().partition(), one));
                guarded();
            }
        }
        deliver();
    }

    private boolean waits() {
        return deadline != null;
    }

    private void beginToWait() {
        if (!waits()) {
            session.setWaiting(this);
            waitingId = services.purgatory().add(this);
            services.counters().countWait();
            deadline =
                    request.eventLoop().schedule(this::expire, request.message().maxWaitMs(), TimeUnit.MILLISECONDS);
        }
    }

    /// Something has happened to a partition. Caller holds the session's lock.
    void happened(long appendedBytes, boolean changed) {
        missingBytes -= appendedBytes;
        if (changed || missingBytes <= 0) {
            schedule();
        }
    }

    /// The session is closed or used by somebody else. Caller holds the session's lock.
    void answerSoon() {
        timeIsUp = true;
        if (loading != null) {
            // What can't be had without the disk is not waited for any more.
            loading.cancel(false);
            loading = null;
        }
        schedule();
    }

    private void schedule() {
        if (!scheduled) {
            scheduled = true;
            try {
                request.eventLoop().execute(this);
            } catch (RejectedExecutionException _) {
                // The listener has ended, and with it the connection.
                endWaiting();
            }
        }
    }

    private void expire() {
        synchronized (session) {
            if (!done) {
                services.counters().countExpired();
                timeIsUp = true;
                lookAgain();
            }
        }
        deliver();
    }

    /// Looks again, unless it does already.
    @Override
    public void run() {
        synchronized (session) {
            lookAgain();
        }
        deliver();
    }

    private void lookAgain() {
        scheduled = false;
        if (!done && loading == null) {
            guarded();
        }
    }

    /// Hands the answer over, if there is one. Whoever takes it may serve the next request of its connection at once,
    /// which may be for another session, so no session's lock may be held.
    private void deliver() {
        Answer answered;
        Throwable thrown;
        synchronized (session) {
            answered = found;
            thrown = failure;
        }
        if (thrown != null) {
            answer.completeExceptionally(thrown);
        } else if (answered != null) {
            answer.complete(answered);
        }
    }

    private void guarded() {
        try {
            proceed();
        } catch (RuntimeException | Error e) {
            fail(e);
        }
    }

    /// What the session remembers may be half of what was found, so it ends.
    private void fail(Throwable thrown) {
        synchronized (session) {
            endWaiting();
            failure = thrown;
        }
        services.sessions().drop(session.id());
        session.close();
    }

    private void endWaiting() {
        done = true;
        if (session.waiting() == this) {
            session.setWaiting(null);
        }
        services.purgatory().remove(waitingId);
        if (deadline != null) {
            deadline.cancel(false);
        }
        if (loading != null) {
            loading.cancel(false);
        }
    }

    /// The client is gone. Nothing is kept for it: it will begin anew, and say so.
    private void abandon() {
        synchronized (session) {
            endWaiting();
        }
        services.sessions().drop(session.id());
        session.close();
    }

    /// Has no other fetch gone on with the session meanwhile?
    private boolean isCurrent() {
        return session.epoch() == nextEpoch;
    }

    private FetchRead look() {
        long begin = System.nanoTime();
        long allowed = Math.min(maxBytes, request.responseBytesLeft().getAsLong());
        var read = new FetchRead(request, services.topics(), manner, (int) Math.max(0, allowed), loaded);
        session.look(read);
        services.counters().countPass(read.lookedAt(), System.nanoTime() - begin);
        return read;
    }

    private boolean isEnough(FetchRead read) {
        if (read.mustAnswer() || session.size() == 0 || session.isClosed() || read.sizeInBytes() >= minBytes) {
            return true;
        }
        if (!read.cold().isEmpty()) {
            return true;
        }
        missingBytes = minBytes - read.availableBytes();
        return missingBytes <= 0 || read.hasLogStartMoved();
    }

    private static boolean isFromReplica(FetchRequestData message) {
        return message.replicaId() > NO_REPLICA || message.replicaState().replicaId() > NO_REPLICA;
    }

    private void finish() {
        var response = new FetchAnswer(request, services.leader());
        if (isCurrent()) {
            session.tell(kind != Kind.INCREMENTAL, response::add);
            if (kind == Kind.FIRST_OF_SESSION && session.isKeepable()) {
                var owner = new FetchSessions.Owner(request.caller(), request.clientId());
                services.sessions().keep(session, session.size(), owner);
            }
            if (session.id() == 0) {
                session.close();
            } else {
                session.watch(request.eventLoop(), false);
            }
            session.endFetch();
        } else {
            request.noteRefusal(
                    Subject.whole(),
                    Errors.INVALID_FETCH_SESSION_EPOCH,
                    Errors.INVALID_FETCH_SESSION_EPOCH.name(),
                    "another fetch has gone on with session %d".formatted(session.id()));
            response.fail(Errors.INVALID_FETCH_SESSION_EPOCH);
        }
        found = new Answer.Message(response.of(session));
    }

    @Override
    public PurgatoryEntry describe(long id, int maxPartitions) {
        synchronized (session) {
            return new PurgatoryEntry(
                    id,
                    request.apiKey().name,
                    request.clientId(),
                    request.caller(),
                    session.id(),
                    since,
                    since.plusMillis(request.message().maxWaitMs()),
                    minBytes,
                    Math.max(0, minBytes - missingBytes),
                    session.labels(maxPartitions),
                    session.size());
        }
    }
}
