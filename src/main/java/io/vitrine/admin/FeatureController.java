package io.vitrine.admin;

import io.vitrine.metadata.FeatureLevels;
import io.vitrine.metadata.FeatureOutcome;
import io.vitrine.metadata.FeatureUpdate;
import io.vitrine.metadata.MetadataService;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// The features of the cluster: the levels that are possible, and those that hold.
@RestController
@RequestMapping(ApiPath.BASE + "/features")
class FeatureController {
    private static final short NOT_FINALIZED = 0;

    private final MetadataService metadata;

    FeatureController(MetadataService metadata) {
        this.metadata = metadata;
    }

    @GetMapping
    FeaturesView features(@RequestParam Map<String, String> query) {
        new QueryParameters(query).requireSound();
        return view();
    }

    @PatchMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    FeaturesView update(@RequestParam Map<String, String> query, HttpServletRequest request) throws IOException {
        var parameters = new QueryParameters(query);
        boolean validateOnly = parameters.flag("validateOnly", false);
        parameters.requireSound();
        return switch (update(FeatureBody.read(request.getInputStream()), validateOnly)) {
            case FeatureOutcome.Accepted _ -> view();
            case FeatureOutcome.Refused(var feature, var reason) ->
                throw ClusterProblem.featureRefused(feature, reason);
        };
    }

    private FeatureOutcome update(List<FeatureUpdate> updates, boolean validateOnly) {
        try {
            return metadata.features().update(updates, validateOnly);
        } catch (IOException e) {
            throw ClusterProblem.metadataFailed(e);
        }
    }

    private FeaturesView view() {
        var image = metadata.image();
        return new FeaturesView(
                FeatureLevels.supported().entrySet().stream()
                        .map(entry -> new FeatureView(
                                entry.getKey(),
                                image.features().getOrDefault(entry.getKey(), NOT_FINALIZED),
                                entry.getValue().lowest(),
                                entry.getValue().highest()))
                        .toList(),
                image.endOffset());
    }

    /// @param asOfOffset the metadata records before it have been seen
    record FeaturesView(List<FeatureView> items, long asOfOffset) {}

    /// @param level the one that holds; 0 is without the feature
    record FeatureView(String name, short level, short lowest, short highest) {}
}
