package io.vitrine.admin;

import io.vitrine.metadata.ConfigChanges;
import io.vitrine.metadata.ConfigEdit;
import io.vitrine.metadata.ConfigEdit.Kind;
import io.vitrine.metadata.ConfigOutcome;
import io.vitrine.metadata.ConfigWish;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Changes configs of topics, brokers and groups, by the rules and in the words of IncrementalAlterConfigs.
@RestController
class ConfigChangeController {
    /// The name for what is set for all brokers.
    private static final String ALL_BROKERS = "default";

    private final ObjectProvider<ConfigChanges> changes;
    private final LogLookup lookup;

    ConfigChangeController(ObjectProvider<ConfigChanges> changes, LogLookup lookup) {
        this.changes = changes;
        this.lookup = lookup;
    }

    @PatchMapping(path = ApiPath.TOPICS + "/{topic}/configs", consumes = MediaType.APPLICATION_JSON_VALUE)
    ChangedView ofTopic(@PathVariable String topic, @RequestParam Map<String, String> query, HttpServletRequest request)
            throws IOException {
        var parameters = new QueryParameters(query);
        boolean validateOnly = validateOnly(parameters);
        var found = lookup.topic(topic);
        return change(new ConfigResource(ConfigResource.Type.TOPIC, found.name()), request, validateOnly);
    }

    @PatchMapping(path = ApiPath.BASE + "/brokers/{id}/configs", consumes = MediaType.APPLICATION_JSON_VALUE)
    ChangedView ofBroker(@PathVariable String id, @RequestParam Map<String, String> query, HttpServletRequest request)
            throws IOException {
        var parameters = new QueryParameters(query);
        boolean validateOnly = validateOnly(parameters);
        var name = id.equals(ALL_BROKERS) ? "" : id;
        return change(new ConfigResource(ConfigResource.Type.BROKER, name), request, validateOnly);
    }

    @PatchMapping(
            path = {ApiPath.GROUP + "/configs", ApiPath.GROUP_BY_ID + "/configs"},
            consumes = MediaType.APPLICATION_JSON_VALUE)
    ChangedView ofGroup(
            @PathVariable(required = false) @Nullable String group,
            @RequestParam Map<String, String> query,
            HttpServletRequest request)
            throws IOException {
        var parameters = new QueryParameters(query);
        var id = GroupId.of(group, parameters);
        boolean validateOnly = validateOnly(parameters);
        return change(new ConfigResource(ConfigResource.Type.GROUP, id), request, validateOnly);
    }

    private ChangedView change(ConfigResource resource, HttpServletRequest request, boolean validateOnly)
            throws IOException {
        var body = PostedObject.read(request);
        var edits = new ArrayList<ConfigEdit>();
        body.values("set").forEach((name, value) -> edits.add(new ConfigEdit(name, Kind.SET, value)));
        body.list("reset").forEach(name -> edits.add(new ConfigEdit(name, Kind.DELETE, null)));
        body.values("append").forEach((name, value) -> edits.add(new ConfigEdit(name, Kind.APPEND, value)));
        body.values("subtract").forEach((name, value) -> edits.add(new ConfigEdit(name, Kind.SUBTRACT, value)));
        if (edits.isEmpty()) {
            body.violate("", "expected at least one of set, reset, append, subtract");
        }
        body.requireSound();
        ConfigOutcome outcome;
        try {
            outcome = changes.getObject()
                    .apply(List.of(new ConfigWish(resource, edits, false)), validateOnly)
                    .getFirst();
        } catch (IOException e) {
            throw TopicProblem.notWritten(e);
        }
        return switch (outcome) {
            case ConfigOutcome.Changed(var configs) -> new ChangedView(new TreeMap<>(configs), validateOnly);
            case ConfigOutcome.Refused refused -> throw TopicProblem.notConfigured(refused);
        };
    }

    private static boolean validateOnly(QueryParameters parameters) {
        boolean validateOnly = parameters.flag("validateOnly", false);
        parameters.requireSound();
        return validateOnly;
    }

    /// @param configs all that is set then
    record ChangedView(Map<String, String> configs, boolean validateOnly) {}
}
