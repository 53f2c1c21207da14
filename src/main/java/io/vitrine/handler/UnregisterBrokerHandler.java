package io.vitrine.handler;

import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.UnregisterOutcome;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.Subject;
import io.vitrine.protocol.VersionRange;
import java.io.IOException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.kafka.common.message.UnregisterBrokerRequestData;
import org.apache.kafka.common.message.UnregisterBrokerResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/// Forgets a broker of the cluster that the directory comes from. Not this one, which would go on serving as a broker
/// that nobody knows.
public final class UnregisterBrokerHandler implements RequestHandler<UnregisterBrokerRequestData> {
    private final MetadataService metadata;
    private final BlockingAnswer blocking;

    /// @param mayBlock runs what writes the metadata log
    public UnregisterBrokerHandler(MetadataService metadata, Executor mayBlock) {
        this.metadata = metadata;
        this.blocking = new BlockingAnswer(mayBlock);
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.UNREGISTER_BROKER;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 0);
    }

    @Override
    public CompletionStage<Answer> handle(Request<UnregisterBrokerRequestData> request) {
        return blocking.to(
                request,
                () -> unregister(request),
                () -> new UnregisterBrokerResponseData()
                        .setErrorCode(Errors.KAFKA_STORAGE_ERROR.code())
                        .setErrorMessage(Errors.KAFKA_STORAGE_ERROR.message()));
    }

    private UnregisterBrokerResponseData unregister(Request<UnregisterBrokerRequestData> request) throws IOException {
        int id = request.message().brokerId();
        return switch (metadata.description().unregister(id)) {
            case UnregisterOutcome.Unregistered _ -> new UnregisterBrokerResponseData().setErrorMessage("");
            case UnregisterOutcome.NotRegistered _ ->
                refuse(
                        request,
                        Errors.BROKER_ID_NOT_REGISTERED,
                        "Broker ID %d is not currently registered".formatted(id));
            case UnregisterOutcome.Running _ ->
                refuse(request, Errors.INVALID_REQUEST, "Broker %d is this one, which is running".formatted(id));
            case UnregisterOutcome.InUse(int partitions) ->
                refuse(
                        request,
                        Errors.INVALID_REQUEST,
                        "Broker %d leads or is in sync with %d partitions; they have to be elected or reassigned to"
                                        .formatted(id, partitions)
                                + " this broker first");
        };
    }

    private static UnregisterBrokerResponseData refuse(
            Request<UnregisterBrokerRequestData> request, Errors error, String message) {
        request.noteRefusal(
                Subject.other("broker " + request.message().brokerId()), error, "NOT_UNREGISTERED", message);
        return new UnregisterBrokerResponseData().setErrorCode(error.code()).setErrorMessage(message);
    }
}
