package io.vitrine.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vitrine.definition.BrokerConfigs;
import io.vitrine.definition.DescribedConfig;
import io.vitrine.definition.TopicConfigs;
import io.vitrine.group.GroupConfigs;
import io.vitrine.inspect.LogCatalog;
import io.vitrine.metadata.MetadataService;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// What is in force for topics, brokers and groups, and where it comes from.
@RestController
class ConfigController {
    /// The name for what is set for all brokers.
    private static final String ALL_BROKERS = "default";

    private final MetadataService metadata;
    private final LogLookup lookup;
    private final GroupConfigs groups;

    ConfigController(MetadataService metadata, LogLookup lookup) {
        this.lookup = lookup;
        this.metadata = metadata;
        this.groups = new GroupConfigs(metadata);
    }

    @GetMapping(ApiPath.TOPICS + "/{topic}/configs")
    ConfigsView ofTopic(@PathVariable String topic, @RequestParam Map<String, String> query) {
        var wish = Wish.of(query);
        var found = lookup.topic(topic);
        if (topic.equals(LogCatalog.METADATA_TOPIC)) {
            throw new ApiProblem(
                    KafkaError.UNKNOWN_TOPIC_OR_PARTITION,
                    "No configs",
                    "%s has no configs of its own; the broker's metadata.log.* are in force.".formatted(topic));
        }
        return wish.show(TopicConfigs.describe(found.configs(), metadata.brokerConfigs()));
    }

    @GetMapping(ApiPath.BASE + "/brokers/{id}/configs")
    ConfigsView ofBroker(@PathVariable String id, @RequestParam Map<String, String> query) {
        var wish = Wish.of(query);
        if (id.equals(ALL_BROKERS)) {
            return wish.show(BrokerConfigs.describeForAllBrokers(metadata.brokerConfigs()));
        }
        if (!id.equals(String.valueOf(metadata.image().nodeId()))) {
            throw ClusterProblem.unknownBroker(id);
        }
        return wish.show(BrokerConfigs.describe(metadata.brokerConfigs()));
    }

    @GetMapping({ApiPath.GROUP + "/configs", ApiPath.GROUP_BY_ID + "/configs"})
    ConfigsView ofGroup(
            @PathVariable(required = false) @Nullable String group, @RequestParam Map<String, String> query) {
        var parameters = new QueryParameters(query);
        var id = GroupId.of(group, parameters);
        var wish = Wish.of(parameters);
        return wish.show(groups.describe(id));
    }

    /// What of the configs is wanted.
    ///
    /// @param set only those that are set anywhere?
    private record Wish(boolean documentation, boolean set) {
        static Wish of(Map<String, String> query) {
            return of(new QueryParameters(query));
        }

        static Wish of(QueryParameters parameters) {
            var wish = new Wish(parameters.flag("documentation", false), parameters.flag("set", false));
            parameters.requireSound();
            return wish;
        }

        ConfigsView show(List<DescribedConfig> configs) {
            return new ConfigsView(configs.stream()
                    .filter(config -> !set || config.origin().isSet())
                    .map(config -> ConfigView.of(config, documentation))
                    .toList());
        }
    }

    record ConfigsView(List<ConfigView> items) {}

    /// @param value missing if there is none, or if it is not to be shown
    /// @param origin where the value comes from, by Kafka's name
    /// @param synonyms what else could hold, in the order in which it would
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ConfigView(
            String name,
            @Nullable String value,
            String origin,
            String type,
            boolean readOnly,
            boolean sensitive,
            @Nullable String defaultValue,
            List<SynonymView> synonyms,
            @Nullable String documentation) {
        static ConfigView of(DescribedConfig config, boolean documentation) {
            var definition = config.definition();
            return new ConfigView(
                    config.name(),
                    config.value(),
                    config.origin().name(),
                    definition.type().name(),
                    config.readOnly(),
                    definition.sensitive(),
                    definition.defaultValue(),
                    config.synonyms().stream()
                            .map(synonym -> new SynonymView(
                                    synonym.name(),
                                    synonym.value(),
                                    synonym.source().name()))
                            .toList(),
                    documentation ? definition.documentation() : null);
        }
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record SynonymView(String name, @Nullable String value, String source) {}
}
