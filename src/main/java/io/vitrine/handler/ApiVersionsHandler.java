package io.vitrine.handler;

import io.vitrine.metadata.FeatureLevels;
import io.vitrine.metadata.MetadataService;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.ApiTable;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.Subject;
import io.vitrine.protocol.VersionRange;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.ApiVersionsResponseData.FinalizedFeatureKey;
import org.apache.kafka.common.message.ApiVersionsResponseData.SupportedFeatureKey;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/// Tells which APIs and versions this broker serves, straight from the table that dispatch uses.
public final class ApiVersionsHandler implements RequestHandler<ApiVersionsRequestData> {
    private static final int UNKNOWN_NODE = -1;
    private static final short FIRST_VERSION_WITH_SOFTWARE_NAME = 3;
    private static final short FIRST_VERSION_WITH_LEVEL_0 = 4;
    // What Kafka accepts as the name and version of a client's software.
    private static final Pattern SOFTWARE = Pattern.compile("[a-zA-Z0-9](?:[a-zA-Z0-9\\-.]*[a-zA-Z0-9])?");

    private final ApiTable apis;
    private final MetadataService metadata;

    public ApiVersionsHandler(ApiTable apis, MetadataService metadata) {
        this.apis = apis;
        this.metadata = metadata;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.API_VERSIONS;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 5);
    }

    @Override
    public CompletionStage<Answer> handle(Request<ApiVersionsRequestData> request) {
        var error = check(request);
        var response = new ApiVersionsResponseData().setErrorCode(error.code());
        if (error == Errors.NONE) {
            apis.handlers().forEach(handler -> response.apiKeys().add(describe(handler)));
            addFeatures(request.version(), response);
        }
        return CompletableFuture.completedFuture(new Answer.Message(response));
    }

    /// The answer to a version that we don't know: in version 0, which every client can read, naming the versions of
    /// this one API.
    public ApiVersionsResponseData unsupportedVersion() {
        var response = new ApiVersionsResponseData().setErrorCode(Errors.UNSUPPORTED_VERSION.code());
        response.apiKeys().add(describe(this));
        return response;
    }

    private Errors check(Request<ApiVersionsRequestData> request) {
        var message = request.message();
        if (request.version() >= FIRST_VERSION_WITH_SOFTWARE_NAME
                && !(SOFTWARE.matcher(message.clientSoftwareName()).matches()
                        && SOFTWARE.matcher(message.clientSoftwareVersion()).matches())) {
            request.noteRefusal(
                    Subject.whole(),
                    Errors.INVALID_REQUEST,
                    "CLIENT_SOFTWARE",
                    "expected letters, digits, '-' and '.', found '%s' '%s'"
                            .formatted(message.clientSoftwareName(), message.clientSoftwareVersion()));
            return Errors.INVALID_REQUEST;
        }
        var image = metadata.image();
        if ((message.clusterId() == null) != (message.nodeId() == UNKNOWN_NODE)) {
            request.noteRefusal(
                    Subject.whole(),
                    Errors.INVALID_REQUEST,
                    "OTHER_BROKER",
                    "expected both cluster id and node id, found one of them");
            return Errors.INVALID_REQUEST;
        }
        boolean otherCluster =
                message.clusterId() != null && !message.clusterId().equals(image.clusterId());
        if (otherCluster || (message.nodeId() != UNKNOWN_NODE && message.nodeId() != image.nodeId())) {
            request.noteRefusal(
                    Subject.whole(),
                    Errors.REBOOTSTRAP_REQUIRED,
                    "OTHER_BROKER",
                    "this is node %d of cluster %s, the client looks for node %d of cluster %s"
                            .formatted(image.nodeId(), image.clusterId(), message.nodeId(), message.clusterId()));
            return Errors.REBOOTSTRAP_REQUIRED;
        }
        return Errors.NONE;
    }

    private void addFeatures(short version, ApiVersionsResponseData response) {
        FeatureLevels.supported().forEach((name, range) -> {
            // Older clients take a level of 0 for a mistake.
            if (version >= FIRST_VERSION_WITH_LEVEL_0 || range.lowest() > 0) {
                response.supportedFeatures()
                        .add(new SupportedFeatureKey()
                                .setName(name)
                                .setMinVersion(range.lowest())
                                .setMaxVersion(range.highest()));
            }
        });
        var image = metadata.image();
        response.setFinalizedFeaturesEpoch(image.endOffset());
        image.features()
                .forEach((name, level) -> response.finalizedFeatures()
                        .add(new FinalizedFeatureKey()
                                .setName(name)
                                .setMinVersionLevel(level)
                                .setMaxVersionLevel(level)));
    }

    private static ApiVersion describe(RequestHandler<?> handler) {
        return new ApiVersion()
                .setApiKey(handler.apiKey().id)
                .setMinVersion(handler.versions().lowest())
                .setMaxVersion(handler.versions().highest());
    }
}
