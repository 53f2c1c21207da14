package io.vitrine.metadata;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.controller.QuorumFeatures;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.KRaftVersion;
import org.apache.kafka.server.common.MetadataVersion;

/// What Kafka's controller asks of a change of feature levels, in its order and with its words: people look them up.
final class FeatureRules {
    private static final short NOT_FINALIZED = 0;

    private final QuorumFeatures quorum;
    private final Map<String, Short> current;
    private final Map<String, Short> proposed;

    /// @param current the levels that hold
    /// @param updates all that are to be made together: one may depend on another
    FeatureRules(int nodeId, Map<String, Short> current, List<FeatureUpdate> updates) {
        this.quorum = new QuorumFeatures(nodeId, QuorumFeatures.defaultSupportedFeatureMap(false), List.of(nodeId));
        this.current = current;
        this.proposed = new HashMap<>(current);
        updates.forEach(update -> proposed.put(update.feature(), update.level()));
    }

    /// Why `update` can't be made; empty if it can.
    Optional<String> reasonAgainst(FeatureUpdate update) {
        Optional<String> reason = reasonAgainstLevel(update);
        if (reason.isPresent()) {
            return reason.map(text ->
                    "Invalid update version %d for feature %s. %s".formatted(update.level(), update.feature(), text));
        }
        return update.feature().equals(MetadataVersion.FEATURE_NAME)
                ? reasonAgainstMetadataVersion(update)
                : Optional.empty();
    }

    private Optional<String> reasonAgainstLevel(FeatureUpdate update) {
        if (update.kind() == FeatureUpdate.Kind.UNKNOWN) {
            return Optional.of("The controller does not support the given upgrade type.");
        }
        if (update.level() < 0) {
            return Optional.of("A feature version cannot be less than 0.");
        }
        Optional<String> unsupported = quorum.reasonNotLocallySupported(update.feature(), update.level());
        if (unsupported.isPresent()) {
            return unsupported;
        }
        short level = current.getOrDefault(update.feature(), NOT_FINALIZED);
        if (update.level() < level && update.kind() == FeatureUpdate.Kind.UPGRADE) {
            return Optional.of("Can't downgrade the version of this feature without setting the upgrade type to"
                    + " either safe or unsafe downgrade.");
        }
        if (update.level() > level && update.kind() != FeatureUpdate.Kind.UPGRADE) {
            return Optional.of("Can't downgrade to a newer version.");
        }
        return switch (update.feature()) {
            case MetadataVersion.FEATURE_NAME -> Optional.empty();
            case KRaftVersion.FEATURE_NAME -> reasonAgainstQuorumVersion(update.level(), level);
            default -> reasonAgainstDependencies(update);
        };
    }

    /// The quorum is this node, as the settings say: there is nothing in the log that another version could describe.
    private static Optional<String> reasonAgainstQuorumVersion(short wished, short level) {
        if (wished < level) {
            return Optional.of("Can't downgrade the version of this feature.");
        }
        return wished == level
                ? Optional.empty()
                : Optional.of("The quorum of this broker is itself alone and keeps its version.");
    }

    private Optional<String> reasonAgainstDependencies(FeatureUpdate update) {
        try {
            var feature = Feature.featureFromName(update.feature());
            Feature.validateVersion(feature.fromFeatureLevel(update.level(), true), proposed);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /// Records that the older version has no words for may be in the log already.
    private Optional<String> reasonAgainstMetadataVersion(FeatureUpdate update) {
        var from = MetadataVersion.fromFeatureLevel(current.getOrDefault(update.feature(), NOT_FINALIZED));
        var to = MetadataVersion.fromFeatureLevel(update.level());
        if (!to.isLessThan(from) || !MetadataVersion.checkIfMetadataChanged(from, to)) {
            return Optional.empty();
        }
        var why = update.kind() == FeatureUpdate.Kind.UNSAFE_DOWNGRADE
                ? "Unsafe metadata downgrade is not supported in this version."
                : "Refusing to perform the requested downgrade because it might delete metadata information.";
        return Optional.of("Unsupported metadata.version downgrade from %d to %d. %s"
                .formatted(from.featureLevel(), to.featureLevel(), why));
    }
}
