package io.vitrine.handler;

import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.RegisteredBroker;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.Subject;
import io.vitrine.protocol.VersionRange;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeClusterResponseData.DescribeClusterBroker;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/// Tells who is in the cluster: this broker, and when asked for those that are away, the brokers of the cluster that
/// the directory comes from.
public final class DescribeClusterHandler implements RequestHandler<DescribeClusterRequestData> {
    private static final byte BROKERS = 1;
    private static final byte CONTROLLERS = 2;

    private final MetadataService metadata;
    private final AdvertisedAddress address;

    public DescribeClusterHandler(MetadataService metadata, AdvertisedAddress address) {
        this.metadata = metadata;
        this.address = address;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.DESCRIBE_CLUSTER;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 2);
    }

    @Override
    public CompletionStage<Answer> handle(Request<DescribeClusterRequestData> request) {
        byte endpointType = request.message().endpointType();
        var response =
                switch (endpointType) {
                    case BROKERS -> describe(request);
                    case CONTROLLERS ->
                        refuse(
                                request,
                                Errors.MISMATCHED_ENDPOINT_TYPE,
                                "The request was sent to an endpoint of type BROKER, but we wanted an endpoint of"
                                        + " type CONTROLLER");
                    default ->
                        refuse(request, Errors.UNSUPPORTED_ENDPOINT_TYPE, "Unsupported endpoint type " + endpointType);
                };
        return CompletableFuture.completedFuture(new Answer.Message(response));
    }

    private DescribeClusterResponseData describe(Request<DescribeClusterRequestData> request) {
        var image = metadata.image();
        var own = address.forCaller(request.caller());
        var response = new DescribeClusterResponseData()
                .setClusterId(image.clusterId())
                .setControllerId(image.nodeId());
        response.brokers()
                .add(new DescribeClusterBroker()
                        .setBrokerId(image.nodeId())
                        .setHost(own.host())
                        .setPort(own.port()));
        if (request.message().includeFencedBrokers()) {
            metadata.description()
                    .otherBrokers()
                    .forEach(broker ->
                            describe(broker, request.caller().listener()).ifPresent(response.brokers()::add));
        }
        if (request.message().includeClusterAuthorizedOperations()) {
            response.setClusterAuthorizedOperations(AuthorizedOperations.ON_CLUSTER);
        }
        return response;
    }

    /// As Kafka has it, a broker is only shown to those who came by a listener that it has too.
    private static Optional<DescribeClusterBroker> describe(RegisteredBroker broker, String listener) {
        return Optional.ofNullable(broker.endpoints().get(listener))
                .map(endpoint -> new DescribeClusterBroker()
                        .setBrokerId(broker.id())
                        .setHost(endpoint.host())
                        .setPort(endpoint.port())
                        .setRack(broker.rack().orElse(null))
                        .setIsFenced(true));
    }

    private static DescribeClusterResponseData refuse(
            Request<DescribeClusterRequestData> request, Errors error, String message) {
        request.noteRefusal(Subject.whole(), error, "ENDPOINT_TYPE", message);
        return new DescribeClusterResponseData().setErrorCode(error.code()).setErrorMessage(message);
    }
}
