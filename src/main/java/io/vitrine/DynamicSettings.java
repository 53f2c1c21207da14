package io.vitrine;

import io.vitrine.config.BrokerSettings;
import io.vitrine.config.SettingsException;
import io.vitrine.config.SettingsFile;
import io.vitrine.definition.BrokerConfigLayers;
import io.vitrine.definition.BrokerConfigs;
import io.vitrine.metadata.ConfigFault;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The broker's settings as they are with what is set while it runs, which comes before what the file says.
final class DynamicSettings implements ConfigFault {
    private static final Logger log = LoggerFactory.getLogger(DynamicSettings.class);

    private final BrokerSettings atStart;
    private final List<Consumer<BrokerSettings>> users = new ArrayList<>();
    private Map<String, String> inForce = Map.of();
    private BrokerSettings current;

    DynamicSettings(BrokerSettings atStart) {
        this.atStart = atStart;
        this.current = atStart;
    }

    /// Has `user` obey what holds, now and when it changes.
    synchronized void tell(Consumer<BrokerSettings> user) {
        users.add(user);
        user.accept(current);
    }

    /// Takes over what is set now. A value that can't be used, as Kafka may have left one behind, is passed over, and
    /// warned of once.
    synchronized void apply(BrokerConfigLayers layers) {
        var set = new TreeMap<>(layers.allBrokers());
        set.putAll(layers.thisBroker());
        set.keySet().retainAll(BrokerConfigs.HONOURED_WHILE_RUNNING);
        if (set.equals(inForce)) {
            return;
        }
        inForce = Map.copyOf(set);
        var usable = new TreeMap<String, String>();
        set.forEach((name, value) -> {
            usable.put(name, value);
            find(usable).ifPresent(fault -> {
                log.warn("A broker config can't be used: {}; what the settings say holds", fault);
                usable.remove(name);
            });
        });
        current = settings(usable);
        users.forEach(user -> user.accept(current));
    }

    @Override
    public Optional<String> find(Map<String, String> configs) {
        try {
            parse(configs);
            return Optional.empty();
        } catch (SettingsException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private BrokerSettings settings(Map<String, String> configs) {
        try {
            return parse(configs);
        } catch (SettingsException e) {
            throw new IllegalStateException("Values that could be used can't be used together: " + configs, e);
        }
    }

    private BrokerSettings parse(Map<String, String> configs) throws SettingsException {
        var properties = new Properties();
        properties.putAll(atStart.originals());
        configs.forEach((name, value) -> {
            if (BrokerConfigs.HONOURED_WHILE_RUNNING.contains(name)) {
                properties.setProperty(name, value);
            }
        });
        return SettingsFile.parse(properties);
    }
}
