package io.vitrine.handler;

import io.vitrine.group.ShareKey;
import io.vitrine.group.ShareRules;
import io.vitrine.handler.ShareAcknowledgements.Answered;
import io.vitrine.handler.ShareAcknowledgements.Batch;
import io.vitrine.handler.ShareAcknowledgements.Said;
import io.vitrine.metadata.MetadataService;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Purgatory;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.VersionRange;
import io.vitrine.share.FetchedShare;
import io.vitrine.share.SharePartitions;
import io.vitrine.share.ShareSessions;
import io.vitrine.share.ShareWish;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.ShareSessionLimitReachedException;
import org.apache.kafka.common.message.ShareFetchRequestData;
import org.apache.kafka.common.message.ShareFetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/// Gives a member of a share group records that nobody else has, and takes what it says of those it got before. If
/// there is nothing to give, the answer waits. What is given is the member's until it says something of it, or its
/// time is up.
public final class ShareFetchHandler implements RequestHandler<ShareFetchRequestData> {
    private static final byte BATCHES = 0;
    private static final byte RECORD_LIMIT = 1;

    private final SharePartitions partitions;
    private final ShareSessions sessions;
    private final ShareAcknowledgements acknowledgements;
    private final MetadataService metadata;
    private final Purgatory purgatory;
    private final int maxResponseBytes;

    /// @param maxResponseBytes `fetch.max.bytes`
    public ShareFetchHandler(
            MetadataService metadata,
            SharePartitions partitions,
            ShareSessions sessions,
            Purgatory purgatory,
            int maxResponseBytes) {
        this.metadata = metadata;
        this.purgatory = purgatory;
        this.partitions = partitions;
        this.sessions = sessions;
        this.acknowledgements = new ShareAcknowledgements(metadata, partitions);
        this.maxResponseBytes = maxResponseBytes;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.SHARE_FETCH;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(1, 2);
    }

    @Override
    public CompletionStage<Answer> handle(Request<ShareFetchRequestData> request) {
        var fault = findFault(request.message());
        if (fault.isPresent()) {
            return CompletableFuture.completedFuture(refuse(request, Errors.INVALID_REQUEST, fault.get()));
        }
        var answer = new CompletableFuture<Answer>();
        partitions
                .rules(request.message().groupId())
                .thenCompose(rules -> serve(request, rules, answer))
                .whenComplete((response, thrown) -> {
                    if (response != null) {
                        answer.complete(response);
                    } else {
                        var error = GroupAnswers.errorOf(request, thrown);
                        answer.complete(refuse(request, error, GroupAnswers.messageOf(thrown)));
                    }
                });
        return answer;
    }

    /// Requests of a member that renews ask for no records.
    private static Optional<String> findFault(ShareFetchRequestData message) {
        var fault = ShareRequests.findFault(message.groupId(), message.memberId());
        if (fault.isPresent()) {
            return fault;
        }
        boolean asks = message.maxBytes() != 0
                || message.minBytes() != 0
                || message.maxRecords() != 0
                || message.maxWaitMs() != 0;
        if (message.isRenewAck() && asks) {
            return Optional.of("A request that renews must have 0 for max and min bytes, max records and max wait.");
        }
        if (message.shareAcquireMode() != BATCHES && message.shareAcquireMode() != RECORD_LIMIT) {
            return Optional.of("expected the acquire mode 0 or 1, found " + message.shareAcquireMode());
        }
        return message.shareSessionEpoch() == ShareRequests.INITIAL_EPOCH && says(message)
                ? Optional.of("The first request of a session acknowledges nothing.")
                : Optional.empty();
    }

    private CompletionStage<Answer> serve(
            Request<ShareFetchRequestData> request, ShareRules rules, CompletableFuture<Answer> answer) {
        var message = request.message();
        List<ShareKey> keys;
        try {
            keys = begin(request, rules);
        } catch (ShareSessionLimitReachedException e) {
            // So that the member does not ask again at once.
            return CompletableFuture.supplyAsync(
                    () -> refuse(request, Errors.SHARE_SESSION_LIMIT_REACHED, String.valueOf(e.getMessage())),
                    CompletableFuture.delayedExecutor(Math.max(0, message.maxWaitMs()), TimeUnit.MILLISECONDS));
        } catch (ApiException e) {
            return CompletableFuture.completedFuture(
                    refuse(request, Errors.forException(e), String.valueOf(e.getMessage())));
        }
        var said = acknowledgements.apply(request, message.memberId(), said(message), message.isRenewAck());
        boolean last = message.shareSessionEpoch() == ShareRequests.FINAL_EPOCH;
        var fetched = last || message.isRenewAck() || keys.isEmpty()
                ? CompletableFuture.completedFuture(List.<FetchedShare>of())
                : fetch(request, keys);
        // Cancelled when the connection is gone; then nobody waits any more.
        answer.whenComplete((_, _) -> fetched.cancel(false));
        return said.thenCombine(fetched, (answered, records) -> {
            if (last) {
                sessions.close(member(message));
            }
            boolean first = message.shareSessionEpoch() == ShareRequests.INITIAL_EPOCH;
            return new Answer.Message(response(request, rules, answered, records, first ? keys : List.of()));
        });
    }

    private CompletableFuture<List<FetchedShare>> fetch(Request<ShareFetchRequestData> request, List<ShareKey> keys) {
        return partitions
                .fetch(wish(request, keys), request.eventLoop(), waiting -> {
                    long id = purgatory.add(new WaitingShareFetch(request, waiting, metadata));
                    waiting.answer().whenComplete((_, _) -> purgatory.remove(id));
                })
                .answer();
    }

    /// Takes the request into its session.
    ///
    /// @return what the member reads
    private List<ShareKey> begin(Request<ShareFetchRequestData> request, ShareRules rules) {
        var message = request.message();
        var member = member(message);
        var named = new ArrayList<ShareKey>();
        for (var topic : message.topics()) {
            topic.partitions()
                    .forEach(partition ->
                            named.add(new ShareKey(message.groupId(), topic.topicId(), partition.partitionIndex())));
        }
        return switch (message.shareSessionEpoch()) {
            case ShareRequests.INITIAL_EPOCH -> {
                sessions.open(member, request.caller().id(), named, rules.maxSessions());
                yield named;
            }
            case ShareRequests.FINAL_EPOCH -> {
                sessions.require(member);
                yield List.of();
            }
            default -> sessions.update(member, message.shareSessionEpoch(), named, forgotten(message));
        };
    }

    private static List<ShareKey> forgotten(ShareFetchRequestData message) {
        return message.forgottenTopicsData().stream()
                .flatMap(topic -> topic.partitions().stream()
                        .map(partition -> new ShareKey(message.groupId(), topic.topicId(), partition)))
                .toList();
    }

    private ShareWish wish(Request<ShareFetchRequestData> request, List<ShareKey> keys) {
        var message = request.message();
        // Each request begins with another one, so that none has to wait for others for long.
        var rotated = new ArrayList<>(keys);
        Collections.rotate(rotated, -(message.shareSessionEpoch() % keys.size()));
        long maxBytes = Math.min(
                Math.min(message.maxBytes(), maxResponseBytes),
                request.responseBytesLeft().getAsLong());
        return new ShareWish(
                message.groupId(),
                message.memberId(),
                rotated,
                message.maxWaitMs(),
                (int) Math.min(message.minBytes(), maxBytes),
                (int) Math.max(0, maxBytes),
                message.maxRecords(),
                Math.max(1, message.batchSize()),
                message.shareAcquireMode() == RECORD_LIMIT);
    }

    private static List<Said> said(ShareFetchRequestData message) {
        var said = new ArrayList<Said>();
        for (var topic : message.topics()) {
            for (var partition : topic.partitions()) {
                if (!partition.acknowledgementBatches().isEmpty()) {
                    said.add(new Said(
                            new ShareKey(message.groupId(), topic.topicId(), partition.partitionIndex()),
                            partition.acknowledgementBatches().stream()
                                    .map(batch -> new Batch(
                                            batch.firstOffset(), batch.lastOffset(), batch.acknowledgeTypes()))
                                    .toList()));
                }
            }
        }
        return said;
    }

    private static boolean says(ShareFetchRequestData message) {
        return !said(message).isEmpty();
    }

    private static ShareSessions.Member member(ShareFetchRequestData message) {
        return new ShareSessions.Member(message.groupId(), message.memberId());
    }

    private static ShareFetchResponseData response(
            Request<ShareFetchRequestData> request,
            ShareRules rules,
            Map<ShareKey, Answered> answered,
            List<FetchedShare> records,
            List<ShareKey> alwaysTold) {
        var response = new ShareFetchAnswer(request);
        alwaysTold.forEach(response::add);
        answered.forEach(response::add);
        records.forEach(response::add);
        return response.message().setAcquisitionLockTimeoutMs(rules.lockDurationMs());
    }

    private static Answer refuse(Request<ShareFetchRequestData> request, Errors error, String detail) {
        ShareRequests.note(request, request.message().groupId(), error, detail);
        return new Answer.Message(
                new ShareFetchResponseData().setErrorCode(error.code()).setErrorMessage(detail));
    }
}
