package io.vitrine.metadata;

import io.vitrine.metadata.ConfigEdit.Kind;
import io.vitrine.metadata.ConfigOutcome.Changed;
import io.vitrine.metadata.ConfigOutcome.Refusal;
import io.vitrine.metadata.ConfigOutcome.Refused;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.metadata.ConfigRecord;
import org.apache.kafka.server.common.ApiMessageAndVersion;
import org.jspecify.annotations.Nullable;

/// Changes what is set for topics, brokers, groups and subscriptions to metrics. What is answered is on disk, and all
/// who listen to the metadata have heard of it.
public final class ConfigChanges {
    private static final int MAX_RECORDS = 10_000;
    private static final short RECORD_VERSION = 0;
    private static final Refused NAMED_TWICE =
            new Refused(Refusal.INVALID_REQUEST, "Each resource must appear at most once.");

    private final MetadataService metadata;
    private final Map<ConfigResource.Type, ConfigRules> rules;

    /// @param groups what groups allow
    /// @param settings says why a value can't be used for this broker although Kafka's definitions allow it
    public ConfigChanges(MetadataService metadata, ConfigRules groups, ConfigFault settings) {
        this.metadata = metadata;
        this.rules = Map.of(
                ConfigResource.Type.TOPIC, new TopicConfigRules(metadata::brokerConfigs, metadata::image),
                ConfigResource.Type.BROKER,
                        new BrokerConfigRules(metadata.image().nodeId(), settings),
                ConfigResource.Type.GROUP, groups,
                ConfigResource.Type.CLIENT_METRICS, new ClientMetricsConfigRules());
    }

    /// Does what is wished, one thing after the other; those that can't be had don't keep the others from it.
    ///
    /// @param validateOnly tells what would become of it, and changes nothing
    /// @return an outcome for each wish
    /// @throws IOException if it could not be written; nothing is changed then
    public List<ConfigOutcome> apply(List<ConfigWish> wishes, boolean validateOnly) throws IOException {
        return metadata.writer().change(current -> {
            var outcomes = new ArrayList<ConfigOutcome>();
            var records = new ArrayList<ApiMessageAndVersion>();
            var times = wishes.stream().collect(Collectors.groupingBy(ConfigWish::resource, Collectors.counting()));
            for (var wish : wishes) {
                var former = current.configs(wish.resource());
                var outcome = times.getOrDefault(wish.resource(), 1L) > 1 ? NAMED_TWICE : judge(wish, former);
                if (outcome instanceof Changed(var configs)) {
                    var added = records(wish, former, configs);
                    if (records.size() + added.size() > MAX_RECORDS) {
                        outcome = new Refused(
                                Refusal.INVALID_REQUEST,
                                "At most %d configs can be changed at once".formatted(MAX_RECORDS));
                    } else {
                        records.addAll(added);
                    }
                }
                outcomes.add(outcome);
            }
            if (!validateOnly && !records.isEmpty()) {
                metadata.writer().write(records);
            }
            return outcomes;
        });
    }

    private ConfigOutcome judge(ConfigWish wish, Map<String, String> former) {
        Optional<Refused> contradiction = findContradiction(wish);
        if (contradiction.isPresent()) {
            return contradiction.get();
        }
        @Nullable ConfigRules rule = rules.get(wish.resource().type());
        if (rule == null) {
            return new Refused(
                    Refusal.INVALID_REQUEST,
                    "Unknown resource type " + wish.resource().type().id());
        }
        var configs = new TreeMap<>(wish.replacesAll() ? Map.<String, String>of() : former);
        for (var edit : wish.edits()) {
            Optional<Refused> fault = edit(configs, edit, rule);
            if (fault.isPresent()) {
                return fault.get();
            }
        }
        return rule.check(wish.resource().name(), configs, former)
                .<ConfigOutcome>map(refused -> refused)
                .orElseGet(() -> new Changed(Map.copyOf(configs)));
    }

    private static Optional<Refused> findContradiction(ConfigWish wish) {
        long names = wish.edits().stream().map(ConfigEdit::name).distinct().count();
        if (names < wish.edits().size()) {
            return Optional.of(new Refused(Refusal.INVALID_REQUEST, "Error due to duplicate config keys"));
        }
        var without = wish.edits().stream()
                .filter(edit -> edit.kind() != Kind.DELETE && edit.value() == null)
                .map(ConfigEdit::name)
                .collect(Collectors.joining(", "));
        return without.isEmpty()
                ? Optional.empty()
                : Optional.of(new Refused(Refusal.INVALID_REQUEST, "Null value not supported for : " + without));
    }

    private static Optional<Refused> edit(Map<String, String> configs, ConfigEdit edit, ConfigRules rule) {
        var value = edit.value() == null ? "" : edit.value();
        switch (edit.kind()) {
            case SET -> configs.put(edit.name(), value);
            case DELETE -> configs.remove(edit.name());
            case APPEND, SUBTRACT -> {
                Optional<String> fault = rule.whyNoList(edit.name(), edit.kind());
                if (fault.isPresent()) {
                    return Optional.of(new Refused(Refusal.INVALID_CONFIG, fault.get()));
                }
                var words = words(configs.getOrDefault(edit.name(), rule.defaultOf(edit.name())));
                if (edit.kind() == Kind.APPEND) {
                    words.addAll(words(value));
                } else {
                    words.removeAll(words(value));
                }
                configs.put(edit.name(), String.join(",", words));
            }
        }
        return Optional.empty();
    }

    private static Set<String> words(String list) {
        return Arrays.stream(list.split(",", -1))
                .filter(word -> !word.isEmpty())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static List<ApiMessageAndVersion> records(
            ConfigWish wish, Map<String, String> former, Map<String, String> configs) {
        var different = new HashMap<String, @Nullable String>();
        configs.forEach((name, value) -> {
            if (!value.equals(former.get(name))) {
                different.put(name, value);
            }
        });
        former.keySet().stream().filter(name -> !configs.containsKey(name)).forEach(name -> different.put(name, null));
        var records = new ArrayList<ApiMessageAndVersion>();
        different.forEach((name, value) -> records.add(new ApiMessageAndVersion(
                new ConfigRecord()
                        .setResourceType(wish.resource().type().id())
                        .setResourceName(wish.resource().name())
                        .setName(name)
                        .setValue(value),
                RECORD_VERSION)));
        return records;
    }
}
