package io.vitrine.handler;

import io.vitrine.group.GroupService;
import io.vitrine.group.GroupService.Place;
import io.vitrine.metadata.MetadataService;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.Subject;
import io.vitrine.protocol.VersionRange;
import io.vitrine.transaction.TransactionService;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData.Coordinator;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/// Tells where the coordinators of groups and of transactional ids are: here, as there is nobody else. The first
/// question makes the topic in which these are kept, and its answer waits for that; Kafka has the client ask again.
public final class FindCoordinatorHandler implements RequestHandler<FindCoordinatorRequestData> {
    private static final short FIRST_VERSION_WITH_KEYS = 4;
    private static final byte GROUP = 0;
    private static final byte TRANSACTION = 1;
    private static final byte SHARE = 2;
    private static final int NOWHERE = -1;

    private final MetadataService metadata;
    private final AdvertisedAddress address;
    private final GroupService groups;
    private final TransactionService transactions;

    public FindCoordinatorHandler(
            MetadataService metadata, AdvertisedAddress address, GroupService groups, TransactionService transactions) {
        this.metadata = metadata;
        this.address = address;
        this.groups = groups;
        this.transactions = transactions;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.FIND_COORDINATOR;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 6);
    }

    @Override
    public CompletionStage<Answer> handle(Request<FindCoordinatorRequestData> request) {
        var message = request.message();
        if (request.version() < FIRST_VERSION_WITH_KEYS) {
            return find(request, message.key()).thenApply(found -> new Answer.Message(single(found)));
        }
        var found = message.coordinatorKeys().stream()
                .map(key -> find(request, key))
                .toList();
        return CompletableFuture.allOf(found.toArray(CompletableFuture[]::new))
                .thenApply(_ -> new Answer.Message(new FindCoordinatorResponseData()
                        .setCoordinators(
                                found.stream().map(CompletableFuture::join).toList())));
    }

    private CompletableFuture<Coordinator> find(Request<FindCoordinatorRequestData> request, String key) {
        byte type = request.message().keyType();
        return switch (type) {
            case GROUP ->
                answer(request, key, groups.locate(key).thenApply(place -> switch (place) {
                    case Place.Here _ -> Optional.empty();
                    case Place.Nowhere(String reason) -> Optional.of(reason);
                }));
            case TRANSACTION -> answer(request, key, transactions.locate(key));
            default -> CompletableFuture.completedFuture(ofAnotherType(request, key, type));
        };
    }

    /// @param located empty if it is here, else why it is nowhere
    private CompletableFuture<Coordinator> answer(
            Request<?> request, String key, CompletableFuture<Optional<String>> located) {
        return located.handle((whyNot, thrown) -> {
            if (thrown != null) {
                var why = GroupAnswers.messageOf(thrown);
                return refused(request, key, Errors.COORDINATOR_NOT_AVAILABLE, "NO_COORDINATOR", why);
            }
            return whyNot.map(why -> refused(request, key, Errors.COORDINATOR_NOT_AVAILABLE, "NOT_SERVED", why))
                    .orElseGet(() -> here(request, key));
        });
    }

    private static Coordinator ofAnotherType(Request<?> request, String key, byte type) {
        var refusal = refused(
                request,
                key,
                Errors.INVALID_REQUEST,
                "KEY_TYPE",
                "expected the key type 0 of groups or 1 of transactional ids, found " + type);
        // Kafka has words only for what it has never heard of.
        return type == SHARE ? refusal : refusal.setErrorMessage(Errors.INVALID_REQUEST.message());
    }

    private Coordinator here(Request<?> request, String key) {
        var own = address.forCaller(request.caller());
        return new Coordinator()
                .setKey(key)
                .setNodeId(metadata.image().nodeId())
                .setHost(own.host())
                .setPort(own.port());
    }

    private static Coordinator refused(Request<?> request, String key, Errors error, String reason, String detail) {
        byte type = request.message() instanceof FindCoordinatorRequestData asked ? asked.keyType() : GROUP;
        var subject = type == TRANSACTION ? Subject.transactionalId(key) : Subject.group(key);
        request.noteRefusal(subject, error, reason, detail);
        return new Coordinator()
                .setKey(key)
                .setErrorCode(error.code())
                .setNodeId(NOWHERE)
                .setHost("")
                .setPort(NOWHERE);
    }

    private static FindCoordinatorResponseData single(Coordinator found) {
        return new FindCoordinatorResponseData()
                .setErrorCode(found.errorCode())
                .setErrorMessage(Errors.forCode(found.errorCode()).message())
                .setNodeId(found.nodeId())
                .setHost(found.host())
                .setPort(found.port())
                .setCoordinators(List.of());
    }
}
