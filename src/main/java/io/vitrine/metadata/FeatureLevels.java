package io.vitrine.metadata;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.metadata.FeatureLevelRecord;
import org.apache.kafka.controller.QuorumFeatures;
import org.apache.kafka.server.common.ApiMessageAndVersion;
import org.apache.kafka.server.common.EligibleLeaderReplicasVersion;
import org.apache.kafka.server.common.KRaftVersion;
import org.apache.kafka.server.common.MetadataVersion;

/// The features of the cluster: which levels are possible, and how the ones that hold are changed. Which levels hold
/// is in the image.
public final class FeatureLevels {
    private static final short RECORD_VERSION = 0;
    private static final SortedMap<String, FeatureRange> SUPPORTED =
            Collections.unmodifiableSortedMap(supportedRanges());

    private final MetadataWriter writer;
    private final int nodeId;

    FeatureLevels(MetadataWriter writer, int nodeId) {
        this.writer = writer;
        this.nodeId = nodeId;
    }

    /// By name; those of Apache Kafka of this version, whose modules do the work.
    public static SortedMap<String, FeatureRange> supported() {
        return SUPPORTED;
    }

    /// Finalizes all of `updates` together, or none.
    ///
    /// @param validateOnly tells what would become of them, and changes nothing
    /// @throws IOException if it could not be written; nothing is changed then
    public FeatureOutcome update(List<FeatureUpdate> updates, boolean validateOnly) throws IOException {
        return writer.change(current -> {
            var levels = new TreeMap<>(current.features());
            levels.putIfAbsent(
                    MetadataVersion.FEATURE_NAME, writer.metadataVersion().featureLevel());
            var rules = new FeatureRules(nodeId, levels, updates);
            for (var update : updates) {
                Optional<String> reason = rules.reasonAgainst(update);
                if (reason.isPresent()) {
                    return new FeatureOutcome.Refused(update.feature(), reason.get());
                }
            }
            if (!validateOnly) {
                var records = records(updates);
                if (!records.isEmpty()) {
                    writer.write(records);
                }
            }
            return new FeatureOutcome.Accepted();
        });
    }

    private List<ApiMessageAndVersion> records(List<FeatureUpdate> updates) {
        var records = new ArrayList<ApiMessageAndVersion>();
        for (var update : updates) {
            // Not a record of the metadata but of the quorum; the rules only let through the level that it has.
            if (!update.feature().equals(KRaftVersion.FEATURE_NAME)) {
                var record = new FeatureLevelRecord().setName(update.feature()).setFeatureLevel(update.level());
                records.add(new ApiMessageAndVersion(record, RECORD_VERSION));
            }
            if (update.feature().equals(EligibleLeaderReplicasVersion.FEATURE_NAME) && update.level() > 0) {
                records.addAll(MetadataRecords.leastInSyncReplicasFor(
                        writer.kafkaImage().configs()));
            }
        }
        return records;
    }

    private static SortedMap<String, FeatureRange> supportedRanges() {
        var ranges = new TreeMap<String, FeatureRange>();
        QuorumFeatures.defaultSupportedFeatureMap(false)
                .forEach((name, range) -> ranges.put(name, new FeatureRange(range.min(), range.max())));
        return ranges;
    }
}
