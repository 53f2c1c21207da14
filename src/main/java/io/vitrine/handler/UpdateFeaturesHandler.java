package io.vitrine.handler;

import io.vitrine.metadata.FeatureOutcome;
import io.vitrine.metadata.FeatureUpdate;
import io.vitrine.metadata.MetadataService;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.Subject;
import io.vitrine.protocol.VersionRange;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.kafka.common.message.UpdateFeaturesRequestData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData.FeatureUpdateKey;
import org.apache.kafka.common.message.UpdateFeaturesResponseData;
import org.apache.kafka.common.message.UpdateFeaturesResponseData.UpdatableFeatureResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/// Changes the finalized levels of features, all that a request names or none.
public final class UpdateFeaturesHandler implements RequestHandler<UpdateFeaturesRequestData> {
    private static final short FIRST_VERSION_WITHOUT_RESULTS = 2;
    private static final byte UPGRADE = 1;
    private static final byte SAFE_DOWNGRADE = 2;
    private static final byte UNSAFE_DOWNGRADE = 3;

    private final MetadataService metadata;
    private final BlockingAnswer blocking;

    /// @param mayBlock runs what writes the metadata log
    public UpdateFeaturesHandler(MetadataService metadata, Executor mayBlock) {
        this.metadata = metadata;
        this.blocking = new BlockingAnswer(mayBlock);
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.UPDATE_FEATURES;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 2);
    }

    @Override
    public CompletionStage<Answer> handle(Request<UpdateFeaturesRequestData> request) {
        return blocking.to(
                request,
                () -> update(request),
                () -> refused(Errors.KAFKA_STORAGE_ERROR, Errors.KAFKA_STORAGE_ERROR.message()));
    }

    private UpdateFeaturesResponseData update(Request<UpdateFeaturesRequestData> request) throws IOException {
        var updates = request.message().featureUpdates().stream()
                .map(UpdateFeaturesHandler::wish)
                .toList();
        return switch (metadata.features().update(updates, request.message().validateOnly())) {
            case FeatureOutcome.Accepted _ -> accepted(request.version(), updates);
            case FeatureOutcome.Refused(var feature, var reason) -> {
                request.noteRefusal(Subject.other(feature), Errors.INVALID_UPDATE_VERSION, "FEATURE_LEVEL", reason);
                yield refused(
                        Errors.INVALID_UPDATE_VERSION,
                        "The update failed for all features since the following feature had an error: " + reason);
            }
        };
    }

    /// Version 0 has another field for downgrades, which Kafka's controller does not look at any more.
    private static FeatureUpdate wish(FeatureUpdateKey update) {
        var kind =
                switch (update.upgradeType()) {
                    case UPGRADE -> FeatureUpdate.Kind.UPGRADE;
                    case SAFE_DOWNGRADE -> FeatureUpdate.Kind.SAFE_DOWNGRADE;
                    case UNSAFE_DOWNGRADE -> FeatureUpdate.Kind.UNSAFE_DOWNGRADE;
                    default -> FeatureUpdate.Kind.UNKNOWN;
                };
        return new FeatureUpdate(update.feature(), update.maxVersionLevel(), kind);
    }

    private static UpdateFeaturesResponseData accepted(short version, List<FeatureUpdate> updates) {
        var response = new UpdateFeaturesResponseData().setErrorMessage(null);
        if (version < FIRST_VERSION_WITHOUT_RESULTS) {
            updates.stream()
                    .map(FeatureUpdate::feature)
                    .distinct()
                    .forEach(feature -> response.results()
                            .add(new UpdatableFeatureResult()
                                    .setFeature(feature)
                                    .setErrorMessage(Errors.NONE.name())));
        }
        return response;
    }

    private static UpdateFeaturesResponseData refused(Errors error, String message) {
        return new UpdateFeaturesResponseData().setErrorCode(error.code()).setErrorMessage(message);
    }
}
